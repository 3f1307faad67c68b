# SPDX-License-Identifier: Apache-2.0
"""Statements of sessions and their refresh tokens."""

from typing import Final

import sqlalchemy as sa

from kerege.bank.customer import CustomerId
from kerege.bank.identity.session import Session
from kerege.bank.people_store import REFRESH_TOKENS, SESSIONS
from kerege.runtime.driving import rows_of

__all__ = [
    "end_all",
    "end_session",
    "find_by_refresh_token",
    "find_session",
    "insert_refresh_token",
    "insert_session",
    "remove_old",
    "sessions_of",
    "use_refresh_token",
]

_FIND: Final = (
    "SELECT s.id, s.customer, s.client, s.scope, s.thumbprint, s.started_us, s.used_us, s.ends_us,"
    " s.ended_us, c.state FROM sessions AS s JOIN customers AS c ON c.id = s.customer"
    " WHERE s.id = :id"
)
"""Every customer's request may ask, so the driver runs it itself."""

_ROWS_AT_ONCE = 100
"""Old sessions removed when one starts: more than start meanwhile, few enough not to wait for."""


def insert_session(connection: sa.Connection, session: Session) -> None:
    """Keep a new session."""
    row = {field: getattr(session, field) for field in session.__struct_fields__}
    connection.execute(sa.insert(SESSIONS).values(row))


def find_session(connection: sa.Connection, session: str) -> tuple[Session | None, str | None]:
    """The session and the state of its customer."""
    rows = rows_of(connection, _FIND, {"id": session})
    if not rows:
        return None, None
    *values, state = rows[0]
    return Session(**dict(zip(SESSIONS.c.keys(), values, strict=True))), state


def sessions_of(connection: sa.Connection, customer: CustomerId, now_us: int) -> list[Session]:
    """Those that last, latest first."""
    query = (
        sa.select(SESSIONS)
        .where(
            SESSIONS.c.customer == customer,
            SESSIONS.c.ended_us.is_(None),
            SESSIONS.c.ends_us > now_us,
        )
        .order_by(SESSIONS.c.started_us.desc(), SESSIONS.c.id.desc())
    )
    return [_session(row) for row in connection.execute(query)]


def end_session(connection: sa.Connection, session: str, now_us: int) -> None:
    """End a session; one that has ended stays so."""
    connection.execute(
        sa.update(SESSIONS)
        .where(SESSIONS.c.id == session, SESSIONS.c.ended_us.is_(None))
        .values(ended_us=now_us)
    )


def end_all(connection: sa.Connection, customer: CustomerId, now_us: int) -> int:
    """End what lasts of a customer's sessions; say how many."""
    ended = (
        sa.update(SESSIONS)
        .where(
            SESSIONS.c.customer == customer,
            SESSIONS.c.ended_us.is_(None),
            SESSIONS.c.ends_us > now_us,
        )
        .values(ended_us=now_us)
    )
    return connection.execute(ended).rowcount


def insert_refresh_token(
    connection: sa.Connection, token: bytes, session: str, expires_us: int
) -> None:
    """Keep the hash of a new refresh token."""
    connection.execute(
        sa.insert(REFRESH_TOKENS).values(id=token, session=session, expires_us=expires_us)
    )


def find_by_refresh_token(
    connection: sa.Connection, token: bytes
) -> tuple[Session, int, int | None] | None:
    """Session, expiry and use of a token; locks the session, so that two uses at once are seen."""
    query = (
        sa.select(
            SESSIONS,
            REFRESH_TOKENS.c.expires_us.label("token_expires_us"),
            REFRESH_TOKENS.c.used_us.label("token_used_us"),
        )
        .join(REFRESH_TOKENS, REFRESH_TOKENS.c.session == SESSIONS.c.id)
        .where(REFRESH_TOKENS.c.id == token)
        .with_for_update()
    )
    row = connection.execute(query).first()
    return None if row is None else (_session(row), row.token_expires_us, row.token_used_us)


def use_refresh_token(connection: sa.Connection, token: bytes, session: str, now_us: int) -> None:
    """Note that a token was used, and its session with it."""
    connection.execute(
        sa.update(REFRESH_TOKENS).where(REFRESH_TOKENS.c.id == token).values(used_us=now_us)
    )
    connection.execute(sa.update(SESSIONS).where(SESSIONS.c.id == session).values(used_us=now_us))


def remove_old(connection: sa.Connection, now_us: int) -> None:
    """Remove some sessions whose time is over, with their tokens."""
    old = list(
        connection.scalars(
            sa.select(SESSIONS.c.id).where(SESSIONS.c.ends_us <= now_us).limit(_ROWS_AT_ONCE)
        )
    )
    if old:
        connection.execute(sa.delete(REFRESH_TOKENS).where(REFRESH_TOKENS.c.session.in_(old)))
        connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.id.in_(old)))


def _session(row: sa.Row[tuple[object, ...]]) -> Session:
    return Session(
        id=row.id,
        customer=CustomerId(row.customer),
        client=row.client,
        scope=row.scope,
        started_us=row.started_us,
        used_us=row.used_us,
        ends_us=row.ends_us,
        thumbprint=row.thumbprint,
        ended_us=row.ended_us,
    )
