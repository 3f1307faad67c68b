# SPDX-License-Identifier: Apache-2.0
"""What a payment sets aside in the bank's own ledger while the core decides it. Pure.

One ledger order reserves everything, all or nothing: uses of allowances (limits) and money of a
deposit. When the core has accepted, money is captured and uses stay until their window has passed;
when it has refused, both are given back. All ids follow from the payment's id, so each step may be
repeated by whoever finds it undone.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
from msgspec import Struct

from kerege.bank.refusal import BankRefusal
from kerege.ledger import (
    AccountId,
    Kind,
    Order,
    OrderId,
    PendingRef,
    SetStatus,
    Status,
    Transfer,
    format_order_id,
)
from kerege.ledger.order import MAX_HOLD_S
from kerege.payments.derived import derived_order_id

__all__ = [
    "Reserve",
    "capture_of_frozen",
    "capture_orders",
    "decode_reserves",
    "encode_reserves",
    "give_back_orders",
    "reserve_of_deposit",
    "reserving_order",
    "use_of_limit",
]


class Reserve(Struct, frozen=True, gc=False, array_like=True):
    """One pending transfer in the bank's ledger. `refusal` is what it means if it does not fit;
    `is_money` tells a deposit's money from the use of a limit."""

    debit: AccountId
    credit: AccountId
    amount: int
    timeout_s: int
    refusal: BankRefusal
    is_money: bool


_DECODER: Final = msgspec.msgpack.Decoder(tuple[Reserve, ...])


def reserve_of_deposit(deposit: AccountId, position: AccountId, amount: int) -> Reserve:
    """Set money of a deposit aside. Only the core's answer ends it, so it waits as long as it can:
    an answer takes a day at most."""
    return Reserve(deposit, position, amount, MAX_HOLD_S, BankRefusal.DEPOSIT_SHORT, True)


def use_of_limit(
    allowance: AccountId, sink: AccountId, amount: int, *, window_s: int, refusal: BankRefusal
) -> Reserve:
    """Use `amount` of an allowance for `window_s` seconds."""
    return Reserve(allowance, sink, amount, window_s, refusal, False)


def encode_reserves(reserves: Sequence[Reserve]) -> bytes:
    """As kept with a payment; empty for none."""
    return msgspec.msgpack.encode(reserves) if reserves else b""


def decode_reserves(data: bytes) -> tuple[Reserve, ...]:
    """Inverse of `encode_reserves`."""
    return _DECODER.decode(data) if data else ()


def reserving_order(payment: str, reserves: Sequence[Reserve]) -> Order:
    """The order that reserves all of it."""
    steps = tuple(
        Transfer(r.debit, r.credit, r.amount, kind=Kind.PENDING, timeout_s=r.timeout_s)
        for r in reserves
    )
    return Order(_reserving_id(payment), steps)


def capture_orders(payment: str, reserves: Sequence[Reserve]) -> Iterator[Order]:
    """The orders that take what was set aside of deposits."""
    for place, reserve in enumerate(reserves):
        if reserve.is_money:
            step = _resolving(payment, place, reserve, Kind.CAPTURE, reserve.amount)
            yield Order(derived_order_id("take", payment, str(place)), (step,))


def capture_of_frozen(capture: Order) -> Order:
    """The capture of money whose deposit was frozen after it was set aside.

    It was spoken for before, and the core has moved it: what is frozen is the rest.
    """
    (step,) = (s for s in capture.steps if isinstance(s, Transfer))
    freed = SetStatus(step.debit, Status.OPEN)
    frozen = SetStatus(step.debit, Status.DEBITS_FROZEN | Status.CREDITS_FROZEN)
    order_id = derived_order_id("take-frozen", format_order_id(capture.id))
    return Order(order_id, (freed, step, frozen))


def give_back_orders(payment: str, reserves: Sequence[Reserve]) -> Iterator[Order]:
    """The orders that give everything back. One each: a window that has passed in the meantime
    has given its use back by itself and must not keep the rest."""
    for place, reserve in enumerate(reserves):
        step = _resolving(payment, place, reserve, Kind.VOID, 0)
        yield Order(derived_order_id("give-back", payment, str(place)), (step,))


def _reserving_id(payment: str) -> OrderId:
    return derived_order_id("reserve", payment)


def _resolving(payment: str, place: int, reserve: Reserve, kind: Kind, amount: int) -> Transfer:
    ref = PendingRef(_reserving_id(payment), place)
    return Transfer(reserve.debit, reserve.credit, amount, kind=kind, pending=ref)
