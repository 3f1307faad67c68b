# SPDX-License-Identifier: Apache-2.0
"""What core events mean for deposits: waterfall and defunding. Pure.

*Waterfall*: a payment above a wallet's holding limit reaches the bank's overflow account, and the
wallet takes from there what it may hold. What stayed is the customer's, and is credited to the
deposit.

*Defunding*: a customer pays the bank's own wallet with the details that ask for it; the deposit is
credited with as much.

Either way the bank has the digital money and owes the deposit: position pays deposit. An event's
credits have ids that follow from it, so an event read twice credits once.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Struct

from kerege.bank.own_wallet import defunding_details
from kerege.errors import KeregeError
from kerege.keys import parse_compact
from kerege.ledger import UNMARKED, AccountId, Order, Transfer
from kerege.payments.derived import derived_order_id
from kerege.payments.events import Event

__all__ = ["Credit", "credit_order", "credits_of", "suspense_order"]

_PAYMENTS: Final = ("pay", "topup")


class Credit(Struct, frozen=True):
    """Minor units of `asset` that the customer who has `wallet` gets on the deposit.

    `why` is `waterfall` or `defunding`; `part` tells credits of one event apart.
    """

    why: str
    event: str
    part: str
    wallet: str
    asset: str
    amount: int
    at_us: int


class _Paid(Struct):
    """Of a payment's document what matters here; of a top-up's, the payment inside."""

    details: str = ""
    pay: str = ""


def credits_of(event: Event, *, own_wallet: str) -> Iterator[Credit]:
    """The credits an event brings; `own_wallet` is the bank's own at the core."""
    yield from _overflowed(event)
    yield from _defunded(event, own_wallet)


def _overflowed(event: Event) -> Iterator[Credit]:
    """What reached the overflow account on a leg and did not leave it for the payee."""
    left: defaultdict[tuple[int, str], int] = defaultdict(int)
    payees: dict[tuple[int, str], str] = {}
    for move in event.wallets:
        if move.overflow and move.mark == UNMARKED:
            place = (move.leg, move.asset)
            left[place] += move.change
            if move.change <= 0 and not move.held:
                payees[place] = move.counterparty
    for place, amount in left.items():
        if amount > 0 and place in payees:
            leg, asset = place
            yield Credit(
                why="waterfall",
                event=event.order,
                part=f"{leg}:{asset}",
                wallet=payees[place],
                asset=asset,
                amount=amount,
                at_us=event.at_us,
            )


def _defunded(event: Event, own_wallet: str) -> Iterator[Credit]:
    if event.kind not in _PAYMENTS:
        return
    details = _details_of(event)
    for number, move in enumerate(event.wallets):
        came = move.wallet == own_wallet and not move.overflow and move.change > 0
        asks = bool(details) and details == defunding_details(move.counterparty)
        if came and asks and move.mark == UNMARKED:
            yield Credit(
                why="defunding",
                event=event.order,
                part=str(number),
                wallet=move.counterparty,
                asset=move.asset,
                amount=move.change,
                at_us=event.at_us,
            )


def _details_of(event: Event) -> str:
    """The details the customer signed. The core has verified what it accepted."""
    try:
        paid = msgspec.json.decode(event.document, type=_Paid)
        if paid.pay:
            payload = parse_compact(paid.pay.encode()).payload
            paid = msgspec.json.decode(payload, type=_Paid)
    except (msgspec.MsgspecError, KeregeError):
        return ""
    return paid.details


def credit_order(credit: Credit, *, position: AccountId, account: AccountId) -> Order:
    """Credits the deposit, or suspense if whose it is is not known: one id for both, so that a
    credit happens once even if that changes between two readings."""
    order_id = derived_order_id(credit.why, credit.event, credit.part)
    return Order(order_id, (Transfer(position, account, credit.amount),))


def suspense_order(credit: Credit, *, position: AccountId, suspense: AccountId) -> Order:
    """Keeps the money for a person to see to, after the deposit has refused to take it."""
    order_id = derived_order_id(f"{credit.why}-suspense", credit.event, credit.part)
    return Order(order_id, (Transfer(position, suspense, credit.amount),))
