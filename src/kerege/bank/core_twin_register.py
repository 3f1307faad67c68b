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
from kerege.ledger import AccountId, Ledger, OpenAccount, Order, Role, Terms, parse_order_id
from kerege.payments.derived import derived_order_id
from kerege.payments.documents import Amend, Open, Rehome, Rekey
from kerege.payments.fees import NO_FEES, FeeSchedule
from kerege.payments.ids import ParticipantId, WalletId
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Plan, WalletFacts
from kerege.payments.verdict import ACCEPTED, Verdict, verdict_of
from kerege.runtime import Clock

__all__ = ["SHARED_KINDS", "TwinInstitution", "TwinKey", "TwinRegister"]

SHARED_KINDS: Final = frozenset({"firm", "agency", "bank"})
"""Owners whom everyone pays: their accounts have no ceiling, so credits do not wait."""

_NO_PLAN: Final = Plan((), ())


class TwinKey(Struct, frozen=True):
    """A key that signs, once signed, or may only bring the next key (`recovery`)."""

    key: PublicKey
    wallet: WalletId
    revoked: bool = False
    recovery: bool = False


class TwinInstitution(Struct, frozen=True):
    """An institution the core does business with."""

    suspended: bool = False


class TwinRegister:
    """`centralbank.registry.Registry` in memory. `ceilings` is the holding limit by tier, in minor
    units of any asset; any name is an institution's."""

    def __init__(
        self, ledger: Ledger, clock: Clock, *, sink: AccountId, ceilings: Mapping[str, int]
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._sink = sink
        self._ceilings = ceilings
        self._changes: dict[str, tuple[bytes, Verdict]] = {}
        self.keys: dict[str, TwinKey] = {}
        self.wallets: dict[WalletId, WalletFacts] = {}
        self.owners: dict[AccountId, WalletId] = {}
        self.overflows: dict[ParticipantId, dict[str, AccountId]] = {}
        self.suspended: set[str] = set()

    def refresh(self) -> None:
        """There are no other nodes."""

    def participant(self, participant_id: str) -> TwinInstitution | None:
        """An institution."""
        return TwinInstitution(participant_id in self.suspended)

    def key(self, kid: str) -> TwinKey | None:
        """A wallet's key by its thumbprint."""
        return self.keys.get(kid)

    def wallet(self, wallet_id: str) -> WalletFacts | None:
        """A wallet."""
        return self.wallets.get(WalletId(wallet_id))

    def allowance_sink(self) -> AccountId:
        """Where used-up allowances are counted."""
        return self._sink

    def fees(self) -> FeeSchedule:
        """Nothing costs anything."""
        return NO_FEES

    def change_of(self, order_id: str) -> Verdict | None:
        """What became of a change that moved no money."""
        first = self._changes.get(order_id)
        return None if first is None else first[1]

    # -- registrations --

    def open_wallet(self, document: Open, evidence: bytes, bank: ParticipantId) -> Verdict:
        """Open a wallet's accounts, then keep it."""
        order_id = parse_order_id(document.id)
        refusal = self._fault_of_opening(document)
        if refusal is not None and self._ledger.outcome(order_id) is None:
            return Verdict(document.id, refusal)
        steps = tuple(self._account_to_open(document, asset) for asset in document.assets)
        terms = Terms(valid_until_us=document.until_us)
        (outcome,) = self._ledger.post([Order(order_id, steps, terms, evidence)])
        if outcome.accepted and not outcome.replayed:
            accounts = zip(document.assets, map(AccountId, outcome.results), strict=True)
            self._add(document, bank, dict(accounts))
        return verdict_of(outcome, _NO_PLAN)

    def amend(self, document: Amend, evidence: bytes, bank: ParticipantId) -> Verdict:
        """Change what a bank told of a wallet it keeps."""
        facts = self.wallets.get(WalletId(document.subject))
        refusal = None
        if facts is None:
            refusal = Refusal.WALLET_UNKNOWN
        elif facts.bank != bank:
            refusal = Refusal.NOT_YOURS
        verdict = self._once(document, evidence, refusal)
        if facts is not None and verdict.accepted and not verdict.replayed:
            self.wallets[facts.id] = replace(
                facts,
                tier=document.tier,
                category=document.category,
                vat=document.vat,
                region=document.region,
                overflow=self._overflow(bank, wanted=document.overflow),
            )
        return verdict

    def rehome(self, document: Rehome, evidence: bytes, bank: ParticipantId) -> Verdict:
        """Let another bank keep a wallet."""
        verdict = self._once(document, evidence, _fault_of_key(document.key, needed=False))
        if verdict.accepted and not verdict.replayed:
            wallet = WalletId(document.wallet)
            overflow = self._overflow(bank, wanted=document.overflow)
            self.wallets[wallet] = replace(self.wallets[wallet], bank=bank, overflow=overflow)
            if document.key:
                self._replace_key(wallet, document.key)
        return verdict

    def rekey(self, document: Rekey, evidence: bytes, bank: ParticipantId) -> Verdict:
        """Let another key sign for a wallet, and no other any more."""
        del bank
        verdict = self._once(document, evidence, _fault_of_key(document.key, needed=True))
        if verdict.accepted and not verdict.replayed:
            wallet = WalletId(document.wallet)
            self._replace_key(wallet, document.key)
            self._put_key(wallet, document.recovery, recovery=True)
        return verdict

    def _once(
        self, document: Amend | Rehome | Rekey, evidence: bytes, refusal: Refusal | None
    ) -> Verdict:
        """Remember the first answer to a change."""
        content = evidence.rpartition(b".")[0]
        first = self._changes.get(document.id)
        if first is not None:
            same = first[0] == content
            return (
                replace(first[1], replayed=True)
                if same
                else Verdict(document.id, "id_has_other_content")
            )
        code = refusal.value if refusal is not None else ACCEPTED
        if refusal is None and self._clock.now_us() > document.until_us:
            code = "expired"
        verdict = Verdict(document.id, code, at_us=self._clock.now_us())
        self._changes[document.id] = (content, verdict)
        return verdict

    # -- what is kept --

    def add_overflow(self, bank: ParticipantId, wallet: WalletId, asset: str) -> None:
        """Give a bank the account in which it takes what its customers may not hold."""
        overflow = self._open_own(asset, f"{wallet}-overflow")
        self.overflows[bank] = {asset: overflow}
        self.owners[overflow] = wallet

    def keys_of(self, wallet: WalletId) -> tuple[str, ...]:
        """Thumbprints of the keys that sign for a wallet."""
        return tuple(
            kid
            for kid, found in self.keys.items()
            if found.wallet == wallet and not (found.revoked or found.recovery)
        )

    def _open_own(self, asset: str, owner: str) -> AccountId:
        opening = OpenAccount(asset, Role.COLLECTOR, owner)
        order = Order(derived_order_id("twin-account", owner, asset), (opening,))
        (outcome,) = self._ledger.post([order])
        return AccountId(outcome.results[0])

    def _account_to_open(self, opening: Open, asset: str) -> OpenAccount:
        if opening.owner_kind in SHARED_KINDS:
            return OpenAccount(asset, Role.COLLECTOR, opening.wallet)
        ceiling = self._ceilings.get(opening.tier)
        return OpenAccount(asset, Role.HOLDER, opening.wallet, ceiling=ceiling)

    def _fault_of_opening(self, opening: Open) -> Refusal | None:
        if WalletId(opening.wallet) in self.wallets:
            return Refusal.WALLET_EXISTS
        if opening.owner_kind not in SHARED_KINDS and opening.tier not in self._ceilings:
            return Refusal.TIER_UNKNOWN
        return None

    def _add(self, opening: Open, bank: ParticipantId, accounts: Mapping[str, AccountId]) -> None:
        wallet = WalletId(opening.wallet)
        self.wallets[wallet] = WalletFacts(
            id=wallet,
            bank=bank,
            owner_kind=opening.owner_kind,
            tier=opening.tier,
            accounts=accounts,
            category=opening.category,
            vat=opening.vat,
            region=opening.region,
            overflow=self._overflow(bank, wanted=opening.overflow),
        )
        self.owners |= dict.fromkeys(accounts.values(), wallet)
        self._put_key(wallet, opening.key)
        self._put_key(wallet, opening.recovery, recovery=True)

    def _overflow(self, bank: ParticipantId, *, wanted: bool) -> Mapping[str, AccountId]:
        return self.overflows.get(bank, {}) if wanted else {}

    def _replace_key(self, wallet: WalletId, text: str) -> None:
        for kid in self.keys_of(wallet):
            self.keys[kid] = replace(self.keys[kid], revoked=True)
        self._put_key(wallet, text)

    def _put_key(self, wallet: WalletId, text: str, *, recovery: bool = False) -> None:
        key = _read_key(text)
        if key is not None:
            self.keys[key_thumbprint(key)] = TwinKey(key, wallet, recovery=recovery)


def _fault_of_key(text: str, *, needed: bool) -> Refusal | None:
    faulty = (needed or text) and _read_key(text) is None
    return Refusal.ORDER_TEXT_INVALID if faulty else None


def _read_key(text: str) -> PublicKey | None:
    try:
        return parse_jwk(text.encode()).public_key
    except (KeyEncodingError, UnicodeEncodeError):
        return None
