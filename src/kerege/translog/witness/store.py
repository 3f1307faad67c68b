# SPDX-License-Identifier: Apache-2.0
"""Where a witness remembers what it cosigned: one SQLite file, or memory.

A witness that forgets can be made to cosign a fork: never restore this file from a backup and
never copy it to a second witness with the same key.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Protocol

from kerege.errors import KeregeError
from kerege.translog.witness.rules import LogState

__all__ = [
    "LogSlot",
    "MemoryWitnessStore",
    "SqliteWitnessStore",
    "WitnessStore",
    "WitnessStoreError",
    "hash_origin",
]

_SCHEMA_VERSION = 1
# As in `schema.sql`: another program's SQLite file is refused and not filled with our tables.
_APPLICATION_ID = 0x4B576974

# How long a commit waits for another process's, in seconds. A commit takes milliseconds.
_LOCK_WAIT_S = 5.0


class WitnessStoreError(KeregeError):
    """State that cannot be read or made durable; nothing may be cosigned."""


@dataclass(slots=True)
class LogSlot:
    """One log's state while held exclusively. `save` at most once; it lasts when the hold ends."""

    state: LogState | None
    saved: tuple[LogState, bytes] | None = field(default=None, init=False)

    def save(self, state: LogState, *, note: bytes) -> None:
        """Replace the log's state and its cosigned checkpoint."""
        self.saved = (state, note)


class WitnessStore(Protocol):
    """Remembers the latest cosigned tree of each log."""

    def exclusive(self, origin: str) -> AbstractContextManager[LogSlot]:
        """Hold one log's state against every other thread and process.

        When the `with` block ends without an exception, what was saved is durable. Raises
        `WitnessStoreError`.
        """
        ...

    def read_note(self, origin_hash: str) -> bytes | None:
        """Return the latest cosigned checkpoint of the log with this `hash_origin`."""
        ...

    def close(self) -> None:
        """Release the state's file. Saved state stays."""
        ...


def hash_origin(origin: str) -> str:
    """Return "the SHA-256 hash of the log's origin, hex encoded, in lowercase"."""
    return sha256(origin.encode()).hexdigest()


class MemoryWitnessStore:
    """A witness's memory for tests and simulation: lost with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: dict[str, LogState] = {}
        self._notes: dict[str, bytes] = {}

    @contextmanager
    def exclusive(self, origin: str) -> Iterator[LogSlot]:
        """Hold one log's state against every other thread."""
        with self._lock:
            slot = LogSlot(self._states.get(origin))
            yield slot
            if slot.saved:
                self._states[origin], self._notes[hash_origin(origin)] = slot.saved

    def read_note(self, origin_hash: str) -> bytes | None:
        """Return the latest cosigned checkpoint of the log with this `hash_origin`."""
        return self._notes.get(origin_hash)

    def close(self) -> None:
        """Do nothing: there is no file."""


class SqliteWitnessStore:
    """A witness's memory in one SQLite file, safe among threads and processes.

    Raises `WitnessStoreError` if the file cannot be opened or is not a witness's.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        with self._told():
            self._connection = sqlite3.connect(
                path, timeout=_LOCK_WAIT_S, isolation_level=None, check_same_thread=False
            )
        try:
            with self._told():
                self._prepare()
        except WitnessStoreError:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        # FULL makes each commit wait for the disk, in WAL mode too.
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA journal_mode = WAL")
        with self._transaction():
            version = self._read_number("PRAGMA user_version")
            if version == 0 and self._read_number("SELECT count(*) FROM sqlite_schema") == 0:
                self._create()
            elif self._read_number("PRAGMA application_id") != _APPLICATION_ID:
                raise self._error("the file is not a witness's state", remedy="name another file")
            elif version != _SCHEMA_VERSION:
                raise self._error(
                    f"the state has version {version}, this program knows {_SCHEMA_VERSION}",
                    remedy="run the newer program that wrote it",
                )

    def _create(self) -> None:
        schema = files(__package__).joinpath("schema.sql").read_text(encoding="utf-8")
        for statement in _split_statements(schema):
            self._connection.execute(statement)

    def _read_number(self, query: str) -> int:
        value: int = self._connection.execute(query).fetchone()[0]
        return value

    @contextmanager
    def exclusive(self, origin: str) -> Iterator[LogSlot]:
        """Hold one log's state against every other thread and process.

        When the `with` block ends without an exception, what was saved is durable. Raises
        `WitnessStoreError`.
        """
        with self._lock, self._told(), self._transaction():
            slot = LogSlot(self._read_state(origin))
            yield slot
            if slot.saved:
                self._write(origin, *slot.saved)

    def read_note(self, origin_hash: str) -> bytes | None:
        """Return the latest cosigned checkpoint of the log with this `hash_origin`."""
        with self._lock, self._told():
            row = self._connection.execute(
                "SELECT note FROM cosigned_log WHERE origin_hash = ?", (origin_hash,)
            ).fetchone()
        return row[0] if row else None

    def close(self) -> None:
        """Release the file. Saved state stays."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        # The connection as a context commits, or rolls back on any exception.
        with self._connection:
            # IMMEDIATE takes the write lock before reading: what is read still holds at the commit.
            self._connection.execute("BEGIN IMMEDIATE")
            yield

    def _read_state(self, origin: str) -> LogState | None:
        row = self._connection.execute(
            "SELECT size, root, timestamp_s FROM cosigned_log WHERE origin = ?", (origin,)
        ).fetchone()
        return LogState(size=row[0], root=row[1], timestamp_s=row[2]) if row else None

    def _write(self, origin: str, state: LogState, note: bytes) -> None:
        self._connection.execute(
            "INSERT INTO cosigned_log (origin, origin_hash, size, root, timestamp_s, note)"
            " VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root,"
            " timestamp_s = excluded.timestamp_s, note = excluded.note",
            (origin, hash_origin(origin), state.size, state.root, state.timestamp_s, note),
        )

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._error(f"the witness's state cannot be used: {error}") from error

    def _error(self, message: str, *, remedy: str = "") -> WitnessStoreError:
        return WitnessStoreError(message, place=str(self._path), remedy=remedy)


def _split_statements(script: str) -> Iterator[str]:
    """Yield a script's statements: `executescript` would commit the open transaction first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
