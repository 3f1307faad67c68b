# SPDX-License-Identifier: Apache-2.0
"""The chore that brings money of ended and closed programmes back to their funders.

It looks for what there is now and keeps nothing: a crash, another node at the same work, or the
same page twice change nothing, for each order holds for one version of a cell alone. Money on hold
returns when its hold ends; of a frozen account nothing moves until a court releases it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from kerege.centralbank.recall_orders import Due, Places, due_marks, recall_order
from kerege.centralbank.register import Register
from kerege.centralbank.register_programmes import ProgrammeRecord, ProgrammeState
from kerege.errors import InvariantViolation
from kerege.ledger import (
    AccountId,
    Cell,
    Ledger,
    Mark,
    Outcome,
    Refusal,
)
from kerege.ledger.ledger import MAX_HOLDERS, NO_ACCOUNT
from kerege.runtime import Clock

__all__ = ["LOOK_AGAIN_US", "Recalled", "Recalling"]

LOOK_AGAIN_US: Final = 60_000_000
"""A mark of which nothing more can return at present is looked at again after a minute: for holds
that ended, freezes that were lifted, refunds that came late."""


class Recalled(Struct, frozen=True):
    """What became of one mark in one look: accepted orders, minor units they brought back, and
    what could not return, by why."""

    programme: str
    mark: Mark
    orders: int
    returned: int
    left: Mapping[Refusal, int]


class Recalling:
    """One node's recall. Call `step` every second; one thread at a time."""

    def __init__(
        self,
        ledger: Ledger,
        register: Register,
        clock: Clock,
        *,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        """After a page of holders `stopping` may end the work; the next step goes on."""
        self._ledger = ledger
        self._register = register
        self._clock = clock
        self._stopping = stopping
        self._rests: dict[Mark, int] = {}
        """Until when nothing more is expected of a mark."""

    def step(self) -> list[Recalled]:
        """Bring back what can return now; tells of the marks it looked at.

        Raises `StoreFailed` or `DatabaseUnavailable`: call it again.
        """
        self._register.refresh()
        now_us = self._clock.now_us()
        records = self._register.programme_records()
        found: list[Recalled] = []
        for due in due_marks(records, now_us=now_us):
            if self._rests.get(due.mark, 0) <= now_us and not self._stopping():
                found.append(self._recall(due))
                if not found[-1].orders:
                    self._rests[due.mark] = now_us + LOOK_AGAIN_US
        for programme in {one.programme for one in found}:
            self._settle(records[programme])
        return found

    def _recall(self, due: Due) -> Recalled:
        places = self._places(due.record)
        orders = returned = 0
        left: dict[Refusal, int] = {}
        for page in self._pages(due.mark):
            for amount, outcome in self._post(due, page, places):
                if outcome.refusal is not None:
                    left[outcome.refusal] = left.get(outcome.refusal, 0) + amount
                elif not outcome.replayed:
                    orders, returned = orders + 1, returned + amount
            if self._stopping():
                break
        return Recalled(due.record.id, due.mark, orders, returned, left)

    def _places(self, record: ProgrammeRecord) -> Places:
        accounts = self._register.accounts()
        funder = self._register.wallet(record.funder)
        if funder is None:
            raise InvariantViolation(f"the funder of {record.id} is gone")
        return Places(
            converter=accounts.converters[record.asset],
            funder=funder.accounts[record.asset],
            sink=accounts.allowance_sink,
        )

    def _pages(self, mark: Mark) -> Iterator[Sequence[tuple[AccountId, Cell]]]:
        after = NO_ACCOUNT
        while page := self._ledger.holders(mark, after=after, limit=MAX_HOLDERS):
            yield page
            after = page[-1][0]

    def _post(
        self, due: Due, page: Sequence[tuple[AccountId, Cell]], places: Places
    ) -> list[tuple[int, Outcome]]:
        """Amounts and what became of them. What cannot return today is not refused for good: the
        ids stay free."""
        going = [
            (holder, cell)
            for holder, cell in page
            if cell.available > 0 and holder != places.converter
        ]
        orders = [recall_order(due, holder, cell, places) for holder, cell in going]
        posting = self._ledger.begin(orders, attempts=frozenset(range(len(orders))))
        amounts = [cell.available for _, cell in going]
        return list(zip(amounts, posting.outcomes(), strict=True))

    def _settle(self, record: ProgrammeRecord) -> None:
        """Note of a closed programme that all its money is back, if it is."""
        if record.state is ProgrammeState.CLOSED and self._is_back(record):
            self._register.settle_programme(record.id)

    def _is_back(self, record: ProgrammeRecord) -> bool:
        return not any(self._ledger.holders(mark, limit=1) for mark in record.marks)
