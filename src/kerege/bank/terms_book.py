# SPDX-License-Identifier: Apache-2.0
"""Terms of wallets from the register of customers and the country's tiers, remembered briefly.

Every payment asks; what the database said is believed for a second, so that somebody who is
blocked stops paying within it, on every node.
"""

import threading
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from kerege.bank import terms_store
from kerege.bank.customer import CustomerState
from kerege.bank.guardian_limits import GuardianLimits
from kerege.bank.terms import Terms
from kerege.bank.terms_store import Holder, Setting
from kerege.bank.tiers import Limits, TierBook
from kerege.runtime.clock import Clock
from kerege.runtime.tables import Tables

__all__ = ["BELIEVED_US", "CustomerTerms"]

BELIEVED_US: Final = 1_000_000

_MAX_REMEMBERED: Final = 50_000
"""Wallets, some 20 MB; beyond that all are forgotten and asked for again."""


class CustomerTerms:
    """A `TermsBook`, and the `Owners` of wallets. Safe among threads."""

    def __init__(
        self, tables: Tables, tiers: TierBook, clock: Clock, guardians: GuardianLimits
    ) -> None:
        self._tables = tables
        self._guardians = guardians
        self._tiers = tiers
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, tuple[int, Terms]] = {}

    def terms(self, wallets: Collection[str]) -> Mapping[str, Terms]:
        """Terms by wallet, of those this bank keeps."""
        now_us = self._clock.now_us()
        with self._lock:
            known = {each: self._known[each] for each in wallets if each in self._known}
        fresh = {each: terms for each, (until_us, terms) in known.items() if until_us > now_us}
        missing = set(wallets) - fresh.keys()
        return {**fresh, **self._read(missing, now_us)} if missing else fresh

    def owners(self, wallets: Sequence[str]) -> Mapping[str, str]:
        """Customers by wallet."""
        return {wallet: terms.customer for wallet, terms in self.terms(set(wallets)).items()}

    def settings(self, wallets: Collection[str]) -> Mapping[str, Setting]:
        """What owners set for their wallets."""
        with self._tables.read() as connection:
            return terms_store.settings_of(connection, wallets)

    def set(self, wallet: str, setting: Setting) -> None:
        """Set a wallet's name, and whether its deposit helps out."""
        with self._tables.begin() as connection:
            terms_store.save_setting(connection, wallet, setting)
        with self._lock:
            self._known.pop(wallet, None)

    def _read(self, wallets: Collection[str], now_us: int) -> dict[str, Terms]:
        with self._tables.read() as connection:
            holders = terms_store.holders(connection, wallets)
        limits = self._guardians.of(holders)
        found = {
            wallet: self._terms_of(holder, limits.get(wallet, {}))
            for wallet, holder in holders.items()
        }
        with self._lock:
            if len(self._known) > _MAX_REMEMBERED:
                self._known.clear()
            until_us = now_us + BELIEVED_US
            self._known.update((wallet, (until_us, terms)) for wallet, terms in found.items())
        return found

    def _terms_of(self, holder: Holder, guardian: Mapping[str, Limits]) -> Terms:
        return Terms(
            customer=holder.customer,
            active=holder.state == CustomerState.ACTIVE,
            tier=self._tiers.find(holder.kind, holder.tier).limits,
            guardian=guardian,
            top_up=holder.top_up,
        )
