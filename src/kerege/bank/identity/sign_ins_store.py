# SPDX-License-Identifier: Apache-2.0
"""Statements of the sign-ins under way."""

import sqlalchemy as sa

from kerege.bank.people_store import SIGN_INS

__all__ = ["find", "insert", "remove", "remove_expired", "set_code"]


def insert(connection: sa.Connection, sign_in: bytes, *, parameters: str, expires_us: int) -> None:
    """Keep a new sign-in."""
    connection.execute(
        sa.insert(SIGN_INS).values(id=sign_in, parameters=parameters, expires_us=expires_us)
    )


def find(
    connection: sa.Connection, sign_in: bytes, now_us: int
) -> tuple[str, str | None, str | None] | None:
    """Parameters, code and customer of a sign-in in time."""
    query = sa.select(SIGN_INS.c.parameters, SIGN_INS.c.code, SIGN_INS.c.customer).where(
        SIGN_INS.c.id == sign_in, SIGN_INS.c.expires_us > now_us
    )
    row = connection.execute(query).first()
    return None if row is None else (row.parameters, row.code, row.customer)


def set_code(connection: sa.Connection, sign_in: bytes, code: str, customer: str | None) -> None:
    """Put the latest code in place of one sent before."""
    connection.execute(
        sa.update(SIGN_INS).where(SIGN_INS.c.id == sign_in).values(code=code, customer=customer)
    )


def remove(connection: sa.Connection, sign_in: bytes) -> bool:
    """Remove a sign-in; say whether it was there."""
    gone = connection.execute(sa.delete(SIGN_INS).where(SIGN_INS.c.id == sign_in))
    return gone.rowcount == 1


def remove_expired(connection: sa.Connection, now_us: int) -> None:
    """Remove what nobody can continue."""
    connection.execute(sa.delete(SIGN_INS).where(SIGN_INS.c.expires_us <= now_us))
