# SPDX-License-Identifier: Apache-2.0
"""The sequence of changes by which nodes learn what to forget.

Whoever changes a row that nodes keep in memory notes it last in its transaction: the counter's
row stays locked until the commit, so numbers become visible in order and none is ever skipped.
"""

from typing import Final

import sqlalchemy as sa
from msgspec import Struct

from kerege.centralbank.stores.inserting import insert_new
from kerege.centralbank.stores.schema import CHANGE_COUNT, CHANGES
from kerege.runtime.driving import rows_of

__all__ = ["KEPT_CHANGES", "Change", "changes_after", "last_change", "note_changes", "prepare"]

_LAST: Final = "SELECT number FROM register_change_count"
"""Every batch of orders may ask, so the driver runs it itself."""

KEPT_CHANGES: Final = 10_000
"""Changes kept: a node that is further behind forgets everything it knew."""


class Change(Struct, frozen=True):
    """`kind` is wallet, key, participant, parameters or programme; `subject` its id."""

    kind: str
    subject: str


def prepare(connection: sa.Connection) -> None:
    """Make the counter if there is none."""
    insert_new(
        connection, CHANGE_COUNT, [{"single": 1, "number": 0}], returning=CHANGE_COUNT.c.single
    )


def note_changes(connection: sa.Connection, changes: list[Change]) -> None:
    """Tell all nodes, once this transaction commits."""
    if not changes:
        return
    statement = sa.update(CHANGE_COUNT).values(number=CHANGE_COUNT.c.number + len(changes))
    last: int = connection.execute(statement.returning(CHANGE_COUNT.c.number)).scalar_one()
    first = last - len(changes) + 1
    rows = [
        {"number": first + place, "kind": change.kind, "subject": change.subject}
        for place, change in enumerate(changes)
    ]
    connection.execute(sa.insert(CHANGES), rows)
    connection.execute(sa.delete(CHANGES).where(CHANGES.c.number <= last - KEPT_CHANGES))


def last_change(connection: sa.Connection) -> int:
    """The number of the newest change."""
    ((number,),) = rows_of(connection, _LAST, {})
    return int(number)


def changes_after(connection: sa.Connection, number: int) -> list[Change] | None:
    """Changes after `number`, oldest first; None if some of them are gone."""
    statement = sa.select(CHANGES).where(CHANGES.c.number > number).order_by(CHANGES.c.number)
    rows = connection.execute(statement).all()
    if rows and rows[0].number > number + 1:
        return None
    return [Change(row.kind, row.subject) for row in rows]
