# SPDX-License-Identifier: Apache-2.0
"""Plans of invoices and credit notes. Pure.

An invoice opens the accounts of what is owed for it and what is paid (see
`kerege.payments.vat_papers`). A credit note takes what is still owed off first; of what was paid
already it opens what may be refunded.
"""

from collections.abc import Sequence
from typing import Final

from kerege.ledger.account import Role
from kerege.ledger.order import OpenAccount, Order, Transfer
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments.contracts import find_contract
from kerege.payments.derived import derived_order_id
from kerege.payments.parties import find_signer
from kerege.payments.refusal import Refusal
from kerege.payments.scene import ALLOWANCE_ASSET, Plan, Refused, Scene
from kerege.payments.steps import Steps
from kerege.payments.vat_documents import CreditNote, Invoice, InvoiceLine
from kerege.payments.vat_papers import RegisteredInvoice, find_invoice, find_vat
from kerege.programmes import VatTerms
from kerege.programmes.vat import rates_at, rounded_vat

__all__ = ["plan_credit_note", "plan_invoice"]

_DAY_US: Final = 24 * 3600 * 1_000_000
_AHEAD_US: Final = _DAY_US
"""How far an invoice's date may lie ahead: a local date begins up to 14 hours before UTC's."""


def plan_invoice(invoice: Invoice, scene: Scene) -> Plan | Refused:
    """Register an invoice: totals that add up, rates of its date, a number of its own."""
    supplier = find_signer(invoice.wallet, scene, asset=invoice.asset)
    if isinstance(supplier, Refusal):
        return Refused(supplier)
    if invoice.buyer == invoice.wallet:
        return Refused(Refusal.PAYEE_IS_PAYER)
    if invoice.buyer and scene.wallet(invoice.buyer) is None:
        return Refused(Refusal.WALLET_UNKNOWN)
    fault = _fault_in_contract(invoice, scene) if invoice.contract else None
    if fault is not None:
        return Refused(fault)
    programme = find_vat(scene, asset=invoice.asset)
    if isinstance(programme, Refusal):
        return Refused(programme)
    refused = _fault_in_sums(invoice.lines, invoice.total)
    if refused is not None:
        return refused
    if not supplier.vat and any(line.basis_points for line in invoice.lines):
        return Refused(Refusal.VAT_NOT_REGISTERED)
    terms = programme.terms.vat
    refused = None if terms is None else _fault_in_terms(invoice, terms, scene.now_us)
    return refused or _registering(invoice, scene)


def _fault_in_contract(invoice: Invoice, scene: Scene) -> Refusal | None:
    """An invoice of a contract is its supplier's, for its buyer."""
    contract = find_contract(invoice.contract, scene)
    if contract is None:
        return Refusal.ORDER_NOT_FOUND
    terms = contract.terms
    if terms.supplier != invoice.wallet:
        return Refusal.NOT_YOURS
    same = (terms.wallet, terms.asset) == (invoice.buyer, invoice.asset)
    return None if same else Refusal.INVOICE_MISMATCH


def _fault_in_sums(lines: Sequence[InvoiceLine], total: int) -> Refused | None:
    """Each rate once, VAT as its rate says, and a total that is their sum."""
    if len({line.basis_points for line in lines}) < len(lines):
        return Refused(Refusal.INVOICE_TOTALS_WRONG)
    for line in lines:
        vat = rounded_vat(line.net, line.basis_points)
        if line.vat != vat:
            return Refused(Refusal.INVOICE_TOTALS_WRONG, found=line.vat, limit=vat)
    return _fault_in_total(lines, total)


def _fault_in_total(lines: Sequence[InvoiceLine], total: int) -> Refused | None:
    added = sum(line.net + line.vat for line in lines)
    if total != added:
        return Refused(Refusal.INVOICE_TOTALS_WRONG, found=total, limit=added)
    return None


def _fault_in_terms(invoice: Invoice, terms: VatTerms, now_us: int) -> Refused | None:
    """Rates of its date; and a date close to now, so that nobody chooses a date for its rate."""
    if not rates_at(terms, invoice.date_us).issuperset(line.basis_points for line in invoice.lines):
        return Refused(Refusal.VAT_RATE_WRONG)
    oldest_us = now_us - terms.issue_days * _DAY_US
    if not oldest_us <= invoice.date_us <= now_us + _AHEAD_US:
        return Refused(Refusal.INVOICE_DATE_WRONG, found=invoice.date_us, limit=oldest_us)
    return None


def _registering(invoice: Invoice, scene: Scene) -> Plan:
    net = sum(line.net for line in invoice.lines)
    vat = sum(line.vat for line in invoice.lines)
    steps = Steps()
    for name, most in (("owed-net", net), ("owed-vat", vat), ("paid-net", 0), ("paid-vat", 0)):
        owner = f"{name}:{invoice.id}"
        steps.add(OpenAccount(ALLOWANCE_ASSET, Role.HOLDER, owner, floor=-most))
    _use_number(invoice, steps, scene)
    return steps.plan()


def _use_number(paper: Invoice | CreditNote, steps: Steps, scene: Scene) -> None:
    """A number of a supplier's is there once, for invoices and credit notes together."""
    parts = (paper.wallet, paper.number)
    opening = OpenAccount(ALLOWANCE_ASSET, Role.HOLDER, f"number:{paper.number}", floor=-1)
    number = scene.allowance(Order(derived_order_id("invoice-number", *parts), (opening,)))
    steps.use_up(number, scene.allowance_sink, 1, Refusal.INVOICE_NUMBER_USED)


def plan_credit_note(note: CreditNote, scene: Scene) -> Plan | Refused:
    """Take back a part of an invoice, at the invoice's own rates."""
    supplier = find_signer(note.wallet, scene)
    if isinstance(supplier, Refusal):
        return Refused(supplier)
    paper = find_invoice(note.invoice, scene)
    if paper is None:
        return Refused(Refusal.ORDER_NOT_FOUND)
    if paper.terms.wallet != supplier.id:
        return Refused(Refusal.NOT_YOURS)
    return _fault_in_credit(note, paper.terms) or _crediting(note, paper, scene)


def _fault_in_credit(note: CreditNote, invoice: Invoice) -> Refused | None:
    """Lines at the invoice's rates; VAT may be rounded either way, so that parts of a line can add
    up to it."""
    if len({line.basis_points for line in note.lines}) < len(note.lines):
        return Refused(Refusal.INVOICE_TOTALS_WRONG)
    invoiced = {line.basis_points: line for line in invoice.lines}
    for line in note.lines:
        whole = invoiced.get(line.basis_points)
        if whole is None:
            return Refused(Refusal.VAT_RATE_WRONG)
        if line.net > whole.net or line.vat > whole.vat:
            credited, most = line.net + line.vat, whole.net + whole.vat
            return Refused(Refusal.CREDIT_EXCEEDS_INVOICE, found=credited, limit=most)
        exact = line.net * line.basis_points
        if abs(line.vat * 10_000 - exact) >= 10_000:
            return Refused(Refusal.INVOICE_TOTALS_WRONG, found=line.vat, limit=exact // 10_000)
    return _fault_in_total(note.lines, note.total)


def _crediting(note: CreditNote, paper: RegisteredInvoice, scene: Scene) -> Plan | Refused:
    net = sum(line.net for line in note.lines)
    vat = sum(line.vat for line in note.lines)
    parts = []
    for amount, owed, paid in (
        (net, paper.owed.net, paper.paid.net),
        (vat, paper.owed.vat, paper.paid.vat),
    ):
        left, settled = scene.spendable(owed), scene.spendable(paid)
        if amount > left + settled:
            limit = left + settled
            return Refused(Refusal.CREDIT_EXCEEDS_INVOICE, found=amount, limit=limit)
        open_part = min(amount, left)
        parts.append((owed, open_part, paid, amount - open_part))
    steps = Steps(chosen=True)
    for name, (*_, rest) in zip(("due-net", "due-vat"), parts, strict=True):
        owner = f"{name}:{note.id}"
        steps.add(OpenAccount(ALLOWANCE_ASSET, Role.HOLDER, owner, floor=-rest))
    _use_number(note, steps, scene)
    for owed, open_part, paid, rest in parts:
        for account, amount in ((owed, open_part), (paid, rest)):
            if amount:
                steps.rename(LedgerRefusal.EXCEEDS_BALANCE, Refusal.CREDIT_EXCEEDS_INVOICE)
                steps.add(Transfer(account, scene.allowance_sink, amount))
    return steps.plan()
