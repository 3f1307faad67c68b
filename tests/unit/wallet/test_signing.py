# SPDX-License-Identifier: Apache-2.0
"""A wallet signs its own documents, in the form the core verifies."""

import msgspec
import pytest

from kerege.keys import Algorithm, PrivateKey, key_thumbprint, parse_compact, verify_compact
from kerege.payments import (
    ORDER_TYP,
    Leg,
    MalformedDocument,
    Pay,
    TopUp,
    decode_document,
    format_wallet_id,
)
from kerege.wallet.signing import ForeignDocument, Signer

OURS, THEIRS = format_wallet_id(bytes(16)), format_wallet_id(b"1" * 16)
PAY = Pay(
    id=f"ord_{'0' * 32}",
    wallet=OURS,
    until_us=10,
    asset="KZT",
    legs=(Leg(to=THEIRS, amount=1),),
)


@pytest.mark.parametrize("algorithm", [Algorithm.ED25519, Algorithm.ES256])
def test_a_signed_order_verifies_and_says_the_same(algorithm: Algorithm) -> None:
    key = PrivateKey.generate(algorithm)
    signed = Signer(OURS, key).order(PAY)
    kid = key_thumbprint(key.public_key)
    payload = verify_compact(parse_compact(signed.text), key.public_key, kid=kid, typ=ORDER_TYP)
    assert decode_document(payload) == PAY
    assert (signed.id, signed.until_us) == (PAY.id, 10)


def test_no_wallet_signs_for_another() -> None:
    signer = Signer(OURS, PrivateKey.generate(Algorithm.ED25519))
    with pytest.raises(ForeignDocument):
        signer.order(msgspec.structs.replace(PAY, wallet=THEIRS))


def test_a_bank_signs_what_it_adds_to_a_payment() -> None:
    top_up = TopUp(id=PAY.id, wallet=OURS, until_us=10, asset="KZT", amount=1, pay="x")
    assert Signer(OURS, PrivateKey.generate(Algorithm.ED25519)).order(top_up).id == PAY.id


def test_what_nobody_could_read_is_not_signed() -> None:
    """Sent, it would be refused unread, under no id, and be tried for long."""
    signer = Signer(OURS, PrivateKey.generate(Algorithm.ED25519))
    with pytest.raises(MalformedDocument, match="not an order document"):
        signer.order(msgspec.structs.replace(PAY, about="nonsense"))
