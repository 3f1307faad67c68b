# SPDX-License-Identifier: Apache-2.0
"""Statements of the authorization codes."""

import sqlalchemy as sa

from kerege.bank.customer import CustomerId
from kerege.bank.identity.granted import Granted
from kerege.bank.people_store import GRANTS

__all__ = ["count_use", "insert_grant", "remove_before", "set_session", "uses_of"]


def insert_grant(connection: sa.Connection, code: bytes, granted: Granted) -> None:
    """Keep what a code stands for."""
    row = {field: getattr(granted, field) for field in granted.__struct_fields__}
    connection.execute(sa.insert(GRANTS).values(code=code, uses=0, **row))


def count_use(connection: sa.Connection, code: bytes) -> tuple[Granted, int, str | None] | None:
    """Count one more use; give the grant, its uses and the session that came of it.

    One statement: of two who show a code at once, one is the first.
    """
    used = (
        sa.update(GRANTS)
        .where(GRANTS.c.code == code)
        .values(uses=GRANTS.c.uses + 1)
        .returning(*GRANTS.c)
    )
    row = connection.execute(used).first()
    return None if row is None else (_granted(row), row.uses, row.session)


def uses_of(connection: sa.Connection, code: bytes) -> int | None:
    """How often a code was shown; locks it."""
    query = sa.select(GRANTS.c.uses).where(GRANTS.c.code == code).with_for_update()
    return connection.scalar(query)


def set_session(connection: sa.Connection, code: bytes, session: str) -> None:
    """Note the session that came of a code."""
    connection.execute(sa.update(GRANTS).where(GRANTS.c.code == code).values(session=session))


def remove_before(connection: sa.Connection, before_us: int) -> None:
    """Remove what expired before then."""
    connection.execute(sa.delete(GRANTS).where(GRANTS.c.expires_us < before_us))


def _granted(row: sa.Row[tuple[object, ...]]) -> Granted:
    return Granted(
        client=row.client,
        customer=CustomerId(row.customer),
        redirect_uri=row.redirect_uri,
        scope=row.scope,
        nonce=row.nonce,
        challenge=row.challenge,
        thumbprint=row.thumbprint,
        granted_us=row.granted_us,
        expires_us=row.expires_us,
    )
