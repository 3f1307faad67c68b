# SPDX-License-Identifier: Apache-2.0
"""Rows of the directory of aliases, and how much each bank asked of it, minute by minute."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from kerege.centralbank.stores.inserting import insert_new
from kerege.centralbank.stores.schema import ALIASES, RESOLUTIONS, WALLETS
from kerege.payments.ids import ParticipantId, WalletId

__all__ = [
    "add_alias",
    "count_aliases",
    "count_asked",
    "find_alias",
    "forget_minutes",
    "move_alias",
    "remove_alias",
]


def add_alias(connection: sa.Connection, tag: str, wallet: WalletId, *, at_us: int) -> bool:
    """Point a free tag to a wallet; False if the tag is taken."""
    row = {"tag": tag, "wallet": wallet, "claimed_at_us": at_us}
    return bool(insert_new(connection, ALIASES, [row], returning=ALIASES.c.tag))


def find_alias(connection: sa.Connection, tag: str) -> tuple[WalletId, ParticipantId] | None:
    """The wallet a tag points to, and who keeps it now."""
    statement = sa.select(WALLETS.c.id, WALLETS.c.bank).join(ALIASES)
    row = connection.execute(statement.where(ALIASES.c.tag == tag)).one_or_none()
    return None if row is None else (WalletId(row.id), ParticipantId(row.bank))


def move_alias(connection: sa.Connection, tag: str, *, before: WalletId, after: WalletId) -> bool:
    """Point a tag from one wallet to another; False if it does not point to the first."""
    statement = sa.update(ALIASES).where(ALIASES.c.tag == tag, ALIASES.c.wallet == before)
    return connection.execute(statement.values(wallet=after)).rowcount == 1


def remove_alias(connection: sa.Connection, tag: str, *, wallet: WalletId) -> None:
    """Free a tag that points to this wallet."""
    statement = sa.delete(ALIASES).where(ALIASES.c.tag == tag, ALIASES.c.wallet == wallet)
    connection.execute(statement)


def count_aliases(connection: sa.Connection, wallet: WalletId) -> int:
    """How many tags point to a wallet."""
    statement = sa.select(sa.func.count()).select_from(ALIASES).where(ALIASES.c.wallet == wallet)
    count: int = connection.execute(statement).scalar_one()
    return count


def count_asked(
    connection: sa.Connection, bank: str, *, minute: int, asked: int, found: int
) -> int:
    """Add to what a bank asked and found in a minute since 1970; returns all it asked in it."""
    maker = sqlite if connection.dialect.name == "sqlite" else postgresql
    values = {"bank": bank, "minute": minute, "asked": asked, "found": found}
    statement = maker.insert(RESOLUTIONS).values(values)
    statement = statement.on_conflict_do_update(
        index_elements=["bank", "minute"],
        set_={"asked": RESOLUTIONS.c.asked + asked, "found": RESOLUTIONS.c.found + found},
    )
    total: int = connection.execute(statement.returning(RESOLUTIONS.c.asked)).scalar_one()
    return total


def forget_minutes(connection: sa.Connection, bank: str, *, before: int) -> None:
    """Remove a bank's counts of minutes before this one."""
    statement = sa.delete(RESOLUTIONS).where(RESOLUTIONS.c.bank == bank)
    connection.execute(statement.where(RESOLUTIONS.c.minute < before))
