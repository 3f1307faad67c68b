# SPDX-License-Identifier: Apache-2.0
"""The past of a cell on PostgreSQL: chains of transfers, one a stripe, merged.

Each transfer names the one before it on either side, so a chain is walked back from a known
point without any index on accounts: from the balance, or from the nearest milestone.
"""

from collections.abc import Iterator
from heapq import merge
from itertools import islice
from typing import Any, Final

from kerege.ledger.account import Cell, CellKey
from kerege.ledger.stored import Movement
from kerege.ledger.stores.postgres_connections import Connection
from kerege.ledger.stores.postgres_stripes import sum_of_stripes
from kerege.ledger.stores.rows import Row, before, movement_of

__all__ = ["cell_at", "movements"]

_AT_ONCE: Final = 128
"""Transfers walked in one question: twice the distance between milestones."""

_NOW: Final = """
    SELECT balance, debits_pending, credits_pending, version, last_seq
    FROM balances WHERE account = %b AND mark = %b
"""

_BY_SEQ: Final = """
    SELECT coalesce(m.balance, b.balance), coalesce(m.debits_pending, b.debits_pending),
           coalesce(m.credits_pending, b.credits_pending), coalesce(m.version, b.version),
           coalesce(m.seq, b.last_seq)
    FROM balances b
    LEFT JOIN LATERAL (
        SELECT * FROM milestones m
        WHERE m.account = b.account AND m.mark = b.mark AND m.stripe = b.stripe AND m.seq >= %b
        ORDER BY m.seq LIMIT 1
    ) AS m ON true
    WHERE b.account = %b AND b.mark = %b
"""

_BY_TIME: Final = """
    SELECT coalesce(m.balance, b.balance), coalesce(m.debits_pending, b.debits_pending),
           coalesce(m.credits_pending, b.credits_pending), coalesce(m.version, b.version),
           coalesce(m.seq, b.last_seq)
    FROM balances b
    LEFT JOIN LATERAL (
        SELECT * FROM milestones m
        WHERE m.account = b.account AND m.mark = b.mark AND m.stripe = b.stripe AND m.at_us > %b
        ORDER BY m.at_us, m.seq LIMIT 1
    ) AS m ON true
    WHERE b.account = %b AND b.mark = %b
"""

_CHAIN: Final = """
    WITH RECURSIVE chain AS (
        SELECT 1 AS step, t.* FROM transfers t WHERE t.seq = %(seq)b
        UNION ALL
        SELECT c.step + 1, t.*
        FROM chain c JOIN transfers t ON t.seq = CASE c.debit WHEN %(account)b
            THEN c.debit_previous ELSE c.credit_previous END
        WHERE c.step < %(limit)b
    )
    SELECT c.seq, uuid_send(o.id), b.at_us, c.kind, c.debit, c.credit, c.mark, c.posted, c.held,
           c.code, c.debit_previous, c.credit_previous
    FROM chain c
    JOIN orders o ON o.number = c.order_number AND o.steps > 0
    JOIN batches b ON b.batch = c.seq >> 14
    ORDER BY c.step
"""


def movements(
    connection: Connection, key: CellKey, before_seq: int | None, limit: int
) -> list[Movement]:
    """Up to `limit` movements of a cell, newest first, from the newest or before `before_seq`."""
    return list(islice(_movements(connection, key, before_seq), limit))


def _movements(connection: Connection, key: CellKey, before_seq: int | None) -> Iterator[Movement]:
    if before_seq is None:
        found = connection.execute(_NOW, key).fetchall()
    else:
        found = connection.execute(_BY_SEQ, (before_seq, *key)).fetchall()
    stripes = [Cell(*row) for row in found]
    chains = [_walk(connection, key, cell.last_seq) for cell in stripes]
    after = sum_of_stripes(stripes)
    for row, previous in merge(*chains, key=_newest_first):
        movement = movement_of(row, row[4] == key[0], _with_seq(after, row[0]))
        if before_seq is None or movement.seq < before_seq:
            yield movement
        after = before(movement, previous)


def cell_at(connection: Connection, key: CellKey, *, at_us: int) -> Cell:
    """A cell as it stood at the end of `at_us`: each stripe as it stood then, summed."""
    found = connection.execute(_BY_TIME, (at_us, *key)).fetchall()
    return sum_of_stripes([_stripe_at(connection, key, Cell(*row), at_us) for row in found])


def _stripe_at(connection: Connection, key: CellKey, cell: Cell, at_us: int) -> Cell:
    for row, previous in _walk(connection, key, cell.last_seq):
        if row[2] <= at_us:
            break
        cell = before(movement_of(row, row[4] == key[0], cell), previous)
    return cell


def _walk(connection: Connection, key: CellKey, seq: int) -> Iterator[tuple[Row, int]]:
    """A chain from `seq` back: each transfer with the seq of the one before it."""
    while seq:
        values: dict[str, Any] = {"seq": seq, "account": key[0], "limit": _AT_ONCE}
        for row in connection.execute(_CHAIN, values).fetchall():
            seq = row[10] if row[4] == key[0] else row[11]
            yield row, seq


def _newest_first(link: tuple[Row, int]) -> int:
    return -int(link[0][0])


def _with_seq(cell: Cell, seq: int) -> Cell:
    return Cell(cell.balance, cell.debits_pending, cell.credits_pending, cell.version, seq)
