# SPDX-License-Identifier: Apache-2.0
"""What a guardian sees of a child's money: what is left and until when, what was eaten where, what
tills were refused and why, and the limits that are set.

Balances and movements are the core's, asked each time; whom a payment went to stands in the order,
which this bank has handed in. Nothing is shown to the child or to anybody else by this way.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final, Protocol

from msgspec import Struct

from kerege.bank.core_line import CoreLine
from kerege.bank.customer import CustomerId
from kerege.bank.delivery import Delivery
from kerege.bank.guardian_limits import GuardianLimits
from kerege.bank.incoming import Incoming
from kerege.bank.outgoing_store import Kept
from kerege.bank.ownership import Ownership
from kerege.bank.sending import UNREADABLE
from kerege.bank.tiers import Limits
from kerege.bank.till_refusals import TillRefusals
from kerege.bank.till_refusals_store import TillRefusal
from kerege.keys import parse_compact
from kerege.payments import WalletId
from kerege.payments.documents import Pay, decode_document
from kerege.payments.holdings import Balance, Line

__all__ = ["MAX_LINES", "MAX_NAMES", "GuardianView", "Moved", "SeenByGuardian"]

MAX_LINES: Final = 100
"""Movements of one page: a meal is one for each mark that paid, and one of the family's own."""

MAX_NAMES: Final = 20
"""Names asked of other banks for one page; a child eats at few places, the rest are wallet ids."""


class Names(Protocol):
    """Who knows what the owner of a wallet lets others see: `neighbours.PeerBanks`."""

    def name_of(self, wallet: str, bank: str) -> str:
        """The name, empty if there is none to be shown."""


class Moved(Struct, frozen=True, kw_only=True):
    """One order that moved money of the child's, newest of them first. `lines` are its movements,
    by mark; `payee` is the wallet on the other side, empty if it is not known here."""

    order: str
    at_us: int
    payee: str
    lines: tuple[Line, ...]


class SeenByGuardian(Struct, frozen=True, kw_only=True):
    """All of it; `next` is the `before` of the following page of `moved`, 0 at the end. `refused`
    are on the first page. `names` by wallet, for those who show one."""

    wallet: WalletId
    balances: Sequence[Balance]
    limits: Mapping[str, Limits]
    moved: Sequence[Moved]
    next: int
    refused: Sequence[TillRefusal]
    names: Mapping[str, str]


class GuardianView:
    """Shows guardians of one bank their children's money. Safe among threads; blocks."""

    def __init__(
        self,
        core: CoreLine,
        ownership: Ownership,
        limits: GuardianLimits,
        refusals: TillRefusals,
        *,
        delivery: Delivery,
        incoming: Incoming,
        names: Names,
    ) -> None:
        self._core = core
        self._ownership = ownership
        self._limits = limits
        self._refusals = refusals
        self._delivery = delivery
        self._incoming = incoming
        self._names = names

    def look(
        self, actor: CustomerId, wallet: str, *, asset: str, before: int, limit: int
    ) -> SeenByGuardian:
        """A child's wallet, movements of `asset` older than the line `before` (0: from the newest).

        Raises `NothingHere` for whoever is not the guardian now, `CoreUnreachable`.
        """
        checked = self._ownership.require_childs(actor, wallet)
        moved, following = self._moved(checked, asset, before, min(limit, MAX_LINES))
        refused = [] if before else self._refusals.of(checked)
        payees = [*(one.payee for one in moved), *(one.payee for one in refused)]
        return SeenByGuardian(
            wallet=checked,
            balances=self._core.balances(checked),
            limits=self._limits.of([checked]).get(checked, {}),
            moved=moved,
            next=following,
            refused=refused,
            names=self._named(payees),
        )

    def _moved(
        self, wallet: WalletId, asset: str, before: int, limit: int
    ) -> tuple[list[Moved], int]:
        """Orders of a page, and where the next one begins; an order is not torn in two unless it
        fills the page alone."""
        lines = self._core.statement(wallet, asset=asset, before=before or None, limit=limit + 1)
        page = lines[:limit]
        if len(lines) > limit:
            whole = [line for line in page if line.order != lines[limit].order]
            page = whole or page
        orders = [(order, list(of)) for order, of in groupby(page, key=lambda line: line.order)]
        payees = self._payees(wallet, [order for order, _ in orders])
        moved = [
            Moved(
                order=order,
                at_us=of[0].at_us,
                payee=payees.get(order) or next((x.counterparty for x in of if x.counterparty), ""),
                lines=tuple(line for line in of if line.change),
            )
            for order, of in orders
            if any(line.change for line in of)
        ]
        return moved, page[-1].seq if len(lines) > limit else 0

    def _payees(self, wallet: WalletId, orders: Sequence[str]) -> dict[str, str]:
        """The other side of orders this bank has handed in, and of refunds of them: of marked
        money the ledger names none, for it passes through the programme's own account."""
        refunds = self._incoming.refunded(orders)
        kept = self._delivery.find([*orders, *refunds.values()])
        found = {order: _other_side(wallet, one) for order, one in kept.items()}
        return {order: found.get(refunds.get(order, order), "") for order in orders}

    def _named(self, wallets: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for wallet in [each for each in dict.fromkeys(wallets) if each][:MAX_NAMES]:
            view = self._core.wallet(wallet)
            name = self._names.name_of(wallet, view.bank) if view else ""
            if name:
                found[wallet] = name
        return found


def _other_side(wallet: WalletId, kept: Kept) -> str:
    """Whom a wallet's own order pays, or who paid by another's; empty for whom it pays many."""
    if kept.sending.wallet != wallet:
        return kept.sending.wallet
    try:
        document = decode_document(parse_compact(kept.sending.text).payload)
    except UNREADABLE:
        return ""
    payees = {leg.to for leg in document.legs} if isinstance(document, Pay) else set()
    return payees.pop() if len(payees) == 1 else ""
