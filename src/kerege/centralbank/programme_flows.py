# SPDX-License-Identifier: Apache-2.0
"""What an accepted order did with a programme's money. Pure.

The ledger's steps tell it; the document only says what kind of order it was.
"""

from collections.abc import Container, Sequence
from enum import StrEnum, unique
from typing import Final

from msgspec import Struct

from kerege.ledger import UNMARKED, AccountId, Kind, Order, Step, Transfer

__all__ = ["Flow", "FlowKind", "Places", "flows_of", "plain_payments"]

_MOVES: Final = frozenset({Kind.POST, Kind.POST_UP_TO, Kind.CAPTURE, Kind.CAPTURE_PART})


@unique
class FlowKind(StrEnum):
    """What became of a programme's money."""

    MARKED = "marked"
    """The funder marked its own."""
    GIVEN = "given"
    """It went from the funder to somebody, marked."""
    PASSED = "passed"
    """It went on to another, marked."""
    SPENT = "spent"
    """It arrived unmarked: what the programme is for."""
    REFUNDED = "refunded"
    """A payee paid it back, and it is marked again."""
    RETURNED = "returned"
    """It is with its funder again, marked or not: paid there, given back, unmarked by itself."""
    RECALLED = "recalled"
    """The core brought it back when the programme ended."""


class Places(Struct, frozen=True):
    """The programme's marks, the converter of its asset, its funder's account."""

    marks: Container[int]
    converter: AccountId
    funder: AccountId


class Flow(Struct, frozen=True, kw_only=True):
    """One amount of one mark, minor units. Of what a programme marks or refunds `payer` is who
    had it, of what is spent `payee` who has it now; `step` is the order's."""

    kind: FlowKind
    mark: int
    payer: AccountId
    payee: AccountId
    amount: int
    step: int


def flows_of(order: Order, results: Sequence[int], kind: str, places: Places) -> list[Flow]:
    """The flows of an accepted order; `kind` is its document's, `recall` or `action`."""
    flows = []
    for place, (step, amount) in enumerate(zip(order.steps, results, strict=True)):
        if not isinstance(step, Transfer) or step.mark not in places.marks:
            continue
        if not amount or step.kind not in _MOVES:
            continue
        payer, payee = step.debit, step.credit
        if payer == places.converter:
            payer = _came_from(order.steps, place, places)
        elif payee == places.converter:
            payee = _went_to(order.steps, place, places)
        flows.append(
            Flow(
                kind=_kind_of(step, kind, payee, places),
                mark=step.mark,
                payer=payer,
                payee=payee,
                amount=amount,
                step=place,
            )
        )
    return flows


def _kind_of(step: Transfer, kind: str, payee: AccountId, places: Places) -> FlowKind:
    if kind == "recall":
        return FlowKind.RECALLED
    if step.debit == places.converter:
        return FlowKind.REFUNDED if kind == "refund" else FlowKind.MARKED
    if payee == places.funder:
        return FlowKind.RETURNED
    if kind == "refund":
        return FlowKind.REFUNDED
    if step.credit == places.converter:
        return FlowKind.SPENT
    return FlowKind.GIVEN if step.debit == places.funder else FlowKind.PASSED


def _came_from(steps: Sequence[Step], place: int, places: Places) -> AccountId:
    """Whose unmarked money went into the converter just before."""
    for step in reversed(steps[:place]):
        if isinstance(step, Transfer) and step.credit == places.converter:
            return step.debit
    return places.converter


def _went_to(steps: Sequence[Step], place: int, places: Places) -> AccountId:
    """Where the unmarked money went: through a bank's overflow to whom it is for."""
    home = places.converter
    for step in steps[place + 1 :]:
        if not isinstance(step, Transfer):
            continue
        if home == places.converter and step.debit == places.converter:
            home = step.credit
        elif step.debit == home and step.kind is Kind.POST_UP_TO:
            return step.credit
        elif home != places.converter and step.debit != home:
            break
    return home


def plain_payments(
    order: Order, results: Sequence[int]
) -> list[tuple[tuple[AccountId, AccountId], int]]:
    """Unmarked money an order moved: from and to, and how much."""
    return [
        ((step.debit, step.credit), amount)
        for step, amount in zip(order.steps, results, strict=True)
        if isinstance(step, Transfer) and step.mark == UNMARKED and step.kind in _MOVES and amount
    ]
