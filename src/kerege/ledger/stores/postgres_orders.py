# SPDX-License-Identifier: Apache-2.0
"""Decided orders, as PostgreSQL keeps them: by id, and in the order of the log."""

from collections.abc import Collection, Iterator
from typing import Final

from kerege.errors import InvariantViolation
from kerege.ledger.book import Known
from kerege.ledger.ids import OrderId
from kerege.ledger.outcome import POSITION_BITS, Outcome, offset_of
from kerege.ledger.stored import AcceptedAt, StoredBatch, StoredOrder, content_of
from kerege.ledger.stores.postgres_connections import Connection
from kerege.ledger.stores.postgres_wire import UuidArray
from kerege.ledger.stores.rows import Row, order_of, refusal_of

__all__ = ["accepted_order", "known_orders", "refusals_after", "stored_batches"]

_ORDERS: Final = """
    SELECT o.number, uuid_send(o.id), o.seq, o.steps, d.body, d.evidence, b.at_us, b.first_leaf
    FROM orders o
    JOIN batches b ON b.batch = o.number >> 14
    LEFT JOIN documents d ON d.number = o.number
    WHERE o.id = ANY (%b::uuid[]) AND o.steps > 0
"""
_TRANSFERS: Final = """
    SELECT t.seq, t.debit, t.credit, t.posted, t.held, t.code
    FROM orders o JOIN transfers t ON t.seq >= o.seq AND t.seq < o.seq + o.steps
    WHERE o.id = ANY (%b::uuid[]) AND o.steps > 0
"""
_EVENTS: Final = """
    SELECT e.seq, e.account
    FROM orders o JOIN account_events e ON e.seq >= o.seq AND e.seq < o.seq + o.steps
    WHERE o.id = ANY (%b::uuid[]) AND o.steps > 0
"""
_REFUSALS: Final = """
    SELECT uuid_send(id), content, at_us, refusal, step, found, allowed
    FROM refusals WHERE id = ANY (%b::uuid[])
"""
_REFUSALS_AFTER: Final = """
    SELECT uuid_send(id), content, at_us, refusal, step, found, allowed
    FROM refusals WHERE id > %b::uuid ORDER BY id LIMIT %b
"""
_REFUSALS_AT_ONCE: Final = 4_096

_BATCHES: Final = """
    SELECT batch, at_us, first_leaf, orders FROM batches
    WHERE first_leaf >= coalesce(
              (SELECT first_leaf FROM batches WHERE first_leaf <= %(leaf)b
               ORDER BY first_leaf DESC LIMIT 1), 0)
      AND first_leaf + orders > %(leaf)b AND first_leaf < %(leaf)b + %(limit)b
    ORDER BY first_leaf
"""
_ORDERS_OF: Final = """
    SELECT o.number, uuid_send(o.id), o.seq, o.steps, d.body, d.evidence
    FROM orders o LEFT JOIN documents d ON d.number = o.number
    WHERE o.number >= %b AND o.number < %b AND o.steps > 0
    ORDER BY o.number
"""
_TRANSFERS_OF: Final = """
    SELECT seq, debit, credit, posted, held, code FROM transfers WHERE seq >= %b AND seq < %b
"""
_EVENTS_OF: Final = "SELECT seq, account FROM account_events WHERE seq >= %b AND seq < %b"


def known_orders(connection: Connection, ids: Collection[bytes]) -> dict[bytes, Known]:
    """Those of `ids` that were decided, each with the outcome its caller got."""
    named = (UuidArray(ids),)
    found = {
        row[0]: Known(content=row[1], outcome=refusal_of(row))
        for row in connection.execute(_REFUSALS, named)
    }
    for at in _accepted(connection, named):
        order = at.order
        found[order.id] = Known(content=content_of(order), outcome=order.outcome(at.at_us))
    return found


def accepted_order(connection: Connection, order_id: OrderId) -> AcceptedAt | None:
    """An accepted order with its time and its leaf, if its batch has its leaves already."""
    return next(_accepted(connection, (UuidArray([order_id]),)), None)


def _accepted(connection: Connection, named: tuple[UuidArray]) -> Iterator[AcceptedAt]:
    orders = connection.execute(_ORDERS, named).fetchall()
    if not orders:
        return
    by_seq: dict[int, Row] = {row[0]: row for row in connection.execute(_TRANSFERS, named)}
    opened: dict[int, int | None] = dict(connection.execute(_EVENTS, named).fetchall())
    for *row, at_us, first_leaf in orders:
        order = order_of(tuple(row), by_seq, opened)
        leaf = -1 if first_leaf is None else first_leaf + offset_of(order.number)
        yield AcceptedAt(order, at_us, leaf)


def refusals_after(connection: Connection) -> Iterator[tuple[Outcome, bytes]]:
    """All remembered refusals with the SHA-256 of what was refused, in order of id."""
    last = OrderId(bytes(16))
    while True:
        values = (last.hex(), _REFUSALS_AT_ONCE)
        rows = connection.execute(_REFUSALS_AFTER, values).fetchall()
        if not rows:
            return
        for row in rows:
            yield refusal_of(row), row[1]
        last = rows[-1][0]


def stored_batches(connection: Connection, *, first_leaf: int, limit: int) -> list[StoredBatch]:
    """Whole batches from the one that holds `first_leaf` on, about `limit` orders."""
    wanted = {"leaf": first_leaf, "limit": limit}
    rows = connection.execute(_BATCHES, wanted).fetchall()
    return [
        StoredBatch(batch, at_us, leaf, _orders_of(connection, batch, count))
        for batch, at_us, leaf, count in rows
    ]


def _orders_of(connection: Connection, batch: int, count: int) -> list[StoredOrder]:
    span = (batch << POSITION_BITS, batch + 1 << POSITION_BITS)
    orders = connection.execute(_ORDERS_OF, span).fetchall()
    if len(orders) != count:
        raise InvariantViolation(f"batch {batch}: {len(orders)} orders, {count} recorded")
    by_seq: dict[int, Row] = {row[0]: row for row in connection.execute(_TRANSFERS_OF, span)}
    opened: dict[int, int | None] = dict(connection.execute(_EVENTS_OF, span).fetchall())
    return [order_of(row, by_seq, opened) for row in orders]
