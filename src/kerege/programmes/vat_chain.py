# SPDX-License-Identifier: Apache-2.0
"""Checking a claim down the chain of suppliers: declared, paid, passed on. Pure.

VAT is paid back to who is at the end of a chain if everybody before has done their part: the
supplier declared the invoice, the VAT was paid in marked money, what the supplier's declaration
owes is paid; and the same of the suppliers whose invoices that declaration deducts.
"""

from typing import Final, Literal

from msgspec import Struct

from kerege.programmes.vat_book import VatBook, VatInvoice

__all__ = ["MAX_CHAIN_DEPTH", "MAX_LOOKED_AT", "ChainFinding", "ChainReason", "check_line"]

MAX_CHAIN_DEPTH: Final = 12
"""Suppliers before suppliers: a longer chain is looked at by a person."""

MAX_LOOKED_AT: Final = 5_000
"""Invoices looked at for one line: a firm that buys everything ends here, at a person."""

ChainReason = Literal[
    "supplier-not-declared",
    "vat-not-paid",
    "vat-not-passed-on",
    "chain-in-a-circle",
    "chain-too-deep",
    "supplier-missing",
]
"""Why a line of a claim is not to be paid."""


class ChainFinding(Struct, frozen=True):
    """What speaks against a line: the reason, and the invoices from the claimed one down to the
    one at fault."""

    reason: ChainReason
    path: tuple[str, ...]


class _Task(Struct, frozen=True):
    invoice: VatInvoice
    path: tuple[str, ...]
    firms: tuple[str, ...]


def check_line(
    invoice: str, vat: int, book: VatBook, *, max_depth: int = MAX_CHAIN_DEPTH
) -> ChainFinding | None:
    """What speaks against paying back `vat` (minor units) of an invoice; None if nothing does.

    Goes level by level, so that what is found is as near to the claimant as can be.
    """
    claimed = book.invoices.get(invoice)
    if claimed is None or claimed.vat_paid < vat:
        return ChainFinding("vat-not-paid", (invoice,))
    level = [_Task(claimed, (invoice,), (claimed.buyer,))]
    looked_at: set[str] = set()
    for _ in range(max_depth):
        deeper: list[_Task] = []
        for task in level:
            reason = _fault(task, book)
            if reason is not None:
                return ChainFinding(reason, task.path)
            deeper += _below(task, book, looked_at)
        if len(looked_at) > MAX_LOOKED_AT:
            return ChainFinding("chain-too-deep", deeper[-1].path if deeper else (invoice,))
        if not deeper:
            return None
        level = deeper
    return ChainFinding("chain-too-deep", level[0].path)


def _fault(task: _Task, book: VatBook) -> ChainReason | None:
    invoice = task.invoice
    supplier = book.firm(invoice.supplier)
    if invoice.supplier in task.firms:
        return "chain-in-a-circle"
    if not supplier.is_active:
        return "supplier-missing"
    if not invoice.declared:
        return "supplier-not-declared"
    if invoice.vat_paid < invoice.vat and len(task.path) > 1:
        return "vat-not-paid"
    return "vat-not-passed-on" if supplier.owes else None


def _below(task: _Task, book: VatBook, looked_at: set[str]) -> list[_Task]:
    """What the supplier deducts in the declaration that has this invoice. An invoice is gone into
    once; but where it closes a circle it is looked at again."""
    found = []
    firms = (*task.firms, task.invoice.supplier)
    for one in book.received_by(task.invoice.supplier):
        if not one.vat or one.deducted != task.invoice.declared:
            continue
        if one.id in looked_at and one.supplier not in firms:
            continue
        looked_at.add(one.id)
        found.append(_Task(one, (*task.path, one.id), firms))
    return found
