# SPDX-License-Identifier: Apache-2.0
"""Authorization codes: given at sign-in, good once and for a minute.

A code is used up by the first who shows it, rightly or not: wrong program, wrong address, wrong
verifier all cost it. One that is shown again was in two hands, so the session that came of it
ends (RFC 6749 section 4.1.2).
"""

from typing import Final

from kerege.bank.identity import grants_store as store
from kerege.bank.identity import sessions_store
from kerege.bank.identity.bearer import hash_secret, new_secret
from kerege.bank.identity.granted import Granted
from kerege.bank.identity.session import Session
from kerege.runtime.clock import Clock
from kerege.runtime.randomness import Randomness
from kerege.runtime.tables import Tables

__all__ = ["GRANT_LIFE_S", "Grants"]

GRANT_LIFE_S: Final = 60
"""Seconds from redirect to token request; a program takes one."""

_KEPT_US: Final = 3_600_000_000
"""How long a used code is remembered, so that its second use is noticed."""


class Grants:
    """Gives codes and takes them back. Safe among threads and processes."""

    def __init__(self, tables: Tables, *, clock: Clock, randomness: Randomness) -> None:
        self._tables = tables
        self._clock = clock
        self._randomness = randomness

    def new_code(self) -> str:
        """A code nobody can guess."""
        return new_secret(self._randomness)

    def keep(self, code: str, granted: Granted) -> None:
        """Let a code stand for what was granted."""
        with self._tables.begin() as connection:
            store.remove_before(connection, self._clock.now_us() - _KEPT_US)
            store.insert_grant(connection, hash_secret(code), granted)

    def take(self, code: str) -> Granted | None:
        """What a code stands for, the first time and in time; it is used up by asking."""
        now_us = self._clock.now_us()
        with self._tables.begin() as connection:
            found = store.count_use(connection, hash_secret(code))
            if found is None:
                return None
            granted, uses, session = found
            if uses > 1 and session is not None:
                sessions_store.end_session(connection, session, now_us)
            return granted if uses == 1 and now_us < granted.expires_us else None

    def settle(self, code: str, session: Session) -> bool:
        """Begin the session a code led to; False if the code was shown again meanwhile."""
        with self._tables.begin() as connection:
            if store.uses_of(connection, hash_secret(code)) != 1:
                return False
            sessions_store.remove_old(connection, self._clock.now_us())
            sessions_store.insert_session(connection, session)
            store.set_session(connection, hash_secret(code), session.id)
        return True
