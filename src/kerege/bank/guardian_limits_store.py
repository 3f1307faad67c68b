# SPDX-License-Identifier: Apache-2.0
"""Statements about the limits guardians set for children's wallets."""

from collections.abc import Collection
from typing import Final

import sqlalchemy as sa
from msgspec import Struct

from kerege.bank.money_store import GUARDIAN_LIMITS
from kerege.runtime.driving import listed, rows_of

__all__ = ["GuardianLimit", "delete_limit", "limits_of", "save_limit"]

_OF_WALLETS: Final = {
    "sqlite": (
        "SELECT wallet, asset, payment, day, month, guardian, set_us FROM guardian_limits"
        " WHERE wallet IN (SELECT value FROM json_each(:ids))"
    ),
    "postgresql": (
        "SELECT wallet, asset, payment, day, month, guardian, set_us FROM guardian_limits"
        " WHERE wallet = ANY(:ids)"
    ),
}
"""Every payment asks, so the driver runs it itself."""

_LIMITS: Final = GUARDIAN_LIMITS.c


class GuardianLimit(Struct, frozen=True):
    """One wallet's limits in one asset, minor units; None does not bound."""

    wallet: str
    asset: str
    payment: int | None
    day: int | None
    month: int | None
    guardian: str
    set_us: int


def limits_of(connection: sa.Connection, wallets: Collection[str]) -> list[GuardianLimit]:
    """All limits set for these wallets."""
    rows = rows_of(connection, _OF_WALLETS, {"ids": listed(connection, wallets)})
    return [GuardianLimit(*row) for row in rows]


def save_limit(connection: sa.Connection, limit: GuardianLimit) -> None:
    """Set a wallet's limits in an asset in place of what they were."""
    delete_limit(connection, limit.wallet, limit.asset)
    values = {name: getattr(limit, name) for name in limit.__struct_fields__}
    connection.execute(sa.insert(GUARDIAN_LIMITS).values(**values))


def delete_limit(connection: sa.Connection, wallet: str, asset: str) -> None:
    """Take a wallet's limits in an asset away."""
    connection.execute(
        sa.delete(GUARDIAN_LIMITS).where(_LIMITS.wallet == wallet, _LIMITS.asset == asset)
    )
