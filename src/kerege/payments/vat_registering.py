# SPDX-License-Identifier: Apache-2.0
"""From the invoice people read to the order that registers it: sums by rate, a digest. Pure."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from kerege.keys import encode_base64url
from kerege.payments.document_fields import OrderOrNone
from kerege.payments.vat_documents import InvoiceLine
from kerege.programmes.invoices import EInvoice, MalformedInvoice, rule_faults

__all__ = ["check_rules", "contract_of", "date_us_of", "digest_of", "lines_of"]

_FIRST_YEAR: Final = 1971
_LAST_YEAR: Final = 2200
"""Instants of documents begin in 1970 and end in 2255: a day more or less stays in between."""


def check_rules(invoice: EInvoice) -> None:
    """Raise `MalformedInvoice` with the first rule of EN 16931 that an invoice does not keep."""
    for fault in rule_faults(invoice):
        figures = f" ({fault.found}, not {fault.expected})" if fault.found != fault.expected else ""
        raise MalformedInvoice(
            f"{fault.rule}: {fault.what}{figures}",
            place=fault.place,
            remedy="see docs/formats/e-invoice.md",
        )


def lines_of(invoice: EInvoice) -> tuple[InvoiceLine, ...]:
    """Sums by rate. Categories without VAT (zero rate, exempt...) are one line of rate 0.

    Raises `MalformedInvoice` where a rate has nothing above zero: such an invoice is a credit.
    """
    sums: dict[int, tuple[int, int]] = {}
    for group in invoice.vat:
        net, vat = sums.get(group.basis_points, (0, 0))
        sums[group.basis_points] = net + group.net, vat + group.vat
    for index, group in enumerate(invoice.vat):
        net, vat = sums[group.basis_points]
        if net <= 0 or vat < 0:
            what = "what is registered is above zero at every rate"
            raise MalformedInvoice(what, place=f"$.vat[{index}]", remedy="credit it instead")
    return tuple(InvoiceLine(rate, *sums[rate]) for rate in sums)


def contract_of(invoice: EInvoice) -> str:
    """The order of the contract an invoice says it is of; empty where it says none, or one that is
    registered elsewhere."""
    try:
        return msgspec.convert(invoice.contract, OrderOrNone)
    except msgspec.ValidationError:
        return ""


def date_us_of(invoice: EInvoice, *, utc_offset_min: int) -> int:
    """When the VAT fell due: local midnight of the tax date, or of the issue date, in microseconds
    since 1970 UTC. Raises `MalformedInvoice` for a date there is not."""
    text = invoice.tax_date or invoice.issue_date
    try:
        local = datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise MalformedInvoice(f"there is no {text}", place="$.issue_date") from None
    if not _FIRST_YEAR <= local.year <= _LAST_YEAR:
        raise MalformedInvoice(f"{text} lies too far away", place="$.issue_date")
    instant = local - timedelta(minutes=utc_offset_min)
    return int(instant.timestamp()) * 1_000_000


def digest_of(text: bytes) -> str:
    """The SHA-256 of the invoice as it was sent, for `details`."""
    return encode_base64url(hashlib.sha256(text).digest())
