# SPDX-License-Identifier: Apache-2.0
"""What is known of invoices and of who declared and paid what: the inspector's book. Pure.

>>> book = VatBook([VatInvoice(id="i1", supplier="mill", buyer="baker", vat=16, vat_paid=16)], {})
>>> [invoice.id for invoice in book.issued_by("mill")], book.received_by("mill")
(['i1'], [])
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

__all__ = ["NO_FIRM", "VatBook", "VatFirm", "VatInvoice"]


class VatInvoice(Struct, frozen=True, kw_only=True):
    """An invoice less its credit notes, in minor units. `vat_paid` counts what was claimed since.

    `declared`: the supplier's declaration it is in, or empty; `deducted`: the buyer's.
    """

    id: str
    supplier: str
    buyer: str
    vat: int
    vat_paid: int
    net: int = 0
    date_us: int = 0
    declared: str = ""
    deducted: str = ""


class VatFirm(Struct, frozen=True, kw_only=True):
    """A supplier or buyer. `owes`: what its declarations owe the budget and nobody paid, minor
    units; `remitted`: VAT money it paid to the budget; `is_active`: registered, not suspended."""

    owes: int = 0
    remitted: int = 0
    is_active: bool = True


NO_FIRM = VatFirm(is_active=False)
"""Stands for a firm nothing is known of."""


class VatBook:
    """Invoices by id, supplier and buyer."""

    def __init__(self, invoices: Iterable[VatInvoice], firms: Mapping[str, VatFirm]) -> None:
        self.invoices = {invoice.id: invoice for invoice in invoices}
        self.firms = dict(firms)
        self._issued: dict[str, list[VatInvoice]] = {}
        self._received: dict[str, list[VatInvoice]] = {}
        for invoice in self.invoices.values():
            self._issued.setdefault(invoice.supplier, []).append(invoice)
            if invoice.buyer:
                self._received.setdefault(invoice.buyer, []).append(invoice)

    def firm(self, wallet: str) -> VatFirm:
        """What is known of a firm."""
        return self.firms.get(wallet, NO_FIRM)

    def issued_by(self, wallet: str) -> Sequence[VatInvoice]:
        """Invoices of a supplier, as they were added."""
        return self._issued.get(wallet, [])

    def received_by(self, wallet: str) -> Sequence[VatInvoice]:
        """Invoices that name a buyer."""
        return self._received.get(wallet, [])
