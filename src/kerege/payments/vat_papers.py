# SPDX-License-Identifier: Apache-2.0
"""Registered papers of value-added tax, as the accepted orders that registered them. Pure.

An invoice is a little ledger of four allowance accounts: what is owed and what is paid, net and
VAT apart. A payment moves from owed to paid, a refund back, a credit note takes out of both.
"""

from msgspec import Struct

from kerege.ledger.ids import AccountId, parse_order_id
from kerege.ledger.order import Kind, Order, PendingRef, Transfer
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Scene
from kerege.payments.steps import WHOLE, Steps
from kerege.payments.vat_documents import CreditNote, Invoice, VatClaim, VatDeclaration
from kerege.programmes import ActiveProgramme

__all__ = [
    "Claimed",
    "Declared",
    "RegisteredCredit",
    "RegisteredInvoice",
    "Sides",
    "find_claim",
    "find_credit",
    "find_declaration",
    "find_invoice",
    "find_vat",
    "move_sides",
]


class Sides(Struct, frozen=True, gc=False):
    """Two allowances: of net amounts and of VAT."""

    net: AccountId
    vat: AccountId


class RegisteredInvoice(Struct, frozen=True):
    """An accepted invoice and its accounts."""

    terms: Invoice
    owed: Sides
    paid: Sides

    def reserved(self, order: Order) -> tuple[tuple[PendingRef, Transfer], ...]:
        """What an order of a hold keeps reserved of what this invoice is owed."""
        accounts = {self.owed.net, self.owed.vat}
        return tuple(
            (PendingRef(order.id, place), step)
            for place, step in enumerate(order.steps)
            if isinstance(step, Transfer) and step.kind is Kind.PENDING and step.debit in accounts
        )


class RegisteredCredit(Struct, frozen=True):
    """An accepted credit note, and what may still be refunded because of it."""

    terms: CreditNote
    due: Sides


class Declared(Struct, frozen=True):
    """An accepted declaration, and what is still to be paid or may still be claimed, whichever its
    sums say."""

    terms: VatDeclaration
    open: AccountId

    @property
    def payable(self) -> int:
        """Owed to the budget, minor units; below zero: may be claimed from it."""
        return self.terms.vat_issued - self.terms.vat_received


class Claimed(Struct, frozen=True):
    """An accepted claim; `answer` is the allowance of its one answer."""

    terms: VatClaim
    answer: AccountId


def find_invoice(order: str, scene: Scene) -> RegisteredInvoice | None:
    """The invoice that an order registered."""
    past = scene.past(parse_order_id(order))
    if past is None or not isinstance(past.document, Invoice):
        return None
    owed_net, owed_vat, paid_net, paid_vat = map(AccountId, past.results[:4])
    return RegisteredInvoice(past.document, Sides(owed_net, owed_vat), Sides(paid_net, paid_vat))


def find_credit(order: str, scene: Scene) -> RegisteredCredit | None:
    """The credit note that an order registered."""
    past = scene.past(parse_order_id(order))
    if past is None or not isinstance(past.document, CreditNote):
        return None
    due_net, due_vat = map(AccountId, past.results[:2])
    return RegisteredCredit(past.document, Sides(due_net, due_vat))


def find_declaration(order: str, scene: Scene) -> Declared | None:
    """The declaration that an order made."""
    past = scene.past(parse_order_id(order))
    if past is None or not isinstance(past.document, VatDeclaration):
        return None
    return Declared(past.document, AccountId(past.results[0]))


def find_claim(order: str, scene: Scene) -> Claimed | None:
    """The claim that an order made."""
    past = scene.past(parse_order_id(order))
    if past is None or not isinstance(past.document, VatClaim):
        return None
    return Claimed(past.document, AccountId(past.results[0]))


def find_vat(scene: Scene, *, asset: str = "", name: str = "") -> ActiveProgramme | Refusal:
    """The programme of value-added tax in an asset, or of a name: its newest version, in force."""
    found = [
        one
        for one in scene.programmes.values()
        if one.terms.vat and asset in ("", one.terms.asset) and name in ("", one.terms.id)
    ]
    if not found:
        return Refusal.PROGRAMME_UNKNOWN
    newest = max(found, key=lambda one: one.mark)
    if newest.suspended:
        return Refusal.PROGRAMME_SUSPENDED
    if newest.closed or scene.now_us >= newest.terms.ends_us:
        return Refusal.PROGRAMME_OVER
    return newest


def move_sides(
    source: Sides,
    target: Sides | None,
    *,
    net: int,
    vat: int,
    refusal: Refusal,
    steps: Steps,
    sink: AccountId,
    hold_s: int = 0,
) -> None:
    """Use up `net` and `vat` of what one pair of allowances leaves, for good or for `hold_s`, and
    let another have it. All goes by the sink, where everybody sees that it is a limit and no
    money."""
    for amount, debit, credit in (
        (net, source.net, None if target is None else target.net),
        (vat, source.vat, None if target is None else target.vat),
    ):
        if amount:
            steps.use_up(debit, sink, amount, refusal, window_s=hold_s, leg=WHOLE)
        if amount and credit is not None:
            steps.add(Transfer(sink, credit, amount), WHOLE)
