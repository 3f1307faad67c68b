# SPDX-License-Identifier: Apache-2.0
"""The cards bound at a bank, a set of tables of its own. No token is in it, only its keyed tag."""

from typing import Final

import sqlalchemy as sa

from kerege.bank.card import Card, CardState
from kerege.bank.customer import CustomerId
from kerege.runtime.tables import Tables

__all__ = [
    "CARDS",
    "METADATA",
    "cards_of",
    "delete_card",
    "delete_cards_of_wallet",
    "find_by_tag",
    "find_card",
    "open_card_tables",
    "save_card",
]

_VERSION: Final = 1

METADATA: Final = sa.MetaData()

CARDS: Final = sa.Table(
    "cards",
    METADATA,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("tag", sa.String(43), nullable=False, unique=True),
    sa.Column("customer", sa.String(36), nullable=False, index=True),
    sa.Column("wallet", sa.String(36), nullable=False, index=True),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("bound_us", sa.BigInteger, nullable=False),
    sa.Column("changed_us", sa.BigInteger, nullable=False),
    sa.CheckConstraint("state IN ('active', 'blocked')", name="cards_state"),
)


def save_card(connection: sa.Connection, card: Card) -> None:
    """Keep a card, new or changed. Raises SQLAlchemy's `IntegrityError` if its tag is another's."""
    values = {name: getattr(card, name) for name in card.__struct_fields__}
    changed = connection.execute(sa.update(CARDS).where(CARDS.c.id == card.id).values(**values))
    if changed.rowcount == 0:
        connection.execute(sa.insert(CARDS).values(**values))


def find_card(connection: sa.Connection, card: str) -> Card | None:
    """A card by its id; locks it."""
    query = sa.select(CARDS).where(CARDS.c.id == card).with_for_update()
    return _card(connection.execute(query).first())


def find_by_tag(connection: sa.Connection, tag: str) -> Card | None:
    """A card by the directory's tag."""
    return _card(connection.execute(sa.select(CARDS).where(CARDS.c.tag == tag)).first())


def cards_of(connection: sa.Connection, customer: str) -> list[Card]:
    """A customer's cards, in an order that stays."""
    query = sa.select(CARDS).where(CARDS.c.customer == customer).order_by(CARDS.c.id)
    return [card for row in connection.execute(query) if (card := _card(row)) is not None]


def delete_card(connection: sa.Connection, card: str) -> None:
    """Forget a card."""
    connection.execute(sa.delete(CARDS).where(CARDS.c.id == card))


def delete_cards_of_wallet(connection: sa.Connection, wallet: str) -> None:
    """Forget the cards of a wallet that has left."""
    connection.execute(sa.delete(CARDS).where(CARDS.c.wallet == wallet))


def open_card_tables(url: str) -> Tables:
    """Open, and at first make, the tables in a bank's database; see `Tables` for what it raises."""
    return Tables(url, METADATA, name="cards", version=_VERSION)


def _card(row: sa.Row[tuple[object, ...]] | None) -> Card | None:
    if row is None:
        return None
    return Card(
        id=row.id,
        tag=row.tag,
        customer=CustomerId(row.customer),
        wallet=row.wallet,
        state=CardState(row.state),
        bound_us=row.bound_us,
        changed_us=row.changed_us,
    )
