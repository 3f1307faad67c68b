# SPDX-License-Identifier: Apache-2.0
"""Creating the schema in an empty PostgreSQL database, accepting our own, refusing others."""

from importlib import resources
from typing import Any, Final

from kerege.ledger.errors import SchemaTooNew, StoreFailed
from kerege.ledger.stores.postgres_connections import Connection
from kerege.ledger.stores.postgres_locks import LOCK_SCHEMA

__all__ = ["SCHEMA_VERSION", "open_schema"]

SCHEMA_VERSION: Final = 1
APPLICATION: Final = 0x6B657267
"""'kerg', as in the header of an embedded ledger's file."""

_TABLES: Final = """
    SELECT to_regclass('meta') IS NOT NULL AND to_regclass('batches') IS NOT NULL, count(*)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY (current_schemas(false))
"""
_META: Final = "SELECT key, value FROM meta"
_SET_META: Final = (
    "INSERT INTO meta (key, value) VALUES ('application', %s), ('schema_version', %s)"
)


def open_schema(connection: Connection, *, place: str) -> None:
    """Make sure the database is a ledger of a version we know.

    Raises `SchemaTooNew`, or `StoreFailed` if it holds something else. When several processes
    start at once, one creates and the others wait for it.
    """
    connection.execute(LOCK_SCHEMA)
    ours, tables = connection.execute(_TABLES).fetchall()[0]
    if not tables:
        script = resources.files("kerege.ledger.stores").joinpath("postgres_schema.sql")
        connection.execute(script.read_bytes())
        connection.execute(_SET_META, (APPLICATION, SCHEMA_VERSION))
    else:
        _check(dict(connection.execute(_META).fetchall()) if ours else {}, place)
    connection.commit()


def _check(meta: dict[Any, Any], place: str) -> None:
    if meta.get("application") != APPLICATION:
        raise StoreFailed(
            "this database is not a ledger",
            place=place,
            remedy="name another database, or a new one",
        )
    version = meta.get("schema_version", 0)
    if version > SCHEMA_VERSION:
        raise SchemaTooNew(
            f"the ledger has schema version {version}, this release knows {SCHEMA_VERSION}",
            place=place,
            remedy="use the release that wrote it, or a newer one",
        )
