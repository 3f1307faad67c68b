# SPDX-License-Identifier: Apache-2.0
"""Questions to a SQLite ledger about what is durable."""

import threading
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from kerege.errors import InvariantViolation
from kerege.ledger.account import Account, Cell, CellKey, Role, Status
from kerege.ledger.book import Known, Pending
from kerege.ledger.ids import AccountId, OrderId
from kerege.ledger.order import PendingRef
from kerege.ledger.outcome import POSITION_BITS, Outcome, batch_of
from kerege.ledger.stored import (
    AccountInfo,
    Movement,
    OrderRow,
    StoredBatch,
    StoredOrder,
    TransferRow,
    content_of,
    stored_order,
)
from kerege.ledger.stores.rows import before, movement_of, order_of, pending_of, refusal_of
from kerege.ledger.stores.sqlite_files import open_connection

__all__ = ["Reader"]

_AT_ONCE: Final = 512
_MARKS: Final = ",".join("?" * _AT_ONCE)

_ORDERS: Final = "SELECT number, id, seq, steps, body, evidence FROM orders"
_TRANSFERS: Final = "SELECT seq, debit, credit, posted, held, code FROM transfers"
_REFUSALS: Final = "SELECT id, content, at_us, refusal, step, found, allowed FROM refusals"
_PENDING: Final = (
    "SELECT seq, order_id, step, debit, credit, mark, remaining, expires_at_us, state FROM pendings"
)
_MOVEMENT: Final = """
    SELECT t.seq, o.id, b.at_us, t.kind, t.debit, t.credit, t.mark, t.posted, t.held, t.code,
           t.debit_previous, t.credit_previous
    FROM transfers t
    JOIN orders o ON o.number = t.order_number
    JOIN batches b ON b.batch = t.seq >> 14
    WHERE t.seq = ?
"""


class Reader:
    """One read connection, used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._connection = open_connection(path, read_only=True)
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return list(self._connection.execute(sql, values))

    def _among(self, sql: str, column: str, values: Collection[Any]) -> Iterator[tuple[Any, ...]]:
        """Rows whose `column` is one of `values`, some hundred of them a question."""
        found = list(values)
        for start in range(0, len(found), _AT_ONCE):
            some = found[start : start + _AT_ONCE]
            padded = some + [some[0]] * (_AT_ONCE - len(some))
            yield from self._all(f"{sql} WHERE {column} IN ({_MARKS})", padded)

    def known(self, ids: Collection[bytes]) -> dict[bytes, Known]:
        """Those of `ids` that were decided before."""
        found = {}
        for number, order_id, seq, steps, body, evidence in self._among(_ORDERS, "id", ids):
            row = OrderRow(number, order_id, seq, steps, body or b"", evidence or b"")
            found[order_id] = self._known_accepted(row)
        for refused in self._among(_REFUSALS, "id", ids):
            found[refused[0]] = Known(content=refused[1], outcome=refusal_of(refused))
        return found

    def _known_accepted(self, row: OrderRow) -> Known:
        end = row.seq + row.steps
        transfers = self._all(f"{_TRANSFERS} WHERE seq >= ? AND seq < ?", (row.seq, end))
        events = self._all(
            "SELECT seq, account FROM account_events WHERE seq >= ? AND seq < ?", (row.seq, end)
        )
        stored = stored_order(row, [TransferRow(*t) for t in transfers], dict(events))
        at_us = self._all("SELECT at_us FROM batches WHERE batch = ?", (batch_of(row.number),))
        outcome = Outcome(OrderId(row.id), None, row.number, at_us[0][0], stored.results)
        return Known(content=content_of(stored), outcome=outcome)

    def pendings(self, refs: Collection[PendingRef]) -> dict[PendingRef, Pending]:
        """Those of `refs` that exist."""
        found = {}
        for row in self._among(_PENDING, "order_id", {ref.order_id for ref in refs}):
            pending = pending_of(row)
            if pending.ref in refs:
                found[pending.ref] = pending
        return found

    def due(self, now_us: int, limit: int) -> list[Pending]:
        """Open pending transfers whose time has passed, oldest first."""
        sql = (
            f"{_PENDING} WHERE state = 0 AND expires_at_us <= ? ORDER BY expires_at_us, seq LIMIT ?"
        )
        return [pending_of(row) for row in self._all(sql, (now_us, limit))]

    def next_due_us(self) -> int | None:
        """When the next open pending transfer expires."""
        sql = "SELECT min(expires_at_us) FROM pendings WHERE state = 0"
        due: int | None = self._all(sql)[0][0]
        return due

    def account(self, account_id: AccountId) -> AccountInfo | None:
        """An account with its owner."""
        rows = self._all(
            "SELECT s.code, a.role, a.floor, a.ceiling, a.status, a.owner, b.at_us"
            " FROM accounts a JOIN assets s ON s.number = a.asset"
            " JOIN batches b ON b.batch = a.opened_seq >> 14 WHERE a.id = ?",
            (account_id,),
        )
        for asset, role, floor, ceiling, status, owner, at_us in rows:
            account = Account(account_id, asset, Role(role), floor, ceiling, Status(status))
            return AccountInfo(account=account, owner=owner, opened_at_us=at_us)
        return None

    def hold(self) -> int:
        """Read from now on what is durable now; returns how many orders that is."""
        self._all("BEGIN")
        rows = self._all("SELECT first_leaf + orders FROM batches ORDER BY batch DESC LIMIT 1")
        return int(rows[0][0]) if rows else 0

    def refusals(self) -> Iterator[tuple[Outcome, bytes]]:
        """Remembered refusals with the SHA-256 of what was refused, in order of id."""
        last = b""
        while rows := self._all(f"{_REFUSALS} WHERE id > ? ORDER BY id LIMIT ?", (last, _AT_ONCE)):
            for row in rows:
                yield refusal_of(row), row[1]
            last = rows[-1][0]

    def walk(self, key: CellKey, seq: int, after: Cell) -> Iterator[Movement]:
        """Movements of a cell from `seq` back, given the cell as it stood after that one."""
        account_id, _ = key
        while seq:
            row = self._all(_MOVEMENT, (seq,))[0]
            is_debit = row[4] == account_id
            movement = movement_of(row, is_debit, after)
            yield movement
            seq = row[10] if is_debit else row[11]
            after = before(movement, seq)

    def milestone_from(self, key: CellKey, position: int) -> tuple[int, Cell] | None:
        """Oldest milestone of a cell at or after `position`: its seq, and the cell then."""
        rows = self._all(
            "SELECT balance, debits_pending, credits_pending, version, seq FROM milestones"
            " WHERE account = ? AND mark = ? AND seq >= ? ORDER BY seq LIMIT 1",
            (*key, position),
        )
        return (rows[0][4], Cell(*rows[0])) if rows else None

    def position_after(self, at_us: int) -> int:
        """First position of any batch later than `at_us`."""
        rows = self._all("SELECT max(batch) FROM batches WHERE at_us <= ?", (at_us,))
        return ((-1 if rows[0][0] is None else rows[0][0]) + 1) << POSITION_BITS

    def batches(self, *, first_leaf: int, limit: int) -> list[StoredBatch]:
        """Whole batches from the one that holds `first_leaf` on, about `limit` orders."""
        found = []
        for batch, at_us, leaf, orders in self._all(
            "SELECT batch, at_us, first_leaf, orders FROM batches WHERE first_leaf >="
            " (SELECT ifnull(max(first_leaf), 0) FROM batches WHERE first_leaf <= ?)"
            " AND first_leaf + orders > ? AND first_leaf < ? ORDER BY first_leaf",
            (first_leaf, first_leaf, first_leaf + limit),
        ):
            found.append(StoredBatch(batch, at_us, leaf, self._orders_of(batch, orders)))
        return found

    def _orders_of(self, batch: int, count: int) -> list[StoredOrder]:
        span = (batch << POSITION_BITS, batch + 1 << POSITION_BITS)
        transfers = self._all(f"{_TRANSFERS} WHERE seq >= ? AND seq < ?", span)
        events = self._all(
            "SELECT seq, account FROM account_events WHERE seq >= ? AND seq < ?", span
        )
        orders = self._all(f"{_ORDERS} WHERE number >= ? AND number < ? ORDER BY number", span)
        if len(orders) != count:
            raise InvariantViolation(f"batch {batch}: {len(orders)} orders, {count} recorded")
        by_seq = {row[0]: row for row in transfers}
        opened = dict(events)
        return [order_of(row, by_seq, opened) for row in orders]
