# SPDX-License-Identifier: Apache-2.0
"""Questions to a SQLite ledger about what is durable."""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import apsw

from kerege.errors import InvariantViolation
from kerege.ledger.account import EMPTY_CELL, Account, Cell, CellKey, Role, Status
from kerege.ledger.book import Known, Pending
from kerege.ledger.errors import StoreFailed
from kerege.ledger.ids import AccountId, OrderId
from kerege.ledger.order import PendingRef
from kerege.ledger.outcome import POSITION_BITS, Outcome, offset_of
from kerege.ledger.simple_encoding import encode_plain
from kerege.ledger.stored import (
    AcceptedAt,
    AccountInfo,
    Movement,
    OrderRow,
    StoredBatch,
    StoredOrder,
    TransferRow,
    content_of,
    stored_order,
)
from kerege.ledger.stores.rows import before, movement_of, pending_of, refusal_of
from kerege.ledger.stores.sqlite_files import check_that_it_is_ours, open_connection
from kerege.ledger.stores.sqlite_recovery import Recovered, recover

__all__ = ["Reader"]

_AT_ONCE: Final = 512
_MARKS: Final = ",".join("?" * _AT_ONCE)

_ORDERS: Final = "SELECT number, id, seq, steps, body, evidence FROM orders"
_TRANSFERS: Final = "SELECT seq, debit, credit, posted, held, code FROM transfers"
_BATCH: Final = (
    "SELECT order_number, order_id, seq, debit, credit, posted, held, code FROM transfers"
)
_PLAIN: Final = (
    "SELECT order_number, order_id, debit, credit, posted, code, at_us, first_leaf"
    " FROM transfers JOIN batches ON batch = order_number >> 14"
)
_ORDER_AT: Final = (
    "SELECT number, id, seq, o.steps, body, evidence, at_us, first_leaf"
    " FROM orders o JOIN batches ON batch = number >> 14"
)
_EVENTS: Final = "SELECT seq, account FROM account_events"
_REFUSALS: Final = "SELECT id, content, at_us, refusal, step, found, allowed FROM refusals"
_PENDING: Final = (
    "SELECT seq, order_id, step, debit, credit, mark, remaining, expires_at_us, state FROM pendings"
)
_MOVEMENT: Final = """
    SELECT t.seq, ifnull(t.order_id, o.id), b.at_us, t.kind, t.debit, t.credit, t.mark,
           t.posted, t.held, t.code, t.debit_previous, t.credit_previous
    FROM transfers t
    LEFT JOIN orders o ON o.number = t.order_number
    JOIN batches b ON b.batch = t.seq >> 14
    WHERE t.seq = ?
"""


class Reader:
    """One read connection, used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = open_connection(path, read_only=True)
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock, suppress(apsw.Error):
            self._connection.close()

    def _all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return list(self._connection.execute(sql, values))
            except apsw.Error as failure:
                raise StoreFailed(
                    f"the database did not answer: {failure}",
                    place=type(failure).__name__,
                    remedy="ask again",
                ) from failure

    def _among(self, sql: str, column: str, values: Collection[Any]) -> Iterator[tuple[Any, ...]]:
        """Rows whose `column` is one of `values`, some hundred of them a question."""
        found = list(values)
        for start in range(0, len(found), _AT_ONCE):
            some = found[start : start + _AT_ONCE]
            padded = some + [some[0]] * (_AT_ONCE - len(some))
            yield from self._all(f"{sql} WHERE {column} IN ({_MARKS})", padded)

    def known(self, ids: Collection[bytes]) -> dict[bytes, Known]:
        """Those of `ids` that were decided before."""
        found: dict[bytes, Known] = {}
        for at in self._accepted(ids):
            order = at.order
            found[order.id] = Known(content=content_of(order), outcome=order.outcome(at.at_us))
        for refused in self._among(_REFUSALS, "id", ids):
            found[refused[0]] = Known(content=refused[1], outcome=refusal_of(refused))
        return found

    def accepted(self, order_id: OrderId) -> AcceptedAt | None:
        """An accepted order with its time and its place in the log."""
        return next(self._accepted([order_id]), None)

    def _accepted(self, ids: Collection[bytes]) -> Iterator[AcceptedAt]:
        for *head, at_us, first_leaf in self._among(_PLAIN, "order_id", ids):
            number, order_id, debit, credit, posted, code = head
            body = encode_plain(order_id, debit, credit, posted, code)
            plain = StoredOrder(number, order_id, body, b"", (posted,))
            yield AcceptedAt(plain, at_us, first_leaf + offset_of(number))
        for *head, evidence, at_us, first_leaf in self._among(_ORDER_AT, "id", ids):
            row = OrderRow(head[0], head[1], head[2], head[3], head[4], evidence or b"")
            span = (row.seq, row.seq + row.steps)
            transfers = self._all(f"{_TRANSFERS} WHERE seq >= ? AND seq < ?", span)
            events = self._all(f"{_EVENTS} WHERE seq >= ? AND seq < ?", span)
            order = stored_order(row, [TransferRow(*t) for t in transfers], dict(events))
            yield AcceptedAt(order, at_us, first_leaf + offset_of(row.number))

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

    def recovered(self) -> Recovered:
        """The whole present, from what `hold` holds."""
        with self._lock:
            return recover(self._connection)

    def check(self) -> None:
        """Accept our own schema only; raises `StoreFailed`, `SchemaTooNew`."""
        with self._lock:
            check_that_it_is_ours(self._connection, self._path, may_be_new=False)

    def refusals(self) -> Iterator[tuple[Outcome, bytes]]:
        """Remembered refusals with the SHA-256 of what was refused, in order of id."""
        last = b""
        while rows := self._all(f"{_REFUSALS} WHERE id > ? ORDER BY id LIMIT ?", (last, _AT_ONCE)):
            for row in rows:
                yield refusal_of(row), row[1]
            last = rows[-1][0]

    def movements(
        self, key: CellKey, *, before_seq: int | None, newest: Callable[[], Cell]
    ) -> Iterator[Movement]:
        """Movements of a cell before `before_seq`, newest first; `newest` tells it as it is."""
        walk = self._walk_from(key, before_seq, newest)
        if before_seq is None:
            return walk
        return (movement for movement in walk if movement.seq < before_seq)

    def cell_at(self, key: CellKey, *, at_us: int, newest: Callable[[], Cell]) -> Cell:
        """A cell as it stood at the end of `at_us`."""
        walk = self._walk_from(key, self.position_after(at_us), newest)
        found = next((m.after for m in walk if m.at_us <= at_us), None)
        return EMPTY_CELL if found is None else found

    def _walk_from(
        self, key: CellKey, position: int | None, newest: Callable[[], Cell]
    ) -> Iterator[Movement]:
        """Movements from the nearest known point at or after `position`, back."""
        anchor = None if position is None else self.milestone_from(key, position)
        if anchor is None:
            cell = newest()
            anchor = (cell.last_seq, cell)
        return self.walk(key, *anchor)

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
        found = {}
        others = {}
        for row in self._all(f"{_BATCH} WHERE seq >= ? AND seq < ?", span):
            number, order_id, *rest = row
            if order_id is None:
                others[rest[0]] = TransferRow(*rest)
            else:
                _, debit, credit, posted, _, code = rest
                body = encode_plain(order_id, debit, credit, posted, code)
                found[number] = StoredOrder(number, order_id, body, b"", (posted,))
        opened = dict(self._all(f"{_EVENTS} WHERE seq >= ? AND seq < ?", span))
        for row in self._all(f"{_ORDERS} WHERE number >= ? AND number < ?", span):
            *head, evidence = row
            order = OrderRow(head[0], head[1], head[2], head[3], head[4], evidence or b"")
            seqs = range(order.seq, order.seq + order.steps)
            transfers = [others[seq] for seq in seqs if seq in others]
            found[order.number] = stored_order(order, transfers, opened)
        if len(found) != count:
            raise InvariantViolation(f"batch {batch}: {len(found)} orders, {count} recorded")
        return [found[number] for number in sorted(found)]
