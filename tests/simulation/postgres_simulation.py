# SPDX-License-Identifier: Apache-2.0
"""The same world on PostgreSQL, whose commits fail, fail to be heard of, or collide.

The server itself is real and does not lie; what goes wrong is between it and us. Time and orders
come from one seed; the server's own timing does not, but here one batch follows another.
"""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
from psycopg import errors

from kerege.ledger.errors import StoreFailed
from kerege.ledger.ledger import Ledger
from kerege.ledger.order import Order
from kerege.ledger.stores import postgres_retry
from kerege.ledger.stores.opening import open_store
from tests.simulation.audit import audit_cells
from tests.simulation.chronicle import Chronicle, Watched, check_outcomes, must
from tests.simulation.world import SECOND_US, START_US, World, founding_orders

__all__ = ["PostgresSimulation"]

FAULTS = ("collision", "deadlock", "lost before", "lost after", "lost after", "backend ended")


class PostgresSimulation:
    """One world with one seed on the empty database at `url`."""

    def __init__(self, seed: int, url: str) -> None:
        self.rng = random.Random(seed)
        self.world = World(self.rng)
        self.chronicle = Chronicle()
        self.counts: Counter[str] = Counter()
        self.now_us = START_US
        self.unanswered: list[Order] = []
        self._url = url
        self._faults: list[str] = []
        self._eye = psycopg.connect(url, autocommit=True)
        self._start()

    def close(self) -> None:
        """Let go of the database."""
        self.ledger.close()
        self._eye.close()

    def _start(self) -> None:
        self.store = open_store(self._url)
        self.watched = Watched(self.store, self.chronicle, self._look)
        self.ledger = Ledger(self.watched, lambda: self.now_us)

    def _look(self) -> None:
        """Before each batch: which of those decided since the last acknowledged are there?"""
        accepted = "SELECT count(*) FROM orders WHERE number <> -1"
        (orders, refusals) = self._eye.execute(
            f"SELECT ({accepted}), (SELECT count(*) FROM refusals)"
        ).fetchall()[0]
        self.counts["lost batches"] += self.chronicle.resume(orders, refusals)

    def step(self) -> None:
        """A batch, with or without trouble; then the audit."""
        self.counts["steps"] += 1
        self.now_us += self.rng.choice((0, 1_000, SECOND_US, 30 * SECOND_US, -SECOND_US))
        if self.rng.random() < 0.05:
            self.ledger.close()
            self._start()
        if self.rng.random() < 0.5:
            self._faults = self.rng.choices(FAULTS, k=self.rng.choice((1, 1, 2, 9)))
        batch = founding_orders() if not self.chronicle.model.accounts else self._batch()
        with self._trouble():
            self._submit(batch)
        self._faults = []
        self._look()
        audit_cells(self.store, self.chronicle.model)

    def _batch(self) -> list[Order]:
        resent, self.unanswered = self.unanswered, []
        return resent + self.world.orders(self.chronicle.model, self.now_us)

    def _submit(self, batch: list[Order]) -> None:
        self.watched.take_answers()
        try:
            outcomes = self.ledger.post(batch)
        except StoreFailed:
            self.counts["unanswered batches"] += 1
            self.unanswered = batch
            return
        answers = self.watched.take_answers()
        check_outcomes(batch, answers[-len(batch) :], outcomes)
        self.counts["orders"] += len(batch)
        self.counts["replayed"] += sum(outcome.replayed for outcome in outcomes)

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        real = psycopg.Connection.commit

        def commit(connection: psycopg.Connection[Any]) -> None:
            self._commit(connection, lambda: real(connection))

        quick = patch.object(postgres_retry, "sleep", lambda _: None)
        with patch.object(psycopg.Connection, "commit", commit), quick:
            yield

    def _commit(self, connection: psycopg.Connection[Any], really: Any) -> None:
        fault = self._faults.pop() if self._faults else ""
        self.counts[fault] += bool(fault)
        if fault == "collision":
            raise errors.SerializationFailure("could not serialize access")
        if fault == "deadlock":
            raise errors.DeadlockDetected("deadlock detected")
        if fault == "backend ended":
            ended = "SELECT pg_terminate_backend(%s, 1000)"
            self._eye.execute(ended, (connection.info.backend_pid,))
        if fault != "lost before":
            really()
        if fault.startswith("lost"):
            connection.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    def finish(self) -> None:
        """Debits equal credits, leaves are gapless, and each accepted order is one of them."""
        leaf = 0
        ids: set[bytes] = set()
        while batches := self.store.batches(first_leaf=leaf, limit=1_000):
            for batch in batches:
                must(batch.first_leaf == leaf, f"batch {batch.batch}: a gap in the log")
                ids.update(order.id for order in batch.orders)
                leaf += len(batch.orders)
        decided = self.chronicle.model.decided
        must(leaf == len(ids), "an order takes effect at most once")
        wanted = {order_id for order_id, (_, refusal, _) in decided.items() if refusal is None}
        must(ids == wanted, "accepted orders are leaves, and no others")
