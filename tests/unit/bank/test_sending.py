# SPDX-License-Identifier: Apache-2.0
"""What a text asks for."""

from typing import Any

import pytest

from kerege.bank.sending import UNREADABLE, amount_of, read_sending
from kerege.payments.documents import Capture, Hold, Leg, Pay
from tests.two_tiers import START_US, Country

A, B, C = (f"wal_{n:032x}" for n in range(3))
ORDER = "ord_" + "1" * 32


def test_a_customers_order_is_read(tmp_path: Any) -> None:
    country = Country(tmp_path)
    aru = country.signer("post")
    text = aru.pay(A, 5)
    sending, document = read_sending(text, customer="cus", now_us=START_US)
    other, _ = read_sending(text[:-2] + b"AA", customer="cus", now_us=START_US)
    assert (sending.wallet, sending.kind, sending.amount) == (aru.wallet, "pay", 5)
    assert isinstance(document, Pay)
    # A signature may be made anew; what was signed may not.
    assert sending.digest == other.digest
    country.close()


@pytest.mark.parametrize("text", [b"", b"a.b", b"\xff.\xff.\xff", b"e30.e30.e30", b"x" * 70_000])
def test_what_cannot_be_read_raises_our_errors(text: bytes) -> None:
    with pytest.raises(UNREADABLE):
        read_sending(text, customer="cus", now_us=0)


def test_what_is_spent() -> None:
    signed: Any = {"id": ORDER, "wallet": A, "until_us": 0}
    pay = Pay(**signed, asset="KZT", legs=(Leg(B, 5), Leg(C, 7)))
    hold = Hold(**signed, asset="KZT", to=B, amount=9, seconds=5)
    capture = Capture(**signed, holds=(ORDER,), amount=5)
    assert amount_of(pay) == ("KZT", 12)
    assert amount_of(pay, besides=frozenset({C})) == ("KZT", 5)
    assert amount_of(hold) == ("KZT", 9)
    assert amount_of(hold, besides=frozenset({B})) == ("KZT", 0)
    assert amount_of(capture) == ("", 0)
