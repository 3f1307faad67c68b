# SPDX-License-Identifier: Apache-2.0
"""Limits a guardian sets for a child's wallet, beside those of the child's tier.

Who may be whose guardian is the register of customers'; here is what they set. The limits are held
by `LimitBook` like a tier's, with allowances of their own.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from kerege.bank import guardian_limits_store as store
from kerege.bank.guardian_limits_store import GuardianLimit
from kerege.bank.tiers import Limits
from kerege.errors import KeregeError
from kerege.runtime import Clock
from kerege.runtime.tables import Tables

__all__ = ["GuardianLimits", "UnfitLimits"]


class UnfitLimits(KeregeError):
    """Limits that contradict each other, or that bound what a guardian cannot bound."""


class GuardianLimits:
    """What guardians set. Safe among threads and nodes."""

    def __init__(self, tables: Tables, *, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    def set(self, *, guardian: str, wallet: str, asset: str, limits: Limits) -> None:
        """Set them in place of what they were. That the caller answers for whose wallet it is, is
        the caller's to see. Raises `UnfitLimits`."""
        if limits.holding is not None:
            raise UnfitLimits("what a wallet may hold goes by its tier", place="holding")
        rising = [one for one in (limits.payment, limits.day, limits.month) if one is not None]
        if rising != sorted(rising):
            raise UnfitLimits("payment, day and month do not rise", place="limits")
        limit = GuardianLimit(
            wallet=wallet,
            asset=asset,
            payment=limits.payment,
            day=limits.day,
            month=limits.month,
            guardian=guardian,
            set_us=self._clock.now_us(),
        )
        with self._tables.begin() as connection:
            store.save_limit(connection, limit)

    def lift(self, *, wallet: str, asset: str) -> None:
        """Take them away."""
        with self._tables.begin() as connection:
            store.delete_limit(connection, wallet, asset)

    def of(self, wallets: Collection[str]) -> Mapping[str, Mapping[str, Limits]]:
        """By wallet and asset, where there are any."""
        with self._tables.read() as connection:
            found = store.limits_of(connection, wallets)
        by_wallet: defaultdict[str, dict[str, Limits]] = defaultdict(dict)
        for limit in found:
            by_wallet[limit.wallet][limit.asset] = Limits(
                payment=limit.payment, day=limit.day, month=limit.month
            )
        return by_wallet
