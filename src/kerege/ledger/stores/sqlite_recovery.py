# SPDX-License-Identifier: Apache-2.0
"""From the file to the cells: stored balances, and the transfers since."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import apsw
import numpy as np

from kerege.ledger.cells import Cells
from kerege.ledger.ids import OUT_OF_TIME
from kerege.ledger.outcome import POSITION_BITS
from kerege.ledger.ruling import Rows
from kerege.ledger.state import ASSET_SHIFT, NO_CEILING, NO_FLOOR, ROLE_SHIFT, Ints

__all__ = ["Recovered", "recover"]

_CHUNK: Final = 65_536

# SQLite reads | and << from left to right, unlike Python: hence the parentheses.
_BALANCES: Final = """
    SELECT b.account, b.mark, b.at_seq,
           b.balance, b.debits_pending, b.credits_pending,
           ifnull(a.floor, ?), ifnull(a.ceiling, ?),
           a.status | (a.role << ?) | (a.asset << ?),
           b.version, b.last_seq
    FROM balances b JOIN accounts a ON a.id = b.account
    ORDER BY b.slot
"""

_PACKING: Final = (NO_FLOOR, NO_CEILING, ROLE_SHIFT, ASSET_SHIFT)

_TAIL: Final = """
    SELECT seq, order_number, kind, debit, credit, mark, posted, held, code, pending
    FROM transfers WHERE seq >= ? ORDER BY seq
"""


@dataclass(slots=True)
class Recovered:
    """A ledger as its file tells it; `folded` are the slots whose rows in the file are older."""

    cells: Cells
    assets: list[tuple[str, int]]
    next_account: int
    next_batch: int
    next_leaf: int
    last_at_us: int
    newest_id: bytes
    tail_rows: int
    folded: Ints


def recover(connection: apsw.Connection) -> Recovered:
    """Load balances and fold the transfers that are newer."""
    (count,) = next(connection.execute("SELECT count(*) FROM balances"))
    cells = Cells(capacity=max(count, 1024))
    at_seq = np.zeros(max(count, 1), np.int64)
    place = 0
    for chunk in _chunks(connection.execute(_BALANCES, _PACKING)):
        cells.load(chunk[:, 0], chunk[:, 1], chunk[:, 3:])
        at_seq[place : place + len(chunk)] = chunk[:, 2]
        place += len(chunk)
    tail = dict(connection.execute("SELECT key, value FROM meta")).get("tail_batch", 0)
    tail_rows, folded = 0, [np.zeros(0, np.int64)]
    for chunk in _chunks(connection.execute(_TAIL, (tail << POSITION_BITS,))):
        folded.append(cells.fold(Rows(*chunk.T), after=at_seq).slots)
        tail_rows += len(chunk)
    return _with_counters(connection, cells, tail_rows, np.unique(np.concatenate(folded)))


def _with_counters(
    connection: apsw.Connection, cells: Cells, tail_rows: int, folded: Ints
) -> Recovered:
    (next_account,) = next(connection.execute("SELECT ifnull(max(id), 0) + 1 FROM accounts"))
    newest = connection.execute(
        "SELECT max(id) FROM (SELECT max(id) AS id FROM orders WHERE id < ?1"
        " UNION SELECT max(order_id) FROM transfers WHERE order_id < ?1"
        " UNION SELECT max(id) FROM refusals WHERE id < ?1)",
        (OUT_OF_TIME,),
    )
    last = list(
        connection.execute(
            "SELECT batch, at_us, first_leaf + orders FROM batches ORDER BY batch DESC LIMIT 1"
        )
    )
    batch, at_us, next_leaf = last[0] if last else (-1, 0, 0)
    assets = connection.execute("SELECT code, scale FROM assets ORDER BY number")
    return Recovered(
        cells=cells,
        assets=list(assets),
        next_account=next_account,
        next_batch=batch + 1,
        next_leaf=next_leaf,
        last_at_us=at_us,
        newest_id=next(newest)[0] or b"",
        tail_rows=tail_rows,
        folded=folded,
    )


def _chunks(cursor: apsw.Cursor) -> Iterator[Ints]:
    rows: list[tuple[int, ...]] = []
    for row in cursor:
        rows.append(row)
        if len(rows) == _CHUNK:
            yield np.array(rows, np.int64)
            rows = []
    if rows:
        yield np.array(rows, np.int64)
