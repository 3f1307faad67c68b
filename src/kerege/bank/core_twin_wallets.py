# SPDX-License-Identifier: Apache-2.0
"""The twin's register: which wallets there are, who keeps them, which keys sign for them.

In memory. What the core node keeps in tables, with participants and dual control around it, is
here two dictionaries and the rules a bank can run into.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from kerege.keys import KeyEncodingError, PublicKey, key_thumbprint, parse_jwk
from kerege.ledger import AccountId, OpenAccount, Role
from kerege.payments.documents import Amend, Open, Rehome, Rekey
from kerege.payments.ids import ParticipantId, WalletId
from kerege.payments.refusal import Refusal
from kerege.payments.scene import WalletFacts

__all__ = ["SHARED_KINDS", "TwinKey", "TwinWallets"]

SHARED_KINDS: Final = frozenset({"firm", "agency", "bank"})
"""Owners whom everyone pays: their accounts have no ceiling, so credits do not wait."""


class TwinKey(Struct, frozen=True):
    """A key that signs, once signed, or may only bring the next key (`recovers`)."""

    key: PublicKey
    wallet: WalletId
    revoked: bool = False
    recovers: bool = False


class TwinWallets:
    """Wallets and keys. `ceilings` is the holding limit by tier, in minor units of any asset."""

    def __init__(self, ceilings: Mapping[str, int]) -> None:
        self._ceilings = ceilings
        self.keys: dict[str, TwinKey] = {}
        self.wallets: dict[WalletId, WalletFacts] = {}
        self.owners: dict[AccountId, WalletId] = {}
        self.overflows: dict[ParticipantId, dict[str, AccountId]] = {}

    def account_to_open(self, opening: Open, asset: str) -> OpenAccount:
        """The ledger account `opening` asks for in `asset`."""
        if opening.owner_kind in SHARED_KINDS:
            return OpenAccount(asset, Role.COLLECTOR, opening.wallet)
        ceiling = self._ceilings.get(opening.tier)
        return OpenAccount(asset, Role.HOLDER, opening.wallet, ceiling=ceiling)

    def fault_of_opening(self, opening: Open) -> Refusal | None:
        """Why a wallet cannot be opened."""
        if WalletId(opening.wallet) in self.wallets:
            return Refusal.WALLET_EXISTS
        if opening.owner_kind not in SHARED_KINDS and opening.tier not in self._ceilings:
            return Refusal.TIER_UNKNOWN
        return None if _read_key(opening.key) else Refusal.ORDER_TEXT_INVALID

    def add(self, opening: Open, accounts: Mapping[str, AccountId]) -> None:
        """Keep a wallet that was opened."""
        wallet, bank = WalletId(opening.wallet), ParticipantId(opening.bank)
        self.wallets[wallet] = WalletFacts(
            id=wallet,
            bank=bank,
            owner_kind=opening.owner_kind,
            tier=opening.tier,
            accounts=accounts,
            category=opening.category,
            vat=opening.vat,
            region=opening.region,
            overflow=self.overflows.get(ParticipantId(opening.bank), {})
            if opening.overflow
            else {},
        )
        self.owners |= dict.fromkeys(accounts.values(), wallet)
        self._put_key(wallet, opening.key)
        self._put_key(wallet, opening.recovery, recovers=True)

    def amend(self, change: Amend) -> Refusal | None:
        """Change what a bank told of a wallet it keeps."""
        facts = self.wallets.get(WalletId(change.subject))
        bank = self.wallets[WalletId(change.wallet)].bank
        if facts is None:
            return Refusal.WALLET_UNKNOWN
        if facts.bank != bank:
            return Refusal.NOT_YOURS
        self.wallets[facts.id] = replace(
            facts,
            tier=change.tier,
            category=change.category,
            vat=change.vat,
            region=change.region,
            overflow=self.overflows.get(bank, {}) if change.overflow else {},
        )
        return None

    def rehome(self, change: Rehome) -> Refusal | None:
        """Let another bank keep a wallet."""
        facts = self.wallets[WalletId(change.wallet)]
        bank = ParticipantId(change.bank)
        overflow = self.overflows.get(bank, {}) if change.overflow else {}
        self.wallets[facts.id] = replace(facts, bank=bank, overflow=overflow)
        if change.key:
            self._replace_key(facts.id, change.key)
        return None

    def rekey(self, change: Rekey) -> Refusal | None:
        """Let another key sign for a wallet, and no other any more."""
        if _read_key(change.key) is None:
            return Refusal.ORDER_TEXT_INVALID
        wallet = WalletId(change.wallet)
        self._replace_key(wallet, change.key)
        self._put_key(wallet, change.recovery, recovers=True)
        return None

    def keys_of(self, wallet: WalletId) -> tuple[str, ...]:
        """Thumbprints of the keys that sign for a wallet."""
        return tuple(
            kid
            for kid, found in self.keys.items()
            if found.wallet == wallet and not (found.revoked or found.recovers)
        )

    def _replace_key(self, wallet: WalletId, text: str) -> None:
        for kid in self.keys_of(wallet):
            self.keys[kid] = replace(self.keys[kid], revoked=True)
        self._put_key(wallet, text)

    def _put_key(self, wallet: WalletId, text: str, *, recovers: bool = False) -> None:
        key = _read_key(text)
        if key is not None:
            self.keys[key_thumbprint(key)] = TwinKey(key, wallet, recovers=recovers)


def _read_key(text: str) -> PublicKey | None:
    try:
        return parse_jwk(text.encode()).public_key
    except (KeyEncodingError, UnicodeEncodeError):
        return None
