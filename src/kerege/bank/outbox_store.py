# SPDX-License-Identifier: Apache-2.0
"""Statements of the outbox: notices in order of commit."""

from collections.abc import Sequence
from typing import Final

import msgspec
import sqlalchemy as sa

from kerege.bank.desk_store import NOTICES
from kerege.runtime.driving import run_many
from kerege.wallet.wire import Notice

__all__ = ["count_recent", "insert_notices", "last_id", "notices_after", "notices_by_id"]

_LOCK: Final = 7204
"""Whoever writes notices holds it to the commit: else a lower id could appear after a higher one
was read, and be missed for good."""

_INSERT: Final = (
    "INSERT INTO notices (key, customer, at_us, kind, wallet, data)"
    " VALUES (:key, :customer, :at_us, :kind, :wallet, :data) ON CONFLICT (key) DO NOTHING"
)


def insert_notices(connection: sa.Connection, rows: Sequence[dict[str, object]]) -> None:
    """Add notices whose `key` is new; in PostgreSQL one writer at a time."""
    if connection.dialect.name != "sqlite":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    run_many(connection, _INSERT, rows)


def notices_after(
    connection: sa.Connection, customer: str, after: int, *, limit: int
) -> list[Notice]:
    """A customer's notices behind `after`, oldest first."""
    query = (
        sa.select(NOTICES)
        .where(NOTICES.c.customer == customer, NOTICES.c.id > after)
        .order_by(NOTICES.c.id)
        .limit(limit)
    )
    return [_notice(row) for row in connection.execute(query)]


def notices_by_id(connection: sa.Connection, ids: Sequence[int]) -> dict[int, Notice]:
    """Notices by their ids."""
    query = sa.select(NOTICES).where(NOTICES.c.id.in_(ids))
    return {row.id: _notice(row) for row in connection.execute(query)}


def count_recent(
    connection: sa.Connection, customer: str, key_begins: str, *, since_us: int, among: int
) -> int:
    """Of a customer's latest `among` notices, those since `since_us` whose key begins so."""
    query = (
        sa.select(NOTICES.c.key, NOTICES.c.at_us)
        .where(NOTICES.c.customer == customer)
        .order_by(NOTICES.c.id.desc())
        .limit(among)
    )
    rows = connection.execute(query)
    return sum(row.at_us >= since_us and row.key.startswith(key_begins) for row in rows)


def last_id(connection: sa.Connection) -> int:
    """The newest notice's id, 0 if there is none."""
    return connection.scalar(sa.select(sa.func.max(NOTICES.c.id))) or 0


def _notice(row: sa.Row[tuple[object, ...]]) -> Notice:
    return Notice(
        id=row.id,
        at_us=row.at_us,
        kind=row.kind,
        wallet=row.wallet,
        data=msgspec.json.decode(row.data),
    )
