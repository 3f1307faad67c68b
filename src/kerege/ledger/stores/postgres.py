# SPDX-License-Identifier: Apache-2.0
"""The store on PostgreSQL: many processes and threads post to one ledger at once.

A batch is one SQL transaction at READ COMMITTED with its locks taken in one order
(postgres_loading.py), so batches that touch the same cells take turns, others do not wait,
and nobody waits in a circle. A batch that meets trouble is posted again (`Retry`).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, TypeVar

from kerege.errors import InvariantViolation
from kerege.ledger.account import Account, Cell, CellKey
from kerege.ledger.book import Pending
from kerege.ledger.ids import ORDER_ID_BYTES, AccountId, Mark, OrderId
from kerege.ledger.loaded import Loaded
from kerege.ledger.outcome import Outcome
from kerege.ledger.request import Request
from kerege.ledger.ruling import Ruling
from kerege.ledger.stored import AcceptedAt, AccountInfo, Movement, StoredBatch
from kerege.ledger.stores.interface import Commit, Retry, Session, Snapshot
from kerege.ledger.stores.postgres_connections import MAX_CONNECTIONS, Connection, Connections
from kerege.ledger.stores.postgres_history import cell_at, movements
from kerege.ledger.stores.postgres_leaves import assign_leaves
from kerege.ledger.stores.postgres_loading import Held, load
from kerege.ledger.stores.postgres_locks import TAKE_NUMBER, USE_NUMBER
from kerege.ledger.stores.postgres_orders import accepted_order, known_orders, stored_batches
from kerege.ledger.stores.postgres_reader import (
    account_info,
    account_state,
    cells_by_mark,
    declared_assets,
    due_pendings,
    holders_of,
    marked_cells,
)
from kerege.ledger.stores.postgres_schema import open_schema
from kerege.ledger.stores.postgres_snapshot import held_snapshot
from kerege.ledger.stores.postgres_stripes import STRIPES, StripedAccounts
from kerege.ledger.stores.postgres_writing import write_ruling

__all__ = ["PostgresStore"]

_PAGE: Final = 256
"""Movements read at a time, so that no SQL transaction stays open while a caller reads."""

_Answer = TypeVar("_Answer")


class PostgresStore:
    """A ledger in a PostgreSQL database, shared with other processes.

    `conninfo` is for libpq; `place` names the database in messages. Raises `SchemaTooNew` or
    `StoreFailed` when it cannot be opened.
    """

    def __init__(self, conninfo: str, *, place: str, connections: int = MAX_CONNECTIONS) -> None:
        self._connections = Connections(conninfo, place=place, limit=connections)
        self._striped = StripedAccounts()
        try:
            self._ask(lambda connection: open_schema(connection, place=place))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the database; batches under way still end."""
        self._connections.close()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One batch. Raises `Retry` when it should be tried again from the beginning."""
        with self._connections.use() as connection:
            yield _PostgresSession(connection, self._striped)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """See `Store.snapshot`. Batches pause until those under way are committed."""
        with self._connections.use() as connection, held_snapshot(connection) as snapshot:
            yield snapshot

    def _ask(self, question: Callable[[Connection], _Answer]) -> _Answer:
        """Ask, and ask again after passing trouble."""
        attempts = 0
        while True:
            try:
                with self._connections.use() as connection:
                    return question(connection)
            except Retry as trouble:
                attempts += 1
                trouble.pause(attempts)

    def outcome(self, order_id: OrderId) -> Outcome | None:
        """See `Store.outcome`."""
        if len(order_id) != ORDER_ID_BYTES:
            return None
        known = self._ask(lambda connection: known_orders(connection, [order_id]).get(order_id))
        return None if known is None else known.outcome

    def accepted(self, order_id: OrderId) -> AcceptedAt | None:
        """See `Store.accepted`. Gives committed batches their leaves if this one has none yet."""
        if len(order_id) != ORDER_ID_BYTES:
            return None

        def read(connection: Connection) -> AcceptedAt | None:
            found = accepted_order(connection, order_id)
            if found is None or found.leaf >= 0:
                return found
            connection.rollback()
            assign_leaves(connection)
            return accepted_order(connection, order_id)

        return self._ask(read)

    def account(self, account_id: AccountId) -> AccountInfo | None:
        """See `Store.account`."""
        return self._ask(lambda connection: account_info(connection, account_id))

    def cells_of(self, account_id: AccountId) -> dict[Mark, Cell]:
        """See `Store.cells_of`."""
        return self._ask(lambda connection: cells_by_mark(connection, account_id))

    def state(self, account_id: AccountId) -> tuple[Account, Cell] | None:
        """See `Store.state`."""
        return self._ask(lambda connection: account_state(connection, account_id))

    def marked(self, accounts: Sequence[AccountId]) -> dict[CellKey, Cell]:
        """See `Store.marked`."""
        return self._ask(lambda connection: marked_cells(connection, accounts))

    def holders(
        self, mark: Mark, *, after: AccountId, limit: int
    ) -> Sequence[tuple[AccountId, Cell]]:
        """See `Store.holders`."""
        return self._ask(lambda connection: holders_of(connection, mark, after, limit))

    def history(self, key: CellKey, *, before_seq: int | None) -> Iterator[Movement]:
        """See `Store.history`."""
        while page := self._page(key, before_seq):
            yield from page
            before_seq = page[-1].seq

    def _page(self, key: CellKey, before_seq: int | None) -> list[Movement]:
        return self._ask(lambda connection: movements(connection, key, before_seq, _PAGE))

    def cell_at(self, key: CellKey, *, at_us: int) -> Cell:
        """See `Store.cell_at`."""
        return self._ask(lambda connection: cell_at(connection, key, at_us=at_us))

    def batches(self, *, first_leaf: int, limit: int) -> Sequence[StoredBatch]:
        """See `Store.batches`. Gives committed batches their leaves first."""

        def read(connection: Connection) -> list[StoredBatch]:
            assign_leaves(connection)
            return stored_batches(connection, first_leaf=first_leaf, limit=limit)

        return self._ask(read)

    def assets(self) -> Sequence[tuple[str, int]]:
        """See `Store.assets`."""
        return self._ask(declared_assets)


class _Done:
    """`write` returns when the commit is on the disk."""

    def wait(self) -> None:
        """Nothing is left to wait for."""


class _PostgresSession:
    """One batch on one connection."""

    def __init__(self, connection: Connection, striped: StripedAccounts) -> None:
        self._connection = connection
        self._striped = striped
        self._stripe = connection.info.backend_pid % STRIPES + 1
        self._held: Held | None = None
        self._number: int | None = None

    def due(self, now_us: int, limit: int) -> Sequence[Pending]:
        return due_pendings(self._connection, now_us, limit)

    def load(self, request: Request) -> Loaded:
        self._held = load(self._connection, request, self._striped, self._stripe)
        return self._held.loaded

    def number(self, now_us: int) -> tuple[int, int]:
        _, self._number, newest_us = self._connection.execute(TAKE_NUMBER).fetchall()[0]
        return self._number, max(now_us, newest_us or 0)

    def write(self, ruling: Ruling) -> Commit:
        if self._held is None:
            raise InvariantViolation("a batch was written before it was loaded")
        if self._number is None:
            # An import brings the number along.
            self._connection.execute(USE_NUMBER, (ruling.batch,))
        write_ruling(self._connection, ruling, self._held)
        self._connection.commit()
        return _Done()
