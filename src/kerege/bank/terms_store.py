# SPDX-License-Identifier: Apache-2.0
"""Statements that tell under which terms wallets pay: their customers, their own settings."""

from collections.abc import Collection
from typing import Final

import sqlalchemy as sa
from msgspec import Struct

from kerege.bank.desk_store import WALLET_SETTINGS
from kerege.runtime.driving import listed, rows_of

__all__ = ["Holder", "Setting", "holders", "save_setting", "settings_of"]

_HOLDERS: Final = {
    "sqlite": (
        "SELECT w.wallet, c.id, c.kind, c.tier, c.state, s.top_up FROM customer_wallets AS w"
        " JOIN customers AS c ON c.id = w.customer"
        " LEFT JOIN wallet_settings AS s ON s.wallet = w.wallet"
        " WHERE w.wallet IN (SELECT value FROM json_each(:ids))"
    ),
    "postgresql": (
        "SELECT w.wallet, c.id, c.kind, c.tier, c.state, s.top_up FROM customer_wallets AS w"
        " JOIN customers AS c ON c.id = w.customer"
        " LEFT JOIN wallet_settings AS s ON s.wallet = w.wallet WHERE w.wallet = ANY(:ids)"
    ),
}
"""Every payment asks, so the driver runs it itself."""


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
    rows = rows_of(connection, _HOLDERS, {"ids": listed(connection, wallets)})
    return {
        wallet: Holder(customer, kind, tier, state, bool(top_up))
        for wallet, customer, kind, tier, state, top_up in rows
    }


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
