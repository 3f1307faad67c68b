# SPDX-License-Identifier: Apache-2.0
"""Rows of changes that were begun: a wallet has at most one, and it goes with its effect."""

from collections.abc import Iterable

import sqlalchemy as sa
from msgspec import Struct

from kerege.centralbank.stores.inserting import insert_new, parts
from kerege.centralbank.stores.schema import INTENTS

__all__ = ["Intent", "begin_intents", "end_intents", "read_intents"]


class Intent(Struct, frozen=True, kw_only=True):
    """A signed document (`evidence`) that `bank` sent to change `wallet`, under way."""

    order_id: str
    wallet: str
    bank: str
    evidence: bytes


def begin_intents(connection: sa.Connection, intents: Iterable[Intent]) -> set[str]:
    """Note what is to be begun; returns the order ids of those whose wallet had nothing under way.

    In order of wallet, so that two nodes never wait for each other in a circle.
    """
    rows = [
        {"order_id": i.order_id, "wallet": i.wallet, "bank": i.bank, "evidence": i.evidence}
        for i in sorted(intents, key=lambda intent: intent.wallet)
    ]
    return insert_new(connection, INTENTS, rows, returning=INTENTS.c.order_id)


def end_intents(connection: sa.Connection, order_ids: Iterable[str]) -> set[str]:
    """Remove intents; returns those that were still there, whose effect is now the caller's."""
    ended: set[str] = set()
    for part in parts(sorted(order_ids)):
        statement = sa.delete(INTENTS).where(INTENTS.c.order_id.in_(part))
        ended.update(connection.scalars(statement.returning(INTENTS.c.order_id)))
    return ended


def read_intents(
    connection: sa.Connection,
    *,
    order_ids: Iterable[str] = (),
    wallets: Iterable[str] = (),
    limit: int = 1_000,
) -> list[Intent]:
    """Intents of these orders or wallets; without either, any."""
    orders, named = list(order_ids), list(wallets)
    statement = sa.select(INTENTS).order_by(INTENTS.c.wallet).limit(limit)
    if orders or named:
        statement = statement.where(
            INTENTS.c.order_id.in_(orders) | INTENTS.c.wallet.in_(named),
        )
    return [Intent(**row._asdict()) for row in connection.execute(statement)]
