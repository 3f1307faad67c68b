# SPDX-License-Identifier: Apache-2.0
"""Write an e-invoice of today at 16 % VAT, or a credit note: NUMBER NET [PRECEDING-NUMBER]."""

import sys
from datetime import UTC, datetime, timedelta

from kerege.money import ISO4217, PLAIN, parse_amount
from kerege.programmes.invoices import EInvoice, encode_invoice
from kerege.programmes.invoices.document import InvoiceParty, Line, Totals, VatGroup
from kerege.programmes.vat import rounded_vat

RATE = 1_600
"""Hundredths of a per cent."""


def invoice_of(number: str, net: int, preceding: str = "") -> EInvoice:
    """One line of work; amounts in minor units, the day that of Astana."""
    vat = rounded_vat(net, RATE)
    local = datetime.now(UTC) + timedelta(hours=5)
    return EInvoice(
        kind="credit-note" if preceding else "invoice",
        number=number,
        issue_date=local.date().isoformat(),
        currency="KZT",
        supplier=InvoiceParty(name="Supplier"),
        buyer=InvoiceParty(name="Buyer"),
        lines=(Line(id="1", name="Work", net=net, category="S", basis_points=RATE),),
        vat=(VatGroup(category="S", basis_points=RATE, net=net, vat=vat),),
        totals=Totals(lines=net, net=net, vat=vat, total=net + vat, payable=net + vat),
        preceding=preceding,
    )


def main(number: str, net: str, preceding: str = "") -> None:
    """Print it as JSON."""
    minor = parse_amount(net, ISO4217.by_code("KZT"), PLAIN).minor
    print(encode_invoice(invoice_of(number, minor, preceding)).decode())


if __name__ == "__main__":
    main(*sys.argv[1:4])
