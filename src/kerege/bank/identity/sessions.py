# SPDX-License-Identifier: Apache-2.0
"""Sessions: what a customer's sign-in at a program leads to, until it ends.

A session has one line of refresh tokens. Each is good once and brings the next; one that is shown
twice is in two hands, so the session ends for both (RFC 9700 section 4.14.2).
"""

import threading
from typing import Final

from kerege.bank.customer import CustomerId, CustomerState
from kerege.bank.identity import sessions_store as store
from kerege.bank.identity.bearer import hash_secret, new_secret
from kerege.bank.identity.session import Session
from kerege.runtime.clock import Clock
from kerege.runtime.ids import IdMaker
from kerege.runtime.randomness import Randomness
from kerege.runtime.tables import Tables

__all__ = [
    "REFRESH_LIFE_S",
    "SEEN_WITHIN_S",
    "SESSION_LIFE_S",
    "Sessions",
]

REFRESH_LIFE_S: Final = 7 * 24 * 3600
"""A program not used for a week asks its customer to sign in again."""

SESSION_LIFE_S: Final = 30 * 24 * 3600
"""However busy, a session ends after this."""

SEEN_WITHIN_S: Final = 1
"""How long a node may not notice that another node ended a session or blocked a customer."""

_MAX_CACHED: Final = 10_000
_SECOND_US: Final = 1_000_000


class Sessions:
    """Starts, renews, lists and ends sessions. Safe among threads and processes."""

    def __init__(
        self, tables: Tables, *, clock: Clock, ids: IdMaker, randomness: Randomness
    ) -> None:
        self._tables = tables
        self._clock = clock
        self._ids = ids
        self._randomness = randomness
        self._seen: dict[str, tuple[int, Session | None]] = {}
        self._lock = threading.Lock()

    def make(
        self, customer: CustomerId, *, client: str, scope: str, thumbprint: str | None
    ) -> Session:
        """A session that begins now, once `Grants.settle` keeps it."""
        now_us = self._clock.now_us()
        return Session(
            id=f"ses_{self._ids.make().hex()}",
            customer=customer,
            client=client,
            scope=scope,
            started_us=now_us,
            used_us=now_us,
            ends_us=now_us + SESSION_LIFE_S * _SECOND_US,
            thumbprint=thumbprint,
        )

    def new_refresh_token(self, session: Session) -> str:
        """The next refresh token of a session."""
        token = new_secret(self._randomness)
        life_us = REFRESH_LIFE_S * _SECOND_US
        expires_us = min(self._clock.now_us() + life_us, session.ends_us)
        with self._tables.begin() as connection:
            store.insert_refresh_token(connection, hash_secret(token), session.id, expires_us)
        return token

    def use_refresh_token(
        self, token: str, *, client: str, thumbprint: str | None
    ) -> Session | None:
        """The live session of a token that was never used; the token is used by asking.

        None for anything else: unknown, expired, another client's, without the session's key. A
        token shown twice ends its session.
        """
        now_us = self._clock.now_us()
        with self._tables.begin() as connection:
            found = store.find_by_refresh_token(connection, hash_secret(token))
            if found is None:
                return None
            session, expires_us, used_us = found
            if session.client != client or session.thumbprint != thumbprint:
                # Not used up: else whoever finds a token in a log could end sessions with it.
                return None
            if used_us is not None:
                store.end_session(connection, session.id, now_us)
                self._forget_seen(session.id)
                return None
            if expires_us <= now_us or not _lives(session, now_us):
                return None
            store.use_refresh_token(connection, hash_secret(token), session.id, now_us)
        return session

    def session_of_refresh_token(self, token: str) -> Session | None:
        """Whose a refresh token is, used or not."""
        with self._tables.read() as connection:
            found = store.find_by_refresh_token(connection, hash_secret(token))
        return None if found is None else found[0]

    def live(self, session: str) -> Session | None:
        """The session if it lasts and its customer may act; at most `SEEN_WITHIN_S` old news."""
        now_us = self._clock.now_us()
        with self._lock:
            until_us, seen = self._seen.get(session, (0, None))
        if until_us <= now_us:
            with self._tables.read() as connection:
                found, state = store.find_session(connection, session)
            may_act = state in (CustomerState.ACTIVE, CustomerState.WAITING)
            seen = found if may_act else None
            self._see(session, now_us + SEEN_WITHIN_S * _SECOND_US, seen)
        return seen if seen is not None and _lives(seen, now_us) else None

    def list(self, customer: CustomerId) -> list[Session]:
        """A customer's sessions that last, latest first."""
        with self._tables.read() as connection:
            return store.sessions_of(connection, customer, self._clock.now_us())

    def end(self, customer: CustomerId, session: str) -> bool:
        """End a session if it is this customer's; say whether it was, and lasted."""
        with self._tables.begin() as connection:
            found, _ = store.find_session(connection, session)
            if found is None or found.customer != customer or found.ended_us is not None:
                return False
            store.end_session(connection, session, self._clock.now_us())
        self._forget_seen(session)
        return True

    def end_all(self, customer: CustomerId) -> int:
        """End every session of a customer, for a lost telephone; say how many."""
        with self._tables.begin() as connection:
            ended = store.end_all(connection, customer, self._clock.now_us())
        with self._lock:
            self._seen.clear()
        return ended

    def _see(self, session: str, until_us: int, seen: Session | None) -> None:
        with self._lock:
            if len(self._seen) >= _MAX_CACHED:
                self._seen.clear()
            self._seen[session] = (until_us, seen)

    def _forget_seen(self, session: str) -> None:
        with self._lock:
            self._seen.pop(session, None)


def _lives(session: Session, now_us: int) -> bool:
    return session.ended_us is None and now_us < session.ends_us
