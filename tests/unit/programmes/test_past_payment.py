# SPDX-License-Identifier: Apache-2.0
"""Past payments, read from JSON lines."""

from typing import Any

import msgspec
import pytest

from kerege.programmes import Contracted, Item, Party
from kerege.programmes.past_payment import (
    MAX_LINE_BYTES,
    MalformedPastPayment,
    PastPayment,
    read_past_payments,
)
from tests.programmes import CANTEEN, CHILD, contracted, payment

PLAIN: dict[str, Any] = {
    "at_us": 5,
    "payer": "a",
    "payee": "b",
    "payer_is": {"kind": "person", "tier": "full"},
    "payee_is": {"kind": "firm", "tier": "firm", "category": "8211", "vat": True},
    "amount": 7,
}


def line(**members: Any) -> bytes:
    return msgspec.json.encode(PLAIN | members)


def test_payments_are_read_one_by_one() -> None:
    full = line(
        at_us=6,
        purpose=3,
        channel="qr",
        items=[{"group": "milk", "amount": 2}],
        contract={"is_buyer": True, "is_supplier": True, "depth": 1, "of_programme": True},
        invoiced=True,
    )
    first, second = read_past_payments([line(), b"\n", full])
    assert first.payee_is == Party(kind="firm", tier="firm", category="8211", vat=True)
    assert second.contract == Contracted(
        is_buyer=True, is_supplier=True, depth=1, of_programme=True
    )
    assert second.items == (Item("milk", 2),)


def test_rules_look_at_all_of_it_but_the_wallets() -> None:
    judged = payment(
        purpose=3, channel="qr", items=(Item("milk", 2),), contract=contracted(), invoiced=True
    )
    past = PastPayment(
        at_us=judged.at_us,
        payer="a",
        payee="b",
        payer_is=CHILD,
        payee_is=CANTEEN,
        amount=judged.amount,
        purpose=3,
        channel="qr",
        items=(Item("milk", 2),),
        contract=contracted(),
        invoiced=True,
    )
    assert past.situation() == judged


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        (b"{", "line 2"),
        (b"\xff", "line 2"),
        (b"[" * 9999, "line 2"),
        (b'"' + b"a" * MAX_LINE_BYTES + b'"', "line 2"),
        (line(amount=0), "line 2, $.amount"),
        (line(amount=1.5), "line 2, $.amount"),
        (line(amount=10**30), "line 2, $.amount"),
        (line(payer=""), "line 2, $.payer"),
        (line(payer_is={"kind": "person"}), "line 2, $.payer_is"),
        (line(more=1), "line 2"),
        (line(at_us=4), "line 2"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(bad: bytes, place: str) -> None:
    reading = read_past_payments([line(), bad])
    next(reading)
    with pytest.raises(MalformedPastPayment) as refused:
        next(reading)
    assert refused.value.place == place
