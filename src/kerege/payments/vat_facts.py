# SPDX-License-Identifier: Apache-2.0
"""From accepted orders to the inspector's book of invoices, and from it to answers. Pure.

Nothing is kept besides the orders: what was paid of an invoice, and what a declaration still owes,
are the balances of the allowance accounts those orders moved.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from kerege.ledger.ids import AccountId, Mark
from kerege.ledger.order import Transfer
from kerege.payments.documents import (
    CreditNote,
    Invoice,
    VatClaim,
    VatDeclaration,
)
from kerege.payments.scene import Past, WalletFacts
from kerege.payments.vat_documents import RefusedLine, VatAnswer
from kerege.programmes.vat_book import VatBook, VatFirm, VatInvoice
from kerege.programmes.vat_chain import check_line

__all__ = ["answer_claim", "book_of"]


class _Gathering:
    """Accepted orders of value-added tax, folded one by one."""

    def __init__(self, marks: frozenset[Mark], wallet_of: Callable[[AccountId], str]) -> None:
        self._marks = marks
        self._wallet_of = wallet_of
        self.invoices: dict[str, tuple[Invoice, AccountId]] = {}
        self.credited: Counter[str] = Counter()
        self.net_credited: Counter[str] = Counter()
        self.declarations: dict[str, tuple[VatDeclaration, AccountId]] = {}
        self.claimed: Counter[str] = Counter()
        self.balances: Counter[AccountId] = Counter()
        self.remitted: Counter[str] = Counter()

    def add(self, past: Past) -> None:
        """Take in one accepted order; the one that registers a paper before those about it."""
        match past.document:
            case Invoice() as invoice:
                self.invoices[invoice.id] = invoice, AccountId(past.results[3])
            case CreditNote() as note:
                self.credited[note.invoice] += sum(line.vat for line in note.lines)
                self.net_credited[note.invoice] += sum(line.net for line in note.lines)
            case VatDeclaration() as declaration:
                self.declarations[declaration.id] = declaration, AccountId(past.results[0])
            case VatClaim() as claim:
                self.claimed.update({line.invoice: line.vat for line in claim.lines})
        for place, step in enumerate(past.order.steps):
            if isinstance(step, Transfer):
                self._move(step, past.results[place], place, past)

    def _move(self, step: Transfer, amount: int, place: int, past: Past) -> None:
        self.balances[step.debit] -= amount
        self.balances[step.credit] += amount
        if step.mark in self._marks and place + 1 < len(past.order.steps):
            following = past.order.steps[place + 1]
            if isinstance(following, Transfer) and following.mark not in self._marks:
                self._note_end(step, following, amount)

    def _note_end(self, step: Transfer, following: Transfer, amount: int) -> None:
        """VAT money that loses its mark at once leaves by way of the same account."""
        wallet = self._wallet_of(step.debit)
        if wallet and following.debit == step.credit and following.amount == amount:
            self.remitted[wallet] += amount


def book_of(
    accepted: Iterable[Past],
    *,
    marks: Iterable[Mark],
    wallet_of: Callable[[AccountId], str],
    facts_of: Callable[[str], WalletFacts | None],
) -> VatBook:
    """The book of `accepted` orders, in the order they were accepted.

    `marks` are those of VAT money; `wallet_of` says whose an account is (empty: nobody's),
    `facts_of` what is known of a wallet.
    """
    gathered = _Gathering(frozenset(marks), wallet_of)
    for past in accepted:
        gathered.add(past)
    declared, deducted = _declared(gathered)
    invoices = [
        _invoice(order, gathered, declared.get(order, ""), deducted.get(order, ""))
        for order in gathered.invoices
    ]
    named = {name for one in invoices for name in (one.supplier, one.buyer) if name}
    return VatBook(invoices, {name: _firm(name, gathered, facts_of(name)) for name in named})


def _declared(gathered: _Gathering) -> tuple[dict[str, str], dict[str, str]]:
    """By invoice, the supplier's declaration that has it, and the buyer's."""
    declared: dict[str, str] = {}
    deducted: dict[str, str] = {}
    for order, (declaration, _) in gathered.declarations.items():
        declared.update(dict.fromkeys(declaration.issued, order))
        deducted.update(dict.fromkeys(declaration.received, order))
    return declared, deducted


def _invoice(order: str, gathered: _Gathering, declared: str, deducted: str) -> VatInvoice:
    invoice, paid = gathered.invoices[order]
    return VatInvoice(
        id=order,
        supplier=invoice.wallet,
        buyer=invoice.buyer,
        vat=sum(line.vat for line in invoice.lines) - gathered.credited[order],
        vat_paid=gathered.balances[paid] + gathered.claimed[order],
        net=sum(line.net for line in invoice.lines) - gathered.net_credited[order],
        date_us=invoice.date_us,
        declared=declared,
        deducted=deducted,
    )


def _firm(wallet: str, gathered: _Gathering, facts: WalletFacts | None) -> VatFirm:
    owes = 0
    for declaration, account in gathered.declarations.values():
        payable = declaration.vat_issued - declaration.vat_received
        if declaration.wallet == wallet and payable > 0:
            owes += payable + gathered.balances[account]
    return VatFirm(
        owes=owes,
        remitted=gathered.remitted[wallet],
        is_active=facts is not None and facts.vat and not facts.suspended,
    )


def answer_claim(claim: VatClaim, book: VatBook) -> VatAnswer:
    """What a claim is to be paid: its lines with nothing against them down the chain."""
    refused: Sequence[RefusedLine] = [
        RefusedLine(line.invoice, finding.reason)
        for line in claim.lines
        if (finding := check_line(line.invoice, line.vat, book)) is not None
    ]
    against = {line.invoice for line in refused}
    paid = sum(line.vat for line in claim.lines if line.invoice not in against)
    return VatAnswer(claim.id, paid, tuple(refused))
