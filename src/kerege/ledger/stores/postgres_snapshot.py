# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL ledger as it stood at one instant, while others go on posting."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from psycopg import IsolationLevel

from kerege.ledger.account import Cell, CellKey
from kerege.ledger.ids import AccountId, Mark
from kerege.ledger.outcome import Outcome
from kerege.ledger.stored import StoredBatch
from kerege.ledger.stores.postgres_connections import Connection
from kerege.ledger.stores.postgres_leaves import all_leaves_assigned, count_leaves
from kerege.ledger.stores.postgres_orders import refusals_after, stored_batches

__all__ = ["PostgresSnapshot", "held_snapshot"]

_AT_ONCE: Final = 4_096
_UNHURRIED: Final = "SET LOCAL idle_in_transaction_session_timeout = 0"
"""An export may be read slowly; it holds no locks, only old versions of rows."""

_CELLS: Final = """
    SELECT account, mark, sum(balance)::bigint, sum(debits_pending)::bigint,
           sum(credits_pending)::bigint, sum(version)::bigint, max(last_seq)
    FROM balances
    WHERE (account, mark) > (%b, %b)
    GROUP BY account, mark ORDER BY account, mark LIMIT %b
"""


class PostgresSnapshot:
    """See `Snapshot`. Cells come in order of account and mark."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.leaves = count_leaves(connection)

    def batches(self, *, first_leaf: int, limit: int) -> Sequence[StoredBatch]:
        """See `Snapshot.batches`."""
        return stored_batches(self._connection, first_leaf=first_leaf, limit=limit)

    def refusals(self) -> Iterator[tuple[Outcome, bytes]]:
        """See `Snapshot.refusals`."""
        return refusals_after(self._connection)

    def cells(self) -> Iterator[tuple[CellKey, Cell]]:
        """See `Snapshot.cells`."""
        last = (0, 0)
        while rows := self._connection.execute(_CELLS, (*last, _AT_ONCE)).fetchall():
            for account, mark, *figures in rows:
                yield (AccountId(account), Mark(mark)), Cell(*figures)
            last = rows[-1][:2]


@contextmanager
def held_snapshot(connection: Connection) -> Iterator[PostgresSnapshot]:
    """The ledger as it stands now; every batch in it has its leaves."""
    with all_leaves_assigned(connection):
        connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
        connection.execute(_UNHURRIED)
        snapshot = PostgresSnapshot(connection)
    try:
        yield snapshot
    finally:
        connection.rollback()
        connection.set_isolation_level(None)
