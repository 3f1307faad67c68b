# SPDX-License-Identifier: Apache-2.0
"""The bank signs as itself; what asks for a defunding is the same everywhere."""

from kerege.bank.own_wallet import OwnWallet, defunding_details
from kerege.keys import Algorithm, PrivateKey, key_thumbprint, parse_compact, verify_compact
from kerege.payments.documents import ORDER_TYP, Leg, Pay, decode_document

WALLET, OTHER = "wal_" + "1" * 32, "wal_" + "2" * 32


def test_what_the_bank_signs_is_its_wallets() -> None:
    key = PrivateKey(Algorithm.ED25519, bytes(32))
    pay = Pay(id="ord_" + "1" * 32, wallet=WALLET, until_us=1, asset="KZT", legs=(Leg(OTHER, 5),))
    jws = parse_compact(OwnWallet("post", WALLET, key).sign(pay))
    kid = key_thumbprint(key.public_key)
    payload = verify_compact(jws, key.public_key, kid=kid, typ=ORDER_TYP)
    assert decode_document(payload) == pay


def test_defunding_details_are_those_of_one_wallet() -> None:
    assert defunding_details(WALLET) == "sU0BjNJNzXPBFPTsDhlGNZquvq3pEC1yrgaCFKHWxSI"
    assert defunding_details(OTHER) != defunding_details(WALLET)
