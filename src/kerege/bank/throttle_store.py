# SPDX-License-Identifier: Apache-2.0
"""Statements of the counters: one row per rule and subject, changed in one statement."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from kerege.bank.people_store import THROTTLES

__all__ = ["count_once", "remove_before", "used"]


def count_once(connection: sa.Connection, name: str, subject: bytes, begins_us: int) -> int:
    """Count one more in the window that begins then, and say how many that makes."""
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgres_insert
    new = insert(THROTTLES).values(name=name, subject=subject, begins_us=begins_us, used=1)
    same_window = THROTTLES.c.begins_us == new.excluded.begins_us
    counted = new.on_conflict_do_update(
        index_elements=[THROTTLES.c.name, THROTTLES.c.subject],
        set_={
            "begins_us": new.excluded.begins_us,
            "used": sa.case((same_window, THROTTLES.c.used + 1), else_=1),
        },
    ).returning(THROTTLES.c.used)
    return int(connection.execute(counted).scalar_one())


def used(connection: sa.Connection, name: str, subject: bytes, begins_us: int) -> int:
    """How many were counted in the window that begins then."""
    query = sa.select(THROTTLES.c.used).where(
        THROTTLES.c.name == name,
        THROTTLES.c.subject == subject,
        THROTTLES.c.begins_us == begins_us,
    )
    return connection.scalar(query) or 0


def remove_before(connection: sa.Connection, before_us: int) -> int:
    """Remove the counters of windows that began earlier; say how many."""
    gone = sa.delete(THROTTLES).where(THROTTLES.c.begins_us < before_us)
    return connection.execute(gone).rowcount
