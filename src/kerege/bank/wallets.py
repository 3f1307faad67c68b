# SPDX-License-Identifier: Apache-2.0
"""Wallets as their owners see them: opening, balances, statements. The core says what they hold."""

from collections.abc import Sequence
from typing import Final

from kerege.bank.core_line import MAX_LINES, CoreLine
from kerege.bank.customer import CustomerId, CustomerState, Refused
from kerege.bank.customers import Customers
from kerege.bank.own_wallet import defunding_details
from kerege.bank.ownership import NothingHere, Ownership
from kerege.bank.terms_book import CustomerTerms
from kerege.bank.terms_store import Setting
from kerege.errors import KeregeError
from kerege.keys import parse_compact
from kerege.payments import Open, ParticipantId, Verdict, WalletId, decode_document
from kerege.wallet.wire import Statement, WalletState

__all__ = ["MAX_WALLETS", "OpeningRefused", "Wallets"]

MAX_WALLETS: Final = 16
"""Of one customer, children's not counted: one for each purpose, and some spare."""

_FIRMS: Final = frozenset({"firm", "agency"})


class OpeningRefused(KeregeError):
    """A wallet the bank does not open; `place` is the member of the document at fault."""


class Wallets:
    """The wallets of one bank's customers."""

    def __init__(
        self,
        bank: ParticipantId,
        customers: Customers,
        ownership: Ownership,
        core: CoreLine,
        *,
        terms: CustomerTerms,
        bank_wallet: str,
    ) -> None:
        self._bank = bank
        self._customers = customers
        self._ownership = ownership
        self._core = core
        self._terms = terms
        self._bank_wallet = bank_wallet

    def open(
        self,
        actor: CustomerId,
        text: bytes,
        *,
        name: str = "",
        owner: CustomerId | None = None,
        custody: bool = False,
    ) -> Verdict:
        """Have the core open a wallet for `actor`, or for a child `actor` answers for. `custody`:
        the bank has signed it, with a key it keeps.

        Raises `JwsEncodingError`, `MalformedDocument`, `OpeningRefused`, `CoreUnreachable`.
        """
        holder = owner or actor
        document = decode_document(parse_compact(text).payload)
        if not isinstance(document, Open):
            raise OpeningRefused("not the opening of a wallet", place="kind")
        self.check_opening(actor, holder, document)
        [verdict] = self._core.submit([text])
        if verdict.accepted:
            # The opening of a wallet that left since is still what was accepted once.
            view = self._core.wallet(document.wallet)
            if view is None or view.bank != self._bank:
                raise OpeningRefused("another bank keeps it now", place="wallet")
            self._attach(holder, WalletId(document.wallet), name, custody=custody)
        return verdict

    def list(self, actor: CustomerId) -> list[WalletState]:
        """All wallets `actor` may see to, with balances."""
        found = self._ownership.wallets(actor)
        return [self._state(wallet, custody=custody) for wallet, custody in found.items()]

    def state(self, actor: CustomerId, wallet: str) -> WalletState:
        """One wallet. Raises `NothingHere`."""
        checked, owner = self._ownership.require(actor, wallet)
        custody = self._customers.wallets(owner).get(checked, False)
        return self._state(checked, custody=custody)

    def statement(
        self, actor: CustomerId, wallet: str, *, asset: str, before: int, limit: int
    ) -> Statement:
        """Lines of a wallet, newest first. Raises `NothingHere`."""
        checked, _ = self._ownership.require(actor, wallet)
        count = min(limit, MAX_LINES - 1)
        lines = self._core.statement(checked, asset=asset, before=before or None, limit=count + 1)
        more = len(lines) > count
        return Statement(lines=tuple(lines[:count]), next=lines[count - 1].seq if more else 0)

    def _state(self, wallet: WalletId, *, custody: bool) -> WalletState:
        view = self._core.wallet(wallet)
        if view is None:
            raise NothingHere("wallet")
        setting = self._terms.settings([wallet]).get(wallet, Setting())
        return WalletState(
            wallet=wallet,
            bank=view.bank,
            name=setting.name,
            top_up=setting.top_up,
            bank_wallet=self._bank_wallet,
            defunding=defunding_details(wallet),
            owner_kind=view.owner_kind,
            tier=view.tier,
            custody=custody,
            suspended=view.suspended,
            balances=tuple(self._core.balances(wallet)),
        )

    def set(self, actor: CustomerId, wallet: str, setting: Setting) -> WalletState:
        """Name a wallet, and say whether its deposit helps out. Raises `NothingHere`."""
        checked, _ = self._ownership.require(actor, wallet)
        self._terms.set(checked, setting)
        return self.state(actor, checked)

    def check_opening(self, actor: CustomerId, holder: CustomerId, document: Open) -> None:
        """See that `actor` may open this wallet for `holder`. Raises `NothingHere`,
        `OpeningRefused`."""
        if not self._customers.may_act_for(actor, holder):
            raise NothingHere("customer")
        customer = self._customers.get(holder)
        wanted: Sequence[tuple[str, object, object]] = (
            ("bank", document.bank, self._bank),
            ("owner_kind", document.owner_kind, customer.kind),
            ("tier", document.tier, customer.tier),
        )
        for place, given, expected in wanted:
            if given != expected:
                raise OpeningRefused(f"{given!r}, and must be {expected!r}", place=place)
        if (document.vat or document.category) and customer.kind not in _FIRMS:
            raise OpeningRefused("only firms and agencies have these", place="category")
        if customer.state is not CustomerState.ACTIVE:
            raise OpeningRefused("the customer is not active yet", place="customer")
        have = self._customers.wallets(holder)
        if document.wallet not in have and len(have) >= MAX_WALLETS:
            raise OpeningRefused(f"a customer has at most {MAX_WALLETS} wallets")

    def _attach(self, holder: CustomerId, wallet: WalletId, name: str, *, custody: bool) -> None:
        refused = self._customers.attach_wallet(holder, wallet, custody=custody)
        if isinstance(refused, Refused):
            raise OpeningRefused(f"the wallet is not given to you ({refused.code})")
        if name:
            self._terms.set(wallet, Setting(name))
