# SPDX-License-Identifier: Apache-2.0
"""What the ledger must be: the model beside the store, batch by batch, also across crashes.

The store is watched through its own interface, so any store can be. Each batch is decided by
the model as well; after a crash or a failed commit the ledger must be the model as it was after
one of the batches decided since, and none acknowledged may be missing.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import get_ident
from typing import Any

from kerege.ledger.book import Pending
from kerege.ledger.loaded import Loaded
from kerege.ledger.order import Order
from kerege.ledger.outcome import Outcome
from kerege.ledger.refusal import Refusal
from kerege.ledger.request import Request
from kerege.ledger.ruling import Ruling
from kerege.ledger.stores.interface import Commit, Session, Store
from tests.properties.model_ledger import ModelLedger
from tests.simulation.hostile import expected_fault

__all__ = ["Chronicle", "Turn", "Violation", "Watched"]

Expected = tuple[Refusal | None, tuple[int, ...]]


class Violation(Exception):
    """A promise does not hold."""


def must(holds: object, what: str) -> None:
    """Raise `Violation` unless it holds."""
    if not holds:
        raise Violation(what)


@dataclass(slots=True)
class Turn:
    """A batch that had an effect: what was asked, when, and the model after it."""

    orders: list[Order]
    own: bool
    now_us: int
    batch: int
    at_us: int
    model: ModelLedger
    answers: list[Expected]
    accepts: bool


@dataclass
class Chronicle:
    """`turns` are durable for certain up to `sure`; those after may be lost to a crash."""

    model: ModelLedger = field(default_factory=ModelLedger)
    turns: list[Turn] = field(default_factory=list)
    sure: int = 0
    last_at_us: int = 0

    def decided(self, turn: Turn, outcomes: Sequence[Outcome]) -> None:
        """A batch goes to the disk."""
        check_outcomes(turn.orders, turn.answers, outcomes)
        self.turns.append(turn)
        self.model = turn.model
        if turn.accepts:
            self.last_at_us = turn.at_us

    def acknowledged(self, turn: Turn) -> None:
        """A batch was confirmed, and so were all before it."""
        before = self.sure
        newer = (i for i in range(before, len(self.turns)) if self.turns[i] is turn)
        self.sure = max(before, next(newer, -1) + 1)
        # Models of the past are needed no more.
        for old in self.turns[max(before - 1, 0) : max(self.sure - 1, 0)]:
            old.model = turn.model

    def resume(self, orders: int, refusals: int) -> int:
        """After a restart: the ledger has so many accepted and refused orders. Which batches
        survived? Returns how many were lost."""
        counts = [_counts(self.turns[self.sure - 1].model) if self.sure else (0, 0)]
        counts += [_counts(turn.model) for turn in self.turns[self.sure :]]
        must((orders, refusals) in counts, f"restart has {orders}, {refusals} of {counts}")
        survived = self.sure + counts.index((orders, refusals))
        lost = len(self.turns) - survived
        del self.turns[survived:]
        self.sure = survived
        self.model = self.turns[-1].model if self.turns else ModelLedger()
        accepting = [turn.at_us for turn in self.turns if turn.accepts]
        self.last_at_us = accepting[-1] if accepting else 0
        return lost


def _counts(model: ModelLedger) -> tuple[int, int]:
    accepted = sum(refusal is None for _, refusal, _ in model.decided.values())
    return accepted, len(model.decided) - accepted


def check_outcomes(
    orders: Sequence[Order], expected: Sequence[Expected], outcomes: Sequence[Outcome]
) -> None:
    """Each order's outcome is what the model says."""
    must(len(outcomes) == len(orders), "an outcome for each order")
    for order, (refusal, results), outcome in zip(orders, expected, outcomes, strict=True):
        found = (outcome.refusal, outcome.results)
        must(found == (refusal, results), f"{order}: {found}, not {(refusal, results)}")
        must(outcome.order_id == order.id, "the outcome is of this order")
        fault = expected_fault(order)
        must(fault is None or outcome.step == fault[1], f"{order}: step {outcome.step}")


class Watched:
    """A store that tells the chronicle what it is asked."""

    def __init__(self, store: Store, chronicle: Chronicle, on_session: Callable[[], None]) -> None:
        self.store, self.chronicle = store, chronicle
        self._on_session = on_session
        self.answers: dict[int, list[Expected]] = {}
        """Answers expected, by thread, until `take_answers`."""

    @contextmanager
    def session(self) -> Iterator[Session]:
        with self.store.session() as session:
            self._on_session()
            yield _WatchedSession(self, session)

    def take_answers(self) -> list[Expected]:
        """What this thread's orders must be told."""
        return self.answers.pop(get_ident(), [])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


class _WatchedSession:
    def __init__(self, watched: Watched, session: Session) -> None:
        self._watched, self._session = watched, session
        self._now_us = 0

    def due(self, now_us: int, limit: int) -> Sequence[Pending]:
        self._now_us = now_us
        found = self._session.due(now_us, limit)
        held = self._watched.chronicle.model.pendings.items()
        late = {ref for ref, (_, _, until, end) in held if end is None and until <= now_us}
        refs = {(p.ref.order_id, p.ref.step) for p in found}
        must(refs <= late and (len(refs) == min(len(late), limit)), f"due: {refs} of {late}")
        return found

    def load(self, request: Request) -> Loaded:
        self._request = request
        return self._session.load(request)

    def number(self, now_us: int) -> tuple[int, int]:
        batch, at_us = self._session.number(now_us)
        chronicle = self._watched.chronicle
        must(at_us == max(now_us, chronicle.last_at_us), f"time {at_us} of {now_us}")
        model = copy.copy(chronicle.model)
        vars(model).update({name: dict(part) for name, part in vars(model).items()})
        orders = [self._request.order(place) for place in range(len(self._request))]
        known = set(model.decided)
        answers = [_answer(model, order, at_us) for order in orders]
        accepts = any(
            model.decided[order_id][1] is None for order_id in model.decided.keys() - known
        )
        own = self._request.own
        self._turn = Turn(orders, own, self._now_us, batch, at_us, model, answers, accepts)
        if not own:
            self._watched.answers.setdefault(get_ident(), []).extend(answers)
        return batch, at_us

    def write(self, ruling: Ruling) -> Commit:
        turn = self._turn
        self._watched.chronicle.decided(turn, ruling.outcomes())
        commit = self._session.write(ruling)
        return _WatchedCommit(self._watched.chronicle, turn, commit)


def _answer(model: ModelLedger, order: Order, at_us: int) -> Expected:
    fault = expected_fault(order)
    return (fault[0], ()) if fault is not None else model.post(order, at_us)


class _WatchedCommit:
    def __init__(self, chronicle: Chronicle, turn: Turn, commit: Commit) -> None:
        self._chronicle, self._turn, self._commit = chronicle, turn, commit

    def wait(self) -> None:
        self._commit.wait()
        self._chronicle.acknowledged(self._turn)
