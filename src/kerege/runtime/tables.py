# SPDX-License-Identifier: Apache-2.0
"""The database of a node: SQLAlchemy Core over an SQLite file or PostgreSQL, same tables.

What the ledger stores is the ledger's own matter; this is for everything else that must last.
Only `store` modules hold statements. A write is one `begin` block, all or nothing.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
import sqlalchemy as sa

from kerege.errors import KeregeError
from kerege.runtime.database import SqliteUrl, parse_database_url

__all__ = ["DatabaseTooNew", "DatabaseUnavailable", "Tables"]

_BUSY_MS: Final = 10_000
"""How long a writer waits for another writer of the same SQLite file."""

_SHORTEST_POOL: Final = 4
_LONGEST_POOL: Final = 12
"""Connections a node keeps, and how many it opens under load."""

_DRIVERS_OWN: Final = (
    sqlite3.OperationalError,
    sqlite3.InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)


class DatabaseTooNew(KeregeError):
    """The tables were made by a newer version of the program."""


class DatabaseUnavailable(KeregeError):
    """The database did not confirm: it cannot be reached, or was busy for too long.

    What was to be written may be there or not; do the same again.
    """


class Tables:
    """One set of tables in one database; safe to use from several threads.

    `name` tells sets in one database apart; `version` is raised with every change of `metadata`.
    An older database gets the tables it lacks; those it has must not have changed.
    Raises `DatabaseUrlError`, `DatabaseTooNew` or `DatabaseUnavailable`.
    """

    def __init__(
        self, url: str, metadata: sa.MetaData, *, name: str, version: int, durable: bool = True
    ) -> None:
        """With `durable` off, the last second's commits may be lost in a power cut, though never
        in a crash of ours: for what only has to be remembered for minutes."""
        self.engine = _open(url, durable=durable)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        versions = sa.Table(
            "schema_versions",
            sa.MetaData(),
            sa.Column("name", sa.String(40), primary_key=True),
            sa.Column("version", sa.Integer, nullable=False),
        )
        with self.begin() as connection:
            if not self.is_sqlite:
                # Two nodes may start at once; the first makes the tables.
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(7203)"))
            versions.create(connection, checkfirst=True)
            found = connection.scalar(sa.select(versions.c.version).where(versions.c.name == name))
            if found is None:
                metadata.create_all(connection)
                connection.execute(versions.insert().values(name=name, version=version))
            elif found < version:
                metadata.create_all(connection)
                statement = versions.update().where(versions.c.name == name)
                connection.execute(statement.values(version=version))
            elif found > version:
                raise DatabaseTooNew(
                    f"the {name} tables have version {found}, this program knows {version}",
                    remedy="run the newer program, or another database",
                )

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Reads and writes that happen all or not at all; on SQLite one writer at a time.

        Raises `DatabaseUnavailable`.
        """
        with _translated(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Reads that take no lock; on SQLite as of one instant. Raises `DatabaseUnavailable`."""
        with _translated(), self.engine.connect() as connection:
            if self.is_sqlite:
                connection = connection.execution_options(kerege_reads=True)
            yield connection

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    """Trouble with the database in our own words; the driver's may show what was stored."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, *_DRIVERS_OWN) as fault:
        told = getattr(fault, "orig", fault)
        raise DatabaseUnavailable(
            f"the database did not confirm ({type(told).__name__})",
            remedy="do the same again; if it stays so, look after the database",
        ) from fault


def _open(url: str, *, durable: bool) -> sa.Engine:
    parsed = parse_database_url(url)
    if isinstance(parsed, SqliteUrl):
        return _open_sqlite(parsed, durable=durable)
    return sa.create_engine(
        "postgresql+psycopg://",
        creator=lambda: _connect_postgres(parsed.conninfo, durable=durable),
        pool_size=_SHORTEST_POOL,
        max_overflow=_LONGEST_POOL - _SHORTEST_POOL,
        pool_pre_ping=True,
    )


def _connect_postgres(conninfo: str, *, durable: bool) -> psycopg.Connection[tuple[object, ...]]:
    connection = psycopg.connect(conninfo, autocommit=True)
    if not durable:
        connection.execute("SET synchronous_commit = off")
    connection.autocommit = False
    return connection


def _open_sqlite(url: SqliteUrl, *, durable: bool) -> sa.Engine:
    path = ":memory:" if url.path is None else str(url.path)
    # Without a file in its own URL, SQLAlchemy would take a pool that closes connections of other
    # threads when there are many.
    pool: type[sa.Pool] = sa.QueuePool if url.path else sa.StaticPool
    options = {"pool_size": _SHORTEST_POOL, "max_overflow": _LONGEST_POOL - _SHORTEST_POOL}
    engine = sa.create_engine(
        "sqlite+pysqlite://",
        creator=lambda: _connect_sqlite(path, durable=durable),
        poolclass=pool,
        **(options if url.path else {}),
    )
    # The driver would begin a transaction only at the first write, too late for what was read.
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _connect_sqlite(path: str, *, durable: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in (
        f"busy_timeout = {_BUSY_MS}",
        "journal_mode = WAL",
        # With a write-ahead log NORMAL loses commits in a power cut, but never the database.
        f"synchronous = {'FULL' if durable else 'NORMAL'}",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _begin_sqlite(connection: sa.Connection) -> None:
    reads = connection.get_execution_options().get("kerege_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
