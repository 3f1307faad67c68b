# SPDX-License-Identifier: Apache-2.0
"""The simulation: a ledger on a faulty disk, clients that lose replies, and the audits."""

import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import apsw
import numpy as np

from kerege.ledger import cells, deciding, ledger
from kerege.ledger.errors import LedgerError, StoreFailed
from kerege.ledger.ledger import Ledger
from kerege.ledger.order import Order
from kerege.ledger.outcome import Outcome
from kerege.ledger.request import Columns, Request
from kerege.ledger.stores import sqlite_files, sqlite_recovery, writeback
from kerege.ledger.stores.sqlite import SqliteStore
from tests.simulation.audit import ORDERS, Ask, audit_cells, audit_history, audit_rows
from tests.simulation.chronicle import Chronicle, Turn, Violation, Watched, check_outcomes, must
from tests.simulation.disk import Disk
from tests.simulation.hostile import spoil_row
from tests.simulation.public_log import PublicLog
from tests.simulation.turns import HeldWriter, Submitter
from tests.simulation.world import SECOND_US, START_US, World, founding_orders

__all__ = ["Simulation", "small_limits"]

FULL_AUDIT_EVERY = 20

SMALL = (
    (sqlite_files, "_CHECKPOINT_PAGES", 24),
    (sqlite_recovery, "_CHUNK", 64),
    (writeback, "MIN_PASS", 200),
    (cells, "MILESTONE_EVERY", 4),
    (cells, "_FIRST_CAPACITY", 8),
    (deciding, "_FEW_STEPS", 4),
    (ledger, "MAX_EXPIRIES", 3),
)

TABLES = tuple(
    f"SELECT * FROM {table} ORDER BY 1"
    for table in (
        *("assets", "accounts", "batches", "orders", "transfers", "refusals", "pendings"),
        "account_events",
    )
)


@contextmanager
def small_limits() -> Iterator[None]:
    """Sizes at which rarely walked paths are walked all the time."""
    before = [(module, name, getattr(module, name)) for module, name, _ in SMALL]
    for module, name, value in SMALL:
        setattr(module, name, value)
    try:
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)


class Simulation:
    """One world with one seed. `step` does something and audits; it raises `Violation`."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.root = Path(tempfile.mkdtemp(prefix="kerege-sim-", dir=_memory_folder()))
        self.disk = Disk(self.root / "disk", self.rng)
        self.world = World(self.rng)
        self.chronicle = Chronicle()
        self.now_us = START_US
        self.counts: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.unanswered: list[Order] = []
        self.log = PublicLog(self.rng)
        self._books: object = None
        self._last: Submitter | None = None
        self._founded = False
        self.store: SqliteStore | None = None

    def close(self) -> None:
        """Leave nothing behind."""
        self.disk.quiet = True
        if self.store is not None:
            with suppress(LedgerError, apsw.Error):
                self.store.close()
        self.disk.remove()

    # -- one step --

    def step(self) -> None:
        """Something happens; then every promise must hold."""
        self.counts["steps"] += 1
        self._pass_time()
        self._plan_misfortune()
        if self._boot():
            what = self.rng.random()
            if not self._founded:
                self._submit([founding_orders()])
                self._founded = bool(self.chronicle.model.accounts)
            elif what < 0.12:
                self._submit_columns()
            elif what < 0.17:
                self._expire()
            elif what < 0.20:
                self._restart_cleanly()
            elif what < 0.25:
                self._lose_power()
            elif what < 0.40:
                self._publish()
            else:
                self._submit([self._batch() for _ in range(self.rng.choice((1, 1, 2)))])
        if self.disk.is_off:
            self._lose_power()
        self._audit()

    def _pass_time(self) -> None:
        step = self.rng.choice((0, 1, 1_000, SECOND_US // 3, SECOND_US, 30 * SECOND_US))
        if self.rng.random() < 0.05:
            step = -self.rng.choice((1, SECOND_US, 3_600 * SECOND_US))
            self.counts["clock jumps"] += 1
        self.now_us += step

    def _plan_misfortune(self) -> None:
        fate = self.rng.random()
        if fate < 0.10:
            self.disk.cut_in = self.rng.randint(1, 40)
        elif fate < 0.20:
            self.disk.fault_in = self.rng.randint(1, 40)

    def _batch(self) -> list[Order]:
        resent = []
        if self.unanswered and self.rng.random() < 0.7:
            resent, self.unanswered = self.unanswered, []
            self.counts["resent"] += len(resent)
        return resent + self.world.orders(self.chronicle.model, self.now_us)

    # -- the machine --

    def _boot(self) -> bool:
        """Whether the ledger is up; a disk may fail while it opens."""
        if self.store is not None:
            return True
        try:
            self.store = SqliteStore(self.disk.folder / "ledger", start_writer=HeldWriter)
        except StoreFailed:
            self.counts["failed starts"] += 1
            return False
        self.watched = Watched(self.store, self.chronicle, self._after_reopening)
        self.ledger = Ledger(self.watched, lambda: self.now_us)
        self._after_reopening()
        return True

    def _after_reopening(self) -> None:
        store = self.store
        if store is None or store._books is self._books:
            return
        self._books = store._books
        (orders,) = self._ask(f"SELECT count(*) FROM ({ORDERS})")[0]
        (refusals,) = self._ask("SELECT count(*) FROM refusals")[0]
        self.counts["lost batches"] += self.chronicle.resume(orders, refusals)

    def _lose_power(self) -> None:
        """The machine stops; what the disk kept is what the next start finds."""
        self.disk.is_off = True
        self.counts["crashes"] += 1
        if self.store is not None:
            _abandon(self.store)
            self.store = None
        self.disk.restart()
        self.log.crash()

    def _publish(self) -> None:
        if self.store is None:
            return
        crash_at = self.rng.randint(1, 30) if self.rng.random() < 0.2 else 0
        with suppress(StoreFailed):
            if self.log.integrate(self.store, crash_at=crash_at):
                self.counts["crashes while publishing"] += 1
                self._lose_power()
                return
        self.counts["checkpoints"] = len(self.log.seen)

    def _restart_cleanly(self) -> None:
        self.counts["clean restarts"] += 1
        store, self.store = self.store, None
        if store is not None:
            with suppress(StoreFailed):
                store.close()

    # -- clients --

    def _submit(self, batches: list[list[Order]]) -> None:
        """One or two clients at once, taking turns with the writer."""
        submitters = [Submitter(partial(self._post, batch)) for batch in batches]
        waiting = list(submitters)
        started: list[Submitter] = []
        while waiting or any(not s.ended for s in started):
            self._turn(waiting, started)
        for submitter, batch in zip(submitters, batches, strict=True):
            self._receive(submitter, batch)

    def _turn(self, waiting: list[Submitter], started: list[Submitter]) -> None:
        """Let one of those who can go on do so: a client, a new client, or the writer."""
        store = self.store
        if store is None:
            raise Violation("no ledger to turn to")
        writer: Any = store._writer
        paused = [s for s in started if not s.ended]
        is_free = _is_free(store)
        if not is_free:
            # Who was let go on last waits inside the store; nobody else can get in.
            paused = [s for s in paused if s is self._last]
        choices: list[Submitter | None] = [s for s in paused if s.can_go_on]
        choices += waiting[:1] if is_free else []
        choices += [None] if writer is not None and writer.queued else []
        chosen = self.rng.choice(choices)
        if chosen is None:
            writer.write_next()
            return
        if chosen in waiting:
            waiting.remove(chosen)
            started.append(chosen)
        self._last = chosen
        chosen.resume()

    def _post(self, orders: list[Order]) -> Sequence[Outcome]:
        self.watched.take_answers()
        outcomes = self.ledger.post(orders)
        check_outcomes(orders, self.watched.take_answers(), outcomes)
        return outcomes

    def _receive(self, submitter: Submitter, batch: list[Order]) -> None:
        if isinstance(submitter.failure, StoreFailed):
            self.counts["unanswered batches"] += 1
            self.unanswered += batch
        elif submitter.failure is not None:
            raise submitter.failure
        elif self.rng.random() < 0.1:
            self.counts["lost replies"] += 1
            self.unanswered += batch
        else:
            self._count(submitter.result)

    def _count(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            self.counts["orders"] += 1
            self.counts["replayed"] += outcome.replayed
            self.counts["accepted"] += outcome.accepted
            if outcome.refusal is not None:
                self.refusals[outcome.refusal.name.lower()] += 1

    def _submit_columns(self) -> None:
        orders = self.world.plain(self.chronicle.model, self.rng.choice((1, 3, 30, 100)))
        rows = [spoil_row(o, self.rng) if self.rng.random() < 0.05 else o for o in orders]
        submitter = Submitter(lambda: self._post_columns(rows))
        started: list[Submitter] = []
        waiting = [submitter]
        while waiting or not submitter.ended:
            self._turn(waiting, started)
        if isinstance(submitter.failure, StoreFailed):
            self.unanswered += orders if rows == orders else []
        elif submitter.failure is not None:
            raise submitter.failure

    def _post_columns(self, orders: list[Order]) -> None:
        steps: list[Any] = [order.steps[0] for order in orders]
        columns = Columns(
            ids=b"".join(order.id for order in orders),
            debit=np.array([s.debit for s in steps], np.int64),
            credit=np.array([s.credit for s in steps], np.int64),
            amount=np.array([s.amount for s in steps], np.int64),
            code=np.array([s.code for s in steps], np.int64),
        )
        self.watched.take_answers()
        found = self.ledger.post_columns(columns)
        wanted = [refusal or 0 for refusal, _ in self.watched.take_answers()]
        must(found.refusal.tolist() == wanted, f"columns: {found.refusal.tolist()}, not {wanted}")
        self.counts["column orders"] += len(orders)

    def _expire(self) -> None:
        with suppress(StoreFailed):
            self.counts["expired"] += self.ledger.expire()

    # -- audits --

    def _audit(self) -> None:
        was_quiet, self.disk.quiet = self.disk.quiet, True
        try:
            if self._boot() and self.store is not None and not self.store._broken:
                self.chronicle_check()
                audit_cells(self.store, self.chronicle.model)
                if self.counts["steps"] % FULL_AUDIT_EVERY == 0:
                    self.audit_all()
        finally:
            self.disk.quiet = was_quiet

    def chronicle_check(self) -> None:
        """Nothing is under way between steps: what was decided is durable."""
        self.chronicle.sure = len(self.chronicle.turns)

    def audit_all(self) -> None:
        """Everything, from the rows."""
        if self.store is None:
            return
        audit_rows(self._ask, self.chronicle.model)
        for _ in range(3):
            if self.chronicle.model.cells:
                audit_history(self.store, *self.rng.choice(list(self.chronicle.model.cells)))
        self.log.check_history(self.chronicle.turns)
        self.counts["full audits"] += 1

    def finish(self) -> None:
        """After the last step: start once more, audit all, and replay all."""
        self.disk.quiet = True
        self._restart_cleanly()
        self._audit()
        self.audit_all()
        self._replay()

    def _replay(self) -> None:
        """The same inputs, each order asked of the rules, give the same ledger."""
        columns_from, deciding._FEW_STEPS = deciding._FEW_STEPS, 10**9
        try:
            again = replay(self.chronicle.turns, self.disk.folder / "again")
        finally:
            deciding._FEW_STEPS = columns_from
        for table in TABLES:
            must(self._ask(table) == again(table), f"replayed, the ledger differs: {table}")
        self.counts["replayed batches"] = len(self.chronicle.turns)

    def _ask(self, sql: str) -> list[tuple[Any, ...]]:
        was_quiet, self.disk.quiet = self.disk.quiet, True
        try:
            return ask_file(self.disk.folder / "ledger", sql)
        finally:
            self.disk.quiet = was_quiet


def replay(turns: Sequence[Turn], path: Path) -> Ask:
    """A new ledger given the same batches at the same times."""
    store = SqliteStore(path, start_writer=HeldWriter)
    for turn in turns:
        new = Ledger(store, lambda now_us=turn.now_us: now_us)  # type: ignore[misc]
        request = None if turn.own else Request.of_orders(turn.orders)
        ruling = new._turn(request)
        if ruling is None:
            raise Violation(f"replayed, batch {turn.batch} of expiries has none due")
        check_outcomes(turn.orders, turn.answers, ruling.ruling().outcomes())
    store.close()
    return lambda sql: ask_file(path, sql)


def ask_file(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of the file itself, past the ledger's own reader."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return list(connection.execute(sql))
    finally:
        # A reader that is the last to leave tries to tidy up and may not.
        with suppress(apsw.Error):
            connection.close()


def _is_free(store: SqliteStore) -> bool:
    free = store._lock.acquire(blocking=False)
    if free:
        store._lock.release()
    return free


def _abandon(store: SqliteStore) -> None:
    """What the end of a process does: nothing is written, locks are let go of."""
    for connection in (store._connection, getattr(store._reader, "_connection", None)):
        if connection is not None:
            with suppress(apsw.Error):
                connection.close(True)
    with suppress(OSError):
        os.close(store._file_lock)


def _memory_folder() -> str | None:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
