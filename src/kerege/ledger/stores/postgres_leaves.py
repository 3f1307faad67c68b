# SPDX-License-Identifier: Apache-2.0
"""Leaves of the log for committed batches, in order of batch number.

A batch takes its number before it commits, so committed batches may have gaps between them
that fill up a moment later. Leaves are therefore given out under a lock that waits for those
about to commit (see postgres_locks.py): for a moment nobody else takes a number.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kerege.ledger.stores.postgres_connections import Connection
from kerege.ledger.stores.postgres_locks import LOCK_NUMBERS, UNLOCK_NUMBERS

__all__ = ["all_leaves_assigned", "assign_leaves", "count_leaves"]

_IMPATIENT: Final = "SET LOCAL lock_timeout = '1s'"
"""While we wait for batches under way, new ones wait for us: a process that hangs in the
middle of a batch must hold up the log rather than everyone."""

_ANY_OPEN: Final = "SELECT EXISTS (SELECT FROM batches WHERE first_leaf IS NULL)"

_COUNT: Final = """
    SELECT first_leaf + orders FROM batches
    WHERE first_leaf IS NOT NULL ORDER BY first_leaf DESC LIMIT 1
"""

_ASSIGN: Final = """
    UPDATE batches AS b SET first_leaf = n.leaf
    FROM (
        SELECT batch,
               coalesce((SELECT first_leaf + orders FROM batches
                         WHERE first_leaf IS NOT NULL ORDER BY first_leaf DESC LIMIT 1), 0)
               + sum(orders) OVER (ORDER BY batch) - orders AS leaf
        FROM batches WHERE first_leaf IS NULL
    ) AS n
    WHERE b.batch = n.batch
"""


def assign_leaves(connection: Connection) -> None:
    """Give every batch committed before this call its leaves."""
    if connection.execute(_ANY_OPEN).fetchall()[0][0]:
        with all_leaves_assigned(connection):
            pass
    connection.rollback()


@contextmanager
def all_leaves_assigned(connection: Connection) -> Iterator[None]:
    """While this lasts every committed batch has its leaves and no other can commit."""
    connection.execute(_IMPATIENT)
    connection.execute(LOCK_NUMBERS)
    connection.commit()
    try:
        connection.execute(_ASSIGN)
        connection.commit()
        yield
    finally:
        if not connection.closed:
            connection.execute(UNLOCK_NUMBERS)


def count_leaves(connection: Connection) -> int:
    """How many leaves were given out."""
    rows = connection.execute(_COUNT).fetchall()
    return int(rows[0][0]) if rows else 0
