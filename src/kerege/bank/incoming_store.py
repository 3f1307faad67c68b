# SPDX-License-Identifier: Apache-2.0
"""Statements about how far the bank has read what it reads in order."""

import sqlalchemy as sa

from kerege.bank.money_store import CURSORS

__all__ = ["NOTHING_READ", "advance", "position_of"]

NOTHING_READ = -1
"""The cursor before the first event."""


def position_of(connection: sa.Connection, name: str) -> int:
    """Up to where the reader `name` has come."""
    found = connection.scalar(sa.select(CURSORS.c.position).where(CURSORS.c.name == name))
    return NOTHING_READ if found is None else int(found)


def advance(connection: sa.Connection, name: str, *, before: int, after: int) -> bool:
    """Move the reader from `before` to `after`; False if another has moved it meanwhile."""
    if before == NOTHING_READ:
        insert = sa.insert(CURSORS).from_select(
            ["name", "position"],
            sa.select(sa.literal(name), sa.literal(after)).where(
                ~sa.exists().where(CURSORS.c.name == name)
            ),
        )
        return connection.execute(insert).rowcount == 1
    moved = (
        sa.update(CURSORS)
        .where(CURSORS.c.name == name, CURSORS.c.position == before)
        .values(position=after)
    )
    return connection.execute(moved).rowcount == 1
