# SPDX-License-Identifier: Apache-2.0
"""Invoices and credit notes as supplier and buyer use them, over one wallet.

What is read is the e-invoice that people and accounting software have (docs/formats/e-invoice.md):
JSON, or EN 16931 in UBL. It is held to the rules here; what is registered is its sums by rate and
its digest, and the file stays with the parties.
"""

from kerege.payments import Leg, Pay
from kerege.payments.documents import CreditNote, Invoice
from kerege.payments.vat_registering import (
    check_rules,
    contract_of,
    date_us_of,
    digest_of,
    lines_of,
)
from kerege.programmes.invoices import EInvoice, MalformedInvoice, decode_invoice, read_ubl
from kerege.wallet.wallet import Wallet
from kerege.wallet.wire import Answer

__all__ = ["Invoices", "read_e_invoice"]


def read_e_invoice(text: bytes) -> EInvoice:
    """An e-invoice in JSON or UBL that keeps the rules. Raises `MalformedInvoice`."""
    is_xml = text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    invoice = read_ubl(text).invoice if is_xml else decode_invoice(text)
    check_rules(invoice)
    return invoice


class Invoices:
    """One wallet's invoices. `utc_offset_min`: minutes the country's days are ahead of UTC, as the
    calendar of its VAT programme says."""

    def __init__(self, wallet: Wallet, *, utc_offset_min: int = 0) -> None:
        self._wallet = wallet
        self._offset_min = utc_offset_min

    def register(self, text: bytes, *, buyer: str = "", contract: str = "") -> Answer:
        """Register an e-invoice of this wallet's; `buyer` (an alias or wallet) takes precedence
        over the one in it, `contract` (the order of the contract it is of) too.

        Raises `MalformedInvoice`, `PayeeUnknown`.
        """
        invoice = read_e_invoice(text)
        _require_kind(invoice, "invoice")
        named = buyer or invoice.buyer.wallet
        document = Invoice(
            **self._wallet.head(),
            asset=invoice.currency,
            buyer=self._wallet.payee(named).wallet if named else "",
            number=invoice.number,
            lines=lines_of(invoice),
            total=invoice.totals.total,
            date_us=date_us_of(invoice, utc_offset_min=self._offset_min),
            contract=contract or contract_of(invoice),
            details=digest_of(text),
        )
        return self._wallet.send(document)

    def pay(self, invoice: str, to: str, amount: int, *, asset: str) -> Answer:
        """Pay `amount` minor units of an invoice to its supplier, by itself: one of a contract is
        paid with `Contracts.pay`. Raises `PayeeUnknown`."""
        leg = Leg(to=self._wallet.payee(to).wallet, amount=amount)
        head = self._wallet.head()
        return self._wallet.send(Pay(**head, asset=asset, legs=(leg,), about=invoice))

    def credit(self, text: bytes, invoice: str) -> Answer:
        """Register an e-invoice of kind credit-note about the registered `invoice`. What was paid
        already is refunded about it: `Wallet.refund`. Raises `MalformedInvoice`."""
        note = read_e_invoice(text)
        _require_kind(note, "credit-note")
        document = CreditNote(
            **self._wallet.head(),
            invoice=invoice,
            number=note.number,
            lines=lines_of(note),
            total=note.totals.total,
            date_us=date_us_of(note, utc_offset_min=self._offset_min),
            details=digest_of(text),
        )
        return self._wallet.send(document)


def _require_kind(invoice: EInvoice, kind: str) -> None:
    if invoice.kind != kind:
        raise MalformedInvoice(
            f"this is of kind {invoice.kind}, and one of kind {kind} is wanted", place="$.kind"
        )
