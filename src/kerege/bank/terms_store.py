# SPDX-License-Identifier: Apache-2.0
"""Statements that tell under which terms wallets pay: their customers, their own settings."""

from collections.abc import Collection
from typing import Final

import sqlalchemy as sa
from msgspec import Struct

from kerege.bank.desk_store import WALLET_SETTINGS
from kerege.bank.people_store import CUSTOMER_WALLETS, CUSTOMERS

__all__ = ["Holder", "Setting", "holders", "save_setting", "settings_of"]

_AT_ONCE: Final = 500
"""Ids in one question: databases bound the parameters of a statement."""


class Holder(Struct, frozen=True):
    """Whose a wallet is, and what limits go by."""

    customer: str
    kind: str
    tier: str
    state: str
    top_up: bool


class Setting(Struct, frozen=True):
    """What a wallet's owner set: its name, and whether the deposit helps out."""

    name: str = ""
    top_up: bool = False


def holders(connection: sa.Connection, wallets: Collection[str]) -> dict[str, Holder]:
    """Holders by wallet, of those this bank keeps."""
    wanted = sorted(wallets)
    found: dict[str, Holder] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        query = (
            sa.select(
                CUSTOMER_WALLETS.c.wallet,
                CUSTOMERS.c.id,
                CUSTOMERS.c.kind,
                CUSTOMERS.c.tier,
                CUSTOMERS.c.state,
                WALLET_SETTINGS.c.top_up,
            )
            .join(CUSTOMERS, CUSTOMERS.c.id == CUSTOMER_WALLETS.c.customer)
            .outerjoin(WALLET_SETTINGS, WALLET_SETTINGS.c.wallet == CUSTOMER_WALLETS.c.wallet)
            .where(CUSTOMER_WALLETS.c.wallet.in_(wanted[start : start + _AT_ONCE]))
        )
        for wallet, customer, kind, tier, state, top_up in connection.execute(query):
            found[wallet] = Holder(customer, kind, tier, state, bool(top_up))
    return found


def settings_of(connection: sa.Connection, wallets: Collection[str]) -> dict[str, Setting]:
    """Settings by wallet, where there are any."""
    query = sa.select(WALLET_SETTINGS).where(WALLET_SETTINGS.c.wallet.in_(list(wallets)))
    return {row.wallet: Setting(row.name, row.top_up) for row in connection.execute(query)}


def save_setting(connection: sa.Connection, wallet: str, setting: Setting) -> None:
    """Set a wallet's settings."""
    values = {"name": setting.name, "top_up": setting.top_up}
    done = connection.execute(
        sa.update(WALLET_SETTINGS).where(WALLET_SETTINGS.c.wallet == wallet).values(**values)
    )
    if done.rowcount == 0:
        connection.execute(sa.insert(WALLET_SETTINGS).values(wallet=wallet, **values))
