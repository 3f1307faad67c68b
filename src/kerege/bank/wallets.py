# SPDX-License-Identifier: Apache-2.0
"""Wallets as their owners see them: opening, balances, statements. What they hold, the core says."""

from collections.abc import Callable, Sequence
from typing import Final

from kerege.bank.core_line import MAX_LINES, CoreLine
from kerege.bank.customer import CustomerId, CustomerState, Refused
from kerege.bank.customers import Customers
from kerege.bank.ownership import NothingHere, Ownership
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
        opened: Callable[[CustomerId, WalletId], None] = lambda customer, wallet: None,
    ) -> None:
        """`opened` is told of every wallet that was opened, perhaps more than once."""
        self._bank = bank
        self._customers = customers
        self._ownership = ownership
        self._core = core
        self._opened = opened

    def open(self, actor: CustomerId, text: bytes, *, owner: CustomerId | None = None) -> Verdict:
        """Have the core open a wallet for `actor`, or for a child `actor` answers for.

        Raises `JwsEncodingError`, `MalformedDocument`, `OpeningRefused`, `CoreUnreachable`.
        """
        holder = owner or actor
        if not self._customers.may_act_for(actor, holder):
            raise NothingHere("customer")
        document = decode_document(parse_compact(text).payload)
        if not isinstance(document, Open):
            raise OpeningRefused("not the opening of a wallet", place="kind")
        self._check(holder, document)
        [verdict] = self._core.submit([text])
        if verdict.accepted:
            self._attach(holder, WalletId(document.wallet))
        return verdict

    def list(self, actor: CustomerId) -> list[WalletState]:
        """All wallets `actor` may see to, with balances."""
        return [
            self._state(wallet, custody=custody)
            for wallet, custody in self._ownership.wallets(actor).items()
        ]

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
        return WalletState(
            wallet=wallet,
            bank=view.bank,
            owner_kind=view.owner_kind,
            tier=view.tier,
            custody=custody,
            suspended=view.suspended,
            balances=tuple(self._core.balances(wallet)),
        )

    def _check(self, holder: CustomerId, document: Open) -> None:
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

    def _attach(self, holder: CustomerId, wallet: WalletId) -> None:
        refused = self._customers.attach_wallet(holder, wallet, custody=False)
        if isinstance(refused, Refused):
            raise OpeningRefused(f"the wallet is not given to you ({refused.code})")
        self._opened(holder, wallet)
