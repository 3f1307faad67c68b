# SPDX-License-Identifier: Apache-2.0
"""What is set aside, taken and given back, and under which ids."""

from kerege.bank.refusal import BankRefusal
from kerege.bank.reserving import (
    Reserve,
    capture_of_frozen,
    capture_orders,
    decode_reserves,
    encode_reserves,
    give_back_orders,
    reserve_of_deposit,
    reserving_order,
    use_of_limit,
)
from kerege.ledger import AccountId, Kind, PendingRef, SetStatus, Transfer

PAYMENT = "ord_" + "1" * 32
ALLOWANCE, SINK, DEPOSIT, POSITION = (AccountId(number) for number in range(1, 5))
RESERVES = (
    use_of_limit(ALLOWANCE, SINK, 70, window_s=86_400, refusal=BankRefusal.LIMIT_DAY),
    reserve_of_deposit(DEPOSIT, POSITION, 30),
)


def kinds(order: object) -> list[object]:
    steps = order.steps  # type: ignore[attr-defined]
    return [step.kind if isinstance(step, Transfer) else type(step) for step in steps]


def test_everything_is_set_aside_in_one_order() -> None:
    order = reserving_order(PAYMENT, RESERVES)
    assert kinds(order) == [Kind.PENDING, Kind.PENDING]
    assert order == reserving_order(PAYMENT, RESERVES)


def test_money_is_taken_and_uses_stay() -> None:
    (order,) = capture_orders(PAYMENT, RESERVES)
    (step,) = order.steps
    assert isinstance(step, Transfer)
    assert (step.kind, step.debit, step.amount) == (Kind.CAPTURE, DEPOSIT, 30)
    assert step.pending == PendingRef(reserving_order(PAYMENT, RESERVES).id, 1)


def test_everything_is_given_back_one_by_one() -> None:
    orders = list(give_back_orders(PAYMENT, RESERVES))
    assert [kinds(order) for order in orders] == [[Kind.VOID], [Kind.VOID]]
    assert len({order.id for order in orders}) == 2


def test_money_of_a_frozen_deposit_is_taken_all_the_same() -> None:
    (capture,) = capture_orders(PAYMENT, RESERVES)
    assert kinds(capture_of_frozen(capture)) == [SetStatus, Kind.CAPTURE, SetStatus]


def test_reserves_are_kept_as_they_are() -> None:
    assert decode_reserves(encode_reserves(RESERVES)) == RESERVES
    assert encode_reserves(()) == b""
    assert decode_reserves(b"") == ()
    assert Reserve(DEPOSIT, POSITION, 1, 1, BankRefusal.DEPOSIT_SHORT, True).is_money
