# SPDX-License-Identifier: Apache-2.0
"""Which institution a wallet left, by the order that moved it.

Noted in the transaction that begins the move, so that it is there before the order is accepted and
whoever tells of the order finds it. What was refused leaves a row nobody asks for.
"""

from collections.abc import Mapping

import sqlalchemy as sa

from kerege.centralbank.stores.inserting import insert_new
from kerege.centralbank.stores.schema import DEPARTURES

__all__ = ["bank_left", "note_departures"]


def note_departures(connection: sa.Connection, banks: Mapping[str, str]) -> None:
    """Note institutions by order; what was noted first stands."""
    rows = [{"order_id": order, "bank": bank} for order, bank in sorted(banks.items())]
    if rows:
        insert_new(connection, DEPARTURES, rows, returning=DEPARTURES.c.order_id)


def bank_left(connection: sa.Connection, order_id: str) -> str:
    """The institution an order moved a wallet away from; empty if it moved none."""
    query = sa.select(DEPARTURES.c.bank).where(DEPARTURES.c.order_id == order_id)
    return connection.scalar(query) or ""
