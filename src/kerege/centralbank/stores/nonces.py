# SPDX-License-Identifier: Apache-2.0
"""Nonces of signed requests in SQL, so that several nodes share their protection from replay."""

import threading
from typing import Final

import sqlalchemy as sa

from kerege.centralbank.stores.inserting import insert_new
from kerege.centralbank.stores.schema import METADATA, NAME, NONCES, VERSION
from kerege.keys.http_signatures import NoncesExhaustedError, ReplayedRequestError
from kerege.keys.http_signatures.nonces import DEFAULT_NONCES_PER_KEY
from kerege.runtime.tables import Tables

__all__ = ["SWEEP_EVERY_S", "SqlNonces"]

SWEEP_EVERY_S: Final = 5
"""How often a node removes nonces whose time has passed, in seconds."""

_COUNT_EVERY: Final = 256
"""Claims of one key after which its nonces are counted anew: counting each time would cost more
than the request."""


class SqlNonces:
    """A `NonceStore` in the register's tables. Safe among threads and nodes.

    Each key has its own room of `per_key` nonces, give or take what nodes let in between two
    counts. Raises `DatabaseUnavailable` where a nonce cannot be remembered: it is then not used.
    """

    def __init__(self, tables: Tables, *, per_key: int = DEFAULT_NONCES_PER_KEY) -> None:
        self._tables = tables
        self._per_key = per_key
        self._lock = threading.Lock()
        self._swept_s = 0
        self._claims: dict[str, int] = {}

    @classmethod
    def at(cls, tables_url: str) -> "SqlNonces":
        """The nonces in the register's tables at this URL."""
        return cls(Tables(tables_url, METADATA, name=NAME, version=VERSION))

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
