# SPDX-License-Identifier: Apache-2.0
"""The code of a request leads back to it, and says nothing it cannot say."""

import pytest

from kerege.bank.request_codes import RequestCodes, Sign
from kerege.bank.requests_store import KeptRequest
from kerege.keys import Algorithm, PrivateKey
from kerege.money import ISO4217
from kerege.payments import Request, WalletId, format_request_id, format_wallet_id
from kerege.qr import PROFILES, Payable, parse, read_payable
from kerege.wallet.signing import Signer

WALLET = format_wallet_id(bytes(16))
KZ = PROFILES["KZ"]
CODES = RequestCodes(KZ, ISO4217, lambda customer: Sign("Bakery", "Almaty", "5462"))


def kept(asset: str = "KZT", amount: int = 450_00) -> KeptRequest:
    request = Request(
        id=format_request_id(b"r" * 16),
        wallet=WALLET,
        asset=asset,
        amount=amount,
        until_us=1_800_000_000_000_000,
    )
    signer = Signer(WalletId(WALLET), PrivateKey(Algorithm.ED25519, bytes(32)))
    return KeptRequest(
        id=request.id,
        customer="c",
        wallet=WALLET,
        until_us=request.until_us,
        text=signer.request(request).decode(),
    )


def test_a_code_says_whom_how_much_until_when_and_which_request() -> None:
    standing = CODES.standing(kept())
    payable = read_payable(parse(standing.qr), KZ)
    assert isinstance(payable, Payable)
    assert (payable.payee, payable.request_id) == (WALLET, standing.id)
    assert payable.code.amount is not None
    assert payable.code.amount.minor == 450_00
    assert payable.expires_at is not None
    assert int(payable.expires_at.timestamp()) == 1_800_000_000


@pytest.mark.parametrize("asset", ["USD", "XAU-G"])
def test_other_money_has_no_code(asset: str) -> None:
    assert CODES.standing(kept(asset)).qr == ""


def test_a_sign_fits_the_code() -> None:
    sign = Sign("A" * 40, "B" * 40, "")
    assert (len(sign.name), len(sign.city), sign.category) == (25, 15, "0000")
    assert (Sign("", "").name, Sign("", "").city) == ("-", "-")
