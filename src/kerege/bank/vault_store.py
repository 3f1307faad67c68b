# SPDX-License-Identifier: Apache-2.0
"""Statements of the vault: wrapped keys and sealed fields by owner."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from kerege.bank.people_store import VAULT_FIELDS, VAULT_KEYS
from kerege.runtime.tables import Tables

__all__ = [
    "destroy",
    "fields_of",
    "find_key",
    "insert_fields",
    "insert_keys",
    "keys_not_under",
    "replace_fields",
    "replace_key",
    "scrub",
]


def insert_keys(connection: sa.Connection, keys: Sequence[tuple[str, str, bytes]]) -> None:
    """Keep new owners' wrapped keys: owner, name of the master key, wrapped key."""
    if keys:
        rows = [{"owner": owner, "master": name, "wrapped": key} for owner, name, key in keys]
        connection.execute(sa.insert(VAULT_KEYS), rows)


def insert_fields(connection: sa.Connection, fields: Sequence[tuple[str, str, bytes]]) -> None:
    """Keep fields that were not there: owner, field, sealed text."""
    if fields:
        rows = [{"owner": owner, "field": name, "sealed": text} for owner, name, text in fields]
        connection.execute(sa.insert(VAULT_FIELDS), rows)


def find_key(connection: sa.Connection, owner: str) -> tuple[str, bytes] | None:
    """The name of the master key and the key it wrapped."""
    row = connection.execute(
        sa.select(VAULT_KEYS.c.master, VAULT_KEYS.c.wrapped).where(VAULT_KEYS.c.owner == owner)
    ).first()
    return None if row is None else (row.master, row.wrapped)


def keys_not_under(
    connection: sa.Connection, master: str, *, limit: int
) -> list[tuple[str, str, bytes]]:
    """Owner, master and wrapped key of some keys another master key wrapped; locks them."""
    query = (
        sa.select(VAULT_KEYS.c.owner, VAULT_KEYS.c.master, VAULT_KEYS.c.wrapped)
        .where(VAULT_KEYS.c.master != master)
        .order_by(VAULT_KEYS.c.owner)
        .limit(limit)
        .with_for_update()
    )
    return [(row.owner, row.master, row.wrapped) for row in connection.execute(query)]


def replace_key(connection: sa.Connection, owner: str, master: str, wrapped: bytes) -> None:
    """Put a key wrapped anew in place of the old."""
    connection.execute(
        sa.update(VAULT_KEYS)
        .where(VAULT_KEYS.c.owner == owner)
        .values(master=master, wrapped=wrapped)
    )


def fields_of(connection: sa.Connection, owner: str) -> list[tuple[str, bytes]]:
    """Name and sealed text of each field of an owner."""
    query = sa.select(VAULT_FIELDS.c.field, VAULT_FIELDS.c.sealed).where(
        VAULT_FIELDS.c.owner == owner
    )
    return [(row.field, row.sealed) for row in connection.execute(query)]


def replace_fields(
    connection: sa.Connection, owner: str, sealed: Mapping[str, bytes | None]
) -> None:
    """Put each field in place of what was there; None takes it away."""
    if not sealed:
        return
    connection.execute(
        sa.delete(VAULT_FIELDS).where(
            VAULT_FIELDS.c.owner == owner, VAULT_FIELDS.c.field.in_(sealed)
        )
    )
    insert_fields(
        connection,
        [(owner, field, text) for field, text in sealed.items() if text is not None],
    )


def destroy(connection: sa.Connection, owner: str) -> None:
    """Remove an owner's key and fields, from SQLite's pages too."""
    if connection.dialect.name == "sqlite":
        # Without it the bytes of a deleted row stay in the file until its page is used again.
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    connection.execute(sa.delete(VAULT_FIELDS).where(VAULT_FIELDS.c.owner == owner))
    connection.execute(sa.delete(VAULT_KEYS).where(VAULT_KEYS.c.owner == owner))


def scrub(tables: Tables) -> None:
    """Empty SQLite's write-ahead log, which keeps old pages. PostgreSQL's VACUUM is its own."""
    if not tables.is_sqlite:
        return
    connection = tables.engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    finally:
        connection.close()
