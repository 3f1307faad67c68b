# SPDX-License-Identifier: Apache-2.0
"""Connections to a PostgreSQL ledger: durable, bounded in time and in number.

A connection serves one batch or one question at a time. Whatever goes wrong on it comes out
as `Retry` where trying again may help, and as `StoreFailed` where it will not. Messages name
server and database, never what a URL holds besides.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import errors

from kerege.errors import InvariantViolation
from kerege.ledger.errors import StoreFailed
from kerege.ledger.stores.postgres_retry import PostgresRetry
from kerege.ledger.stores.postgres_wire import register_arrays

__all__ = ["MAX_CONNECTIONS", "Connection", "Connections"]

Connection = psycopg.Connection[tuple[Any, ...]]

MAX_CONNECTIONS: Final = 8
"""Of one process. More batches at once do not commit faster on the cores one server has."""

_CONNECT_S: Final = 5
_WAIT_FOR_CONNECTION_S: Final = 30.0
"""As long as a statement may take: whoever holds a connection is done by then or has failed."""

_OLDEST: Final = 150_000
_DURABLE: Final = ("on", "remote_apply")

_SETTINGS: Final = """
    SELECT set_config('synchronous_commit',
                      CASE current_setting('synchronous_commit')
                      WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false),
           set_config('statement_timeout', '30s', false),
           set_config('lock_timeout', '10s', false),
           set_config('idle_in_transaction_session_timeout', '30s', false),
           set_config('default_transaction_isolation', 'read committed', false),
           set_config('jit', 'off', false),
           set_config('enable_seqscan', 'off', false),
           set_config('enable_hashjoin', 'off', false),
           set_config('enable_mergejoin', 'off', false),
           set_config('timezone', 'UTC', false)
"""
"""A batch holds locks that others wait for, so each of its parts is bounded. Compiling a
statement costs more than any of ours takes. All we ask for is found by an index, however
many rows it is: the planner would rather read a whole table, once the share is large."""

_PASSING: Final = (
    errors.UniqueViolation,  # another process decided one of these ids at the same time
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    errors.QueryCanceled,
    errors.TooManyConnections,
    errors.ReadOnlySqlTransaction,  # a standby about to be promoted
    errors.IdleInTransactionSessionTimeout,
)
_OUR_FAULT: Final = (errors.CheckViolation, errors.ForeignKeyViolation, errors.NotNullViolation)


class Connections:
    """A small pool. `place` names the database in messages."""

    def __init__(self, conninfo: str, *, place: str, limit: int = MAX_CONNECTIONS) -> None:
        self._conninfo = conninfo
        self.place = place
        self._free = threading.Semaphore(limit)
        self._idle: list[Connection] = []
        self._lock = threading.Lock()
        self._closed = False

    @contextmanager
    def use(self) -> Iterator[Connection]:
        """A connection outside any SQL transaction; what is not committed is rolled back.

        Raises `Retry`, `StoreFailed`, or `InvariantViolation` if the database refuses what
        the rules allowed.
        """
        if not self._free.acquire(timeout=_WAIT_FOR_CONNECTION_S):
            raise PostgresRetry("every connection is busy")
        try:
            with self._translated():
                connection = self._take()
                try:
                    yield connection
                finally:
                    self._give_back(connection)
        finally:
            self._free.release()

    def close(self) -> None:
        """Close what is idle; connections in use are closed when they come back."""
        with self._lock:
            self._closed = True
        self._drop_idle()

    def _take(self) -> Connection:
        with self._lock:
            if self._closed:
                raise StoreFailed("the ledger is closed", remedy="open it again")
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _give_back(self, connection: Connection) -> None:
        if not connection.closed:
            try:
                connection.rollback()
            except psycopg.Error:
                connection.close()
        if connection.closed:
            # The server went away or was restarted: the others are of no use either.
            self._drop_idle()
            return
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def _drop_idle(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _connect(self) -> Connection:
        try:
            connection: Connection = psycopg.connect(
                self._conninfo, connect_timeout=_CONNECT_S, application_name="kerege ledger"
            )
        except psycopg.ProgrammingError:
            # Its text repeats parts of what was given, and one of them may be a password.
            raise StoreFailed(
                "the database's address cannot be read",
                place=self.place,
                remedy="write it as postgresql://user:password@host:5432/database",
            ) from None
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: Connection) -> None:
        if connection.info.server_version < _OLDEST:
            raise StoreFailed(
                f"PostgreSQL {connection.info.server_version // 10_000} is too old",
                place=self.place,
                remedy="use PostgreSQL 15 to 18",
            )
        register_arrays(connection)
        connection.execute(_SETTINGS)
        connection.commit()
        rows = connection.execute("SELECT current_setting('synchronous_commit')").fetchall()
        connection.rollback()
        if rows[0][0] not in _DURABLE:
            raise StoreFailed(
                f"synchronous_commit is {rows[0][0]!r} and cannot be changed",
                place=self.place,
                remedy="a ledger needs it on: ask the database's administrator",
            )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as failure:
            raise self._translate(failure) from failure

    def _translate(self, failure: psycopg.Error) -> Exception:
        """Our kind of error. An `OperationalError` without a code is a lost connection."""
        code = failure.sqlstate
        what = f"{type(failure).__name__} {code or ''}".strip()
        lost = isinstance(failure, errors.OperationalError) and (
            code is None or code.startswith(("08", "57P"))
        )
        if lost:
            what = str(failure).partition("\n")[0]
        if lost or isinstance(failure, _PASSING):
            return PostgresRetry(f"{self.place}: {what}", stagger=threading.get_native_id())
        if isinstance(failure, _OUR_FAULT):
            constraint = failure.diag.constraint_name
            return InvariantViolation(f"{self.place}: the database refuses {constraint} ({what})")
        return StoreFailed(
            f"the database refused: {failure.diag.message_primary or what}",
            place=self.place,
            remedy="see the server's log; after it is put right send the same orders again",
        )
