# SPDX-License-Identifier: Apache-2.0
"""Opening a SQLite ledger: one writing process, the right schema, durable settings."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Final

import apsw

from kerege.ledger.errors import LedgerInUse, SchemaTooNew, StoreFailed

__all__ = [
    "SCHEMA_VERSION",
    "check_that_it_is_ours",
    "open_connection",
    "open_schema",
    "take_writer_lock",
    "transaction",
]

SCHEMA_VERSION: Final = 1
APPLICATION_ID: Final = 0x6B657267
"""'kerg' in the file's header: `file` and we can tell a ledger from another database."""

_HEADER: Final = b"SQLite format 3\x00"
_PAGE_BYTES: Final = 8192
_CACHE_KIB: Final = 65_536
_CHECKPOINT_PAGES: Final = 8_192
"""64 MiB of write-ahead log between checkpoints, so hot pages are copied back once."""

_BUSY_MS: Final = 10_000


def take_writer_lock(path: Path) -> int:
    """File descriptor of a lock held while this process lives.

    Raises `LedgerInUse`, or `StoreFailed` where no such file can be.
    """
    # One file has one lock, by whatever name it was reached.
    try:
        lock = f"{path.resolve()}.lock"
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as failure:
        raise _not_opened(path, failure.strerror or "no reason given") from failure
    except (RuntimeError, ValueError) as failure:
        # pathlib's way to tell of links in a circle, the system call's to tell of a NUL.
        raise _not_opened(path, str(failure)) from failure
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise LedgerInUse(
            "another process writes this ledger",
            place=path.name,
            remedy="ask that process, or stop it first",
        ) from None
    return descriptor


def open_connection(path: Path, *, read_only: bool = False) -> apsw.Connection:
    """A connection with the ledger's settings."""
    flags = apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE
    create = 0 if read_only else apsw.SQLITE_OPEN_CREATE
    try:
        connection = apsw.Connection(str(path), flags=flags | create)
        connection.set_busy_timeout(_BUSY_MS)
        connection.execute(
            f"PRAGMA page_size = {_PAGE_BYTES}; PRAGMA cache_size = -{_CACHE_KIB};"
            " PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY"
        ).fetchall()
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}").fetchall()
    except UnicodeEncodeError as failure:
        raise _not_opened(path, "its name is not UTF-8, as SQLite wants it") from failure
    except apsw.Error as failure:
        raise _not_opened(path, str(failure)) from failure
    return connection


def _not_opened(path: Path, why: str) -> StoreFailed:
    return StoreFailed(
        f"cannot open the ledger's database: {why}",
        place=path.name,
        remedy="check that the file is a ledger, its folder exists and may be written",
    )


def open_schema(connection: apsw.Connection, path: Path) -> None:
    """Create the schema in an empty database, accept our own, refuse any other."""
    check_that_it_is_ours(connection, path, may_be_new=True)
    (tables,) = next(connection.execute("SELECT count(*) FROM sqlite_schema"))
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    if not tables:
        script = resources.files("kerege.ledger.stores").joinpath("sqlite_schema.sql")
        with transaction(connection):
            connection.execute(script.read_text("utf-8"))
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


@contextmanager
def transaction(connection: apsw.Connection) -> Iterator[None]:
    """One SQL transaction, all or nothing. What goes wrong comes out as it is: after a full
    disk SQLite has rolled back already, and apsw's own context would complain of that."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def check_that_it_is_ours(connection: apsw.Connection, path: Path, *, may_be_new: bool) -> None:
    """Before anything is written: a file that is not ours stays as it was.

    Raises `StoreFailed` or `SchemaTooNew`.
    """
    with path.open("rb") as file:
        head = file.read(len(_HEADER))
    (application,) = next(connection.execute("PRAGMA application_id"))
    (version,) = next(connection.execute("PRAGMA user_version"))
    (tables,) = next(connection.execute("SELECT count(*) FROM sqlite_schema"))
    is_new = may_be_new and not tables
    if (application != APPLICATION_ID and not is_new) or (head and head != _HEADER):
        raise StoreFailed(
            "this database is not a ledger",
            place=path.name,
            remedy="name another file, or a new one",
        )
    if version > SCHEMA_VERSION:
        raise SchemaTooNew(
            f"the ledger has schema version {version}, this release knows {SCHEMA_VERSION}",
            place=path.name,
            remedy="use the release that wrote it, or a newer one",
        )
