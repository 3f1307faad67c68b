# SPDX-License-Identifier: Apache-2.0
"""Misfortunes between a bank's two ledgers: a process that dies, replies that are lost or late.

A crash is an exception after which nothing of that process works any more; what it had made durable
is there when the next one starts. Every call of the core, every posting to the bank's own ledger
and every SQL transaction is a point where it may happen: before, or after it took effect.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa

from kerege.bank.core_line import CoreUnreachable
from kerege.bank.core_twin import CoreTwin
from kerege.bank.core_twin_line import TwinLine
from kerege.bank.outgoing import Begin, Found, Job
from kerege.ledger import Ledger, Order, Outcome, StoreFailed
from kerege.payments.events import Page
from kerege.payments.holdings import Balance
from kerege.payments.ids import ParticipantId
from kerege.payments.verdict import Verdict
from kerege.runtime.tables import Tables

__all__ = [
    "Crashed",
    "Fate",
    "FragileLedger",
    "FragileTables",
    "LateLetters",
    "OneByOne",
    "ShakyLine",
]

_T = TypeVar("_T")


class Crashed(Exception):
    """The process is dead."""


class Fate:
    """Decides what goes wrong. Each process has its own; once dead it stays so."""

    def __init__(self, rng: random.Random, counts: Counter[str]) -> None:
        self.rng, self.counts = rng, counts
        self.quiet = False
        self.is_dead = False
        self.crash, self.lose, self.fail = 0.02, 0.06, 0.01

    def at(self, place: str, what: Callable[[], _T]) -> _T:
        """Do `what`, unless the process dies before; or dies after."""
        self._maybe_die(f"crash before {place}")
        done = what()
        self._maybe_die(f"crash after {place}")
        return done

    def happens(self, chance: float, name: str) -> bool:
        """Whether a misfortune happens now."""
        if self.quiet or self.rng.random() >= chance:
            return False
        self.counts[name] += 1
        return True

    def _maybe_die(self, name: str) -> None:
        if self.is_dead:
            raise Crashed(name)
        if self.happens(self.crash, name):
            self.is_dead = True
            raise Crashed(name)


class FragileLedger(Ledger):
    """The bank's ledger: the process may die around a posting, or not hear that it was made."""

    fate: Fate

    def post(self, orders: Sequence[Order]) -> list[Outcome]:
        """As `Ledger.post`."""
        if self.fate.happens(self.fate.fail, "ledger failed"):
            raise StoreFailed("the disk did not answer")
        outcomes = self.fate.at("posting", lambda: super(FragileLedger, self).post(orders))
        if self.fate.happens(self.fate.fail, "ledger failed but persisted"):
            raise StoreFailed("the disk did not answer")
        return outcomes


class FragileTables(Tables):
    """The bank's tables: the process may die before or after a commit."""

    fate: Fate

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """As `Tables.begin`."""
        fate = getattr(self, "fate", None)
        with super().begin() as connection:
            yield connection
            if fate is not None:
                fate._maybe_die("crash before commit")
        if fate is not None:
            fate._maybe_die("crash after commit")


class OneByOne(Executor):
    """Does work at once, in the caller's thread, so that a seed gives the same run twice."""

    def __init__(self, begin: Begin | None = None) -> None:
        self._begin = begin

    def submit_all(self, items: Sequence[Job]) -> Future[list[Found]]:
        """One batch of all the items."""
        begin = self._begin
        if begin is None:
            raise TypeError("there is nothing to begin")
        return self.submit(lambda: list(begin(list(items))()))

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Do it now."""
        future: Future[Any] = Future()
        try:
            future.set_result(work(*given, **named))
        except Exception as failure:  # whoever waits must hear of it
            future.set_exception(failure)
        return future

    def close(self) -> None:
        """Nothing is in hand."""


class LateLetters:
    """Submissions that left a bank and reach the core later, whatever became of the sender."""

    def __init__(self, core: CoreTwin) -> None:
        self._core = core
        self.waiting: list[tuple[int, str, tuple[bytes, ...]]] = []

    def deliver(self, now_us: int) -> None:
        """Bring what is due."""
        due = [letter for letter in self.waiting if letter[0] <= now_us]
        self.waiting = [letter for letter in self.waiting if letter[0] > now_us]
        for _, bank, texts in sorted(due):
            self._core.submit(ParticipantId(bank), texts)


class ShakyLine(TwinLine):
    """A line that loses requests and replies, delays submissions, and repeats them."""

    def __init__(
        self,
        core: CoreTwin,
        bank: str,
        fate: Fate,
        letters: LateLetters,
        *,
        now_us: Callable[[], int],
    ) -> None:
        super().__init__(core, bank)
        self._fate, self._letters, self._now_us, self._name = fate, letters, now_us, bank

    def submit(self, texts: Sequence[bytes]) -> list[Verdict]:
        """As `CoreLine.submit`."""
        fate = self._fate
        if fate.happens(fate.lose, "request late"):
            delay_us = fate.rng.randrange(1, 100_000_000)
            self._letters.waiting.append((self._now_us() + delay_us, self._name, tuple(texts)))
            raise CoreUnreachable("no answer in time")
        return self._call("submission", lambda: super(ShakyLine, self).submit(texts))

    def verdict(self, order_id: str) -> Verdict | None:
        """As `CoreLine.verdict`."""
        return self._call("question", lambda: super(ShakyLine, self).verdict(order_id))

    def balances(self, wallet: str) -> list[Balance]:
        """As `CoreLine.balances`."""
        return self._call("question", lambda: super(ShakyLine, self).balances(wallet))

    def events(self, after: int, *, limit: int, wait_s: int = 0) -> Page:
        """As `CoreLine.events`."""
        return self._call("reading", lambda: super(ShakyLine, self).events(after, limit=limit))

    def _call(self, name: str, what: Callable[[], _T]) -> _T:
        fate = self._fate
        if fate.happens(fate.lose, "request lost"):
            raise CoreUnreachable("no connection")
        answer = fate.at(name, what)
        if fate.happens(fate.lose, "reply lost"):
            raise CoreUnreachable("the connection broke")
        return answer
