# SPDX-License-Identifier: Apache-2.0
"""A decided batch: what to answer and what to write."""

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from kerege.errors import InvariantViolation
from kerege.ledger.account import Account
from kerege.ledger.book import Opening, Pending
from kerege.ledger.ids import OrderId
from kerege.ledger.order import AccountChange, PendingRef
from kerege.ledger.outcome import Outcome
from kerege.ledger.state import Ints

__all__ = [
    "AcceptedOrder",
    "AccountEvent",
    "OutcomeColumns",
    "PlainOrders",
    "RefusedOrder",
    "Rows",
    "Ruling",
]


class Rows(Struct, frozen=True):
    """Transfers to write, one row each, in order of `seq`; arrays of equal length.

    `order` is the number of the order a row belongs to, `pending` the seq of the pending
    transfer it resolves (0: none). A row moves `posted` minor units and adds `held`.
    """

    seq: Ints
    order: Ints
    kind: Ints
    debit: Ints
    credit: Ints
    mark: Ints
    posted: Ints
    held: Ints
    code: Ints
    pending: Ints

    def __len__(self) -> int:
        return len(self.seq)


class AcceptedOrder(Struct, frozen=True, gc=False):
    """An accepted order other than a plain one; `body` is its encoding."""

    number: int
    seq: int
    steps: int
    id: OrderId
    body: bytes
    evidence: bytes


class RefusedOrder(Struct, frozen=True, gc=False):
    """A refusal to remember; `content` is the SHA-256 of the order's bytes."""

    content: bytes
    outcome: Outcome


class AccountEvent(Struct, frozen=True, gc=False):
    """An account change at its position, with the account (if any) as it was left."""

    seq: int
    order: int
    change: AccountChange
    account: Account | None
    opening: Opening | None = None


class OutcomeColumns(Struct, frozen=True):
    """Outcomes as arrays: `refusal` 0 for accepted, else a `Refusal`; `number` the position."""

    refusal: Ints
    number: Ints
    replayed: Ints


class PlainOrders(Struct, frozen=True):
    """Plain orders accepted as columns, in order: their places in the batch, ids, numbers,
    seqs and amounts."""

    places: Ints
    ids: Sequence[OrderId]
    number: Ints
    seq: Ints
    amount: Ints


class Ruling(Struct, frozen=True):
    """The batch's answers (by place, for all but `plain`) and its effects.

    `numbers` has the number of each place's order, 0 where it was not accepted now.
    """

    batch: int
    at_us: int
    answers: Mapping[int, Outcome]
    numbers: Ints
    accepted: int
    steps: int
    plain: PlainOrders
    orders: Sequence[AcceptedOrder]
    refused: Sequence[RefusedOrder]
    rows: Rows
    pendings: Mapping[PendingRef, Pending]
    events: Sequence[AccountEvent]
    next_account: int

    @property
    def is_empty(self) -> bool:
        """Nothing to write: only repeats, or refusals nobody needs to remember."""
        return not self.accepted and not self.refused

    def outcomes(self) -> list[Outcome]:
        """One outcome a place."""
        at_us = self.at_us
        plain = self.plain
        found: list[Outcome | None] = [None] * len(self.numbers)
        for place, outcome in self.answers.items():
            found[place] = outcome
        for place, order_id, number, amount in zip(
            plain.places.tolist(),
            plain.ids,
            plain.number.tolist(),
            plain.amount.tolist(),
            strict=True,
        ):
            found[place] = Outcome(order_id, None, number, at_us, (amount,))
        answered = [outcome for outcome in found if outcome is not None]
        if len(answered) != len(found):
            raise InvariantViolation(f"batch {self.batch}: an order without an answer")
        return answered

    def results(self) -> list[tuple[int, ...] | None]:
        """One tuple a place, as in its outcome; None where an order was not accepted now."""
        found: list[tuple[int, ...] | None] = [None] * len(self.numbers)
        for place, outcome in self.answers.items():
            if outcome.accepted and not outcome.replayed:
                found[place] = outcome.results
        plain = self.plain
        for place, amount in zip(plain.places.tolist(), plain.amount.tolist(), strict=True):
            found[place] = (amount,)
        return found

    def outcome_columns(self) -> OutcomeColumns:
        """The same as arrays."""
        refusal = np.zeros(len(self.numbers), np.int64)
        replayed = np.zeros(len(self.numbers), np.int64)
        number = self.numbers.copy()
        for place, outcome in self.answers.items():
            refusal[place] = outcome.refusal or 0
            replayed[place] = outcome.replayed
            number[place] = outcome.number
        return OutcomeColumns(refusal=refusal, number=number, replayed=replayed)
