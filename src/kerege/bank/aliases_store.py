# SPDX-License-Identifier: Apache-2.0
"""Statements of the aliases a bank's customers have."""

import sqlalchemy as sa
from msgspec import Struct

from kerege.bank.alias import AliasState, Shows
from kerege.bank.customer import CustomerId
from kerege.bank.people_store import ALIAS_CONSENTS, ALIASES

__all__ = [
    "AliasRow",
    "aliases_of",
    "aliases_of_wallet",
    "find_alias",
    "insert_alias",
    "remove_alias",
    "set_shows",
    "set_state",
    "shows_of",
    "unsettled",
]


class AliasRow(Struct, frozen=True):
    """An alias as the database knows it."""

    tag: str
    kind: str
    customer: CustomerId
    wallet: str
    state: AliasState
    changed_us: int


def insert_alias(connection: sa.Connection, alias: AliasRow) -> None:
    """Note a claim."""
    row = {field: getattr(alias, field) for field in alias.__struct_fields__}
    connection.execute(sa.insert(ALIASES).values(row))


def find_alias(connection: sa.Connection, tag: str) -> AliasRow | None:
    """The alias of a tag; locks it."""
    query = sa.select(ALIASES).where(ALIASES.c.tag == tag).with_for_update()
    row = connection.execute(query).first()
    return None if row is None else _alias(row)


def aliases_of(connection: sa.Connection, customer: CustomerId) -> list[AliasRow]:
    """A customer's aliases, in an order that stays."""
    query = sa.select(ALIASES).where(ALIASES.c.customer == customer).order_by(ALIASES.c.tag)
    return [_alias(row) for row in connection.execute(query)]


def aliases_of_wallet(connection: sa.Connection, wallet: str) -> list[AliasRow]:
    """The aliases that lead to a wallet."""
    query = sa.select(ALIASES).where(ALIASES.c.wallet == wallet).order_by(ALIASES.c.tag)
    return [_alias(row) for row in connection.execute(query)]


def unsettled(connection: sa.Connection, before_us: int, *, limit: int) -> list[AliasRow]:
    """Claims and releases the directory did not confirm, older than `before_us`."""
    query = (
        sa.select(ALIASES)
        .where(ALIASES.c.state != AliasState.LISTED, ALIASES.c.changed_us < before_us)
        .order_by(ALIASES.c.tag)
        .limit(limit)
    )
    return [_alias(row) for row in connection.execute(query)]


def set_state(
    connection: sa.Connection, tag: str, state: AliasState, wallet: str, now_us: int
) -> None:
    """Note where an alias stands, and the wallet it leads to."""
    connection.execute(
        sa.update(ALIASES)
        .where(ALIASES.c.tag == tag)
        .values(state=state, wallet=wallet, changed_us=now_us)
    )


def remove_alias(connection: sa.Connection, tag: str) -> None:
    """Forget an alias."""
    connection.execute(sa.delete(ALIASES).where(ALIASES.c.tag == tag))


def shows_of(connection: sa.Connection, customer: CustomerId) -> Shows | None:
    """What a customer chose to show, if anything was chosen."""
    query = sa.select(ALIAS_CONSENTS.c.shows).where(ALIAS_CONSENTS.c.customer == customer)
    found = connection.scalar(query)
    return None if found is None else Shows(found)


def set_shows(connection: sa.Connection, customer: CustomerId, shows: Shows) -> None:
    """Note what a customer chose to show."""
    mine = ALIAS_CONSENTS.c.customer == customer
    if connection.execute(sa.update(ALIAS_CONSENTS).where(mine).values(shows=shows)).rowcount == 0:
        connection.execute(sa.insert(ALIAS_CONSENTS).values(customer=customer, shows=shows))


def _alias(row: sa.Row[tuple[object, ...]]) -> AliasRow:
    return AliasRow(
        row.tag,
        row.kind,
        CustomerId(row.customer),
        row.wallet,
        AliasState(row.state),
        row.changed_us,
    )
