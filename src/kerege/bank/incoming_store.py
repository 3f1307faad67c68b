# SPDX-License-Identifier: Apache-2.0
"""Statements about how far the bank has read core events, and what it remembers of them."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from msgspec import Struct

from kerege.bank.money_store import CURSORS, REFUNDS
from kerege.runtime.driving import rows_of, run_many

__all__ = [
    "NOTHING_READ",
    "Refunded",
    "advance",
    "note_refunds",
    "payments_of_refunds",
    "position_of",
    "refunded_of",
]

_ADVANCE: Final = (
    "UPDATE cursors SET position = :reached WHERE name = :name AND position = :position"
)

NOTHING_READ: Final = -1
"""The cursor before the first event."""


def position_of(connection: sa.Connection, name: str) -> int:
    """Up to where the reader `name` has come."""
    rows = rows_of(connection, "SELECT position FROM cursors WHERE name = :name", {"name": name})
    return int(rows[0][0]) if rows else NOTHING_READ


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
    moved = {"name": name, "position": before, "reached": after}
    return run_many(connection, _ADVANCE, [moved]) == 1


class Refunded(Struct, frozen=True):
    """A refund: its own order, the payment and the leg it gives back of, in minor units."""

    refund: str
    payment: str
    leg: int
    amount: int


def note_refunds(connection: sa.Connection, refunds: Sequence[Refunded]) -> None:
    """Remember refunds; those read before stay as they are."""
    if not refunds:
        return
    query = sa.select(REFUNDS.c.refund).where(REFUNDS.c.refund.in_([r.refund for r in refunds]))
    known = set(connection.scalars(query))
    rows = {r.refund: r for r in refunds if r.refund not in known}
    values = [{name: getattr(r, name) for name in r.__struct_fields__} for r in rows.values()]
    if values:
        connection.execute(sa.insert(REFUNDS), values)


def refunded_of(connection: sa.Connection, payment: str, leg: int) -> int:
    """Minor units of a leg that went back."""
    amounts = sa.select(sa.func.coalesce(sa.func.sum(REFUNDS.c.amount), 0))
    query = amounts.where(REFUNDS.c.payment == payment, REFUNDS.c.leg == leg)
    return int(connection.scalar(query) or 0)


def payments_of_refunds(connection: sa.Connection, refunds: Sequence[str]) -> dict[str, str]:
    """The payments that refunds gave back of, by refund; those there are."""
    query = sa.select(REFUNDS.c.refund, REFUNDS.c.payment).where(REFUNDS.c.refund.in_(refunds))
    return {row.refund: row.payment for row in connection.execute(query)}
