# SPDX-License-Identifier: Apache-2.0
"""Statements of the one-time codes."""

import sqlalchemy as sa

from kerege.bank.people_store import ONE_TIME_CODES

__all__ = ["insert_code", "remove_expired", "spend", "use_try"]


def insert_code(
    connection: sa.Connection, code: bytes, *, purpose: str, mac: bytes, tries: int, expires_us: int
) -> None:
    """Keep what a code will be checked against."""
    connection.execute(
        sa.insert(ONE_TIME_CODES).values(
            id=code, purpose=purpose, mac=mac, tries_left=tries, expires_us=expires_us
        )
    )


def use_try(connection: sa.Connection, code: bytes, *, purpose: str, now_us: int) -> bytes | None:
    """Take one try off a code that is alive and give its MAC. One statement: tries made at once
    by many do not become more than there are."""
    used = (
        sa.update(ONE_TIME_CODES)
        .where(
            ONE_TIME_CODES.c.id == code,
            ONE_TIME_CODES.c.purpose == purpose,
            ONE_TIME_CODES.c.tries_left > 0,
            ONE_TIME_CODES.c.expires_us > now_us,
        )
        .values(tries_left=ONE_TIME_CODES.c.tries_left - 1)
        .returning(ONE_TIME_CODES.c.mac)
    )
    return connection.execute(used).scalar_one_or_none()


def spend(connection: sa.Connection, code: bytes) -> None:
    """Remove a code."""
    connection.execute(sa.delete(ONE_TIME_CODES).where(ONE_TIME_CODES.c.id == code))


def remove_expired(connection: sa.Connection, now_us: int) -> None:
    """Remove codes nobody can use any more."""
    connection.execute(sa.delete(ONE_TIME_CODES).where(ONE_TIME_CODES.c.expires_us <= now_us))
