# SPDX-License-Identifier: Apache-2.0
"""Nonces of signed requests in SQL, so that several nodes share their protection from replay, and
a node that starts again still knows what it saw."""

import threading
from typing import Final

import sqlalchemy as sa

from kerege.centralbank.stores.inserting import insert_new
from kerege.keys.http_signatures import NoncesExhaustedError, ReplayedRequestError
from kerege.keys.http_signatures.nonces import DEFAULT_NONCES_PER_KEY
from kerege.runtime import SqliteUrl, parse_database_url
from kerege.runtime.tables import Tables

__all__ = ["SWEEP_EVERY_S", "SqlNonces"]

SWEEP_EVERY_S: Final = 5
"""How often a node removes nonces whose time has passed, in seconds."""

_METADATA: Final = sa.MetaData()

NONCES: Final = sa.Table(
    "register_nonces",
    _METADATA,
    sa.Column("keyid", sa.String(128), primary_key=True),
    sa.Column("nonce", sa.String(64), primary_key=True),
    sa.Column("until_s", sa.BigInteger, nullable=False, index=True),
)

_COUNT_EVERY: Final = 256
"""Claims of one key after which its nonces are counted anew: counting each time would cost more
than the request."""


class SqlNonces:
    """A `NonceStore` in the register's tables. Safe among threads and nodes.

    Each key has its own room of `per_key` nonces, give or take what nodes let in between two
    counts. Raises `DatabaseUnavailable` where a nonce cannot be remembered: it is then not used.
    """

    def __init__(self, tables_url: str, *, per_key: int = DEFAULT_NONCES_PER_KEY) -> None:
        """Beside the register at `tables_url`: in PostgreSQL the same database, for SQLite a file
        of its own, so that requests do not wait for the register's writers.

        A commit need not survive a power cut, which would cost as much as an order: what a replay
        could then do in the few minutes a signature holds, ids make harmless.
        """
        url = _beside(tables_url)
        self._tables = Tables(url, _METADATA, name="register-nonces", version=1, durable=False)
        self._per_key = per_key
        self._lock = threading.Lock()
        self._swept_s = 0
        self._claims: dict[str, int] = {}

    def claim(self, *, keyid: str, nonce: str, until_s: int, now_s: int) -> None:
        """As `NonceStore.claim`; times in seconds since 1970 UTC."""
        sweeps, counts = self._due(keyid, now_s)
        row = {"keyid": keyid, "nonce": nonce, "until_s": until_s}
        with self._tables.begin() as connection:
            if sweeps:
                connection.execute(sa.delete(NONCES).where(NONCES.c.until_s < now_s))
            if counts:
                self._check_room(connection, keyid)
            new = insert_new(connection, NONCES, [row], returning=NONCES.c.nonce)
        if not new:
            raise ReplayedRequestError("used already", place="nonce", remedy="take a new nonce")

    def close(self) -> None:
        """Let go of the tables."""
        self._tables.close()

    def _due(self, keyid: str, now_s: int) -> tuple[bool, bool]:
        """Whether it is time to sweep, and to count this key's nonces."""
        with self._lock:
            sweeps = now_s >= self._swept_s + SWEEP_EVERY_S
            if sweeps:
                self._swept_s = now_s
                self._claims.clear()
            claims = self._claims.get(keyid, 0)
            self._claims[keyid] = claims + 1
        return sweeps, claims % min(_COUNT_EVERY, self._per_key) == 0

    def _check_room(self, connection: sa.Connection, keyid: str) -> None:
        statement = sa.select(sa.func.count()).select_from(NONCES).where(NONCES.c.keyid == keyid)
        if connection.execute(statement).scalar_one() >= self._per_key:
            raise NoncesExhaustedError(
                f"{keyid} has {self._per_key} requests under way",
                remedy="send fewer at once, and again once older signatures are over",
            )


def _beside(url: str) -> str:
    parsed = parse_database_url(url)
    if isinstance(parsed, SqliteUrl) and parsed.path is not None:
        return str(SqliteUrl(parsed.path.with_suffix(".nonces.db")))
    return url
