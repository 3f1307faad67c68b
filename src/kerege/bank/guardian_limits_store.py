# SPDX-License-Identifier: Apache-2.0
"""Statements about the limits guardians set for children's wallets."""

from collections.abc import Collection
from typing import Final

import sqlalchemy as sa
from msgspec import Struct

from kerege.bank.money_store import GUARDIAN_LIMITS

__all__ = ["GuardianLimit", "delete_limit", "limits_of", "save_limit"]

_AT_ONCE: Final = 500
"""Ids in one question: databases bound the parameters of a statement."""

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
    wanted = sorted(wallets)
    found: list[GuardianLimit] = []
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        query = sa.select(GUARDIAN_LIMITS).where(_LIMITS.wallet.in_(some))
        found += [GuardianLimit(*row) for row in connection.execute(query)]
    return found


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
