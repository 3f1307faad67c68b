# SPDX-License-Identifier: Apache-2.0
"""The invoice that people read, as JSON: docs/formats/e-invoice.md. Pure.

It names persons and goods, so it stays with supplier and buyer: only its digest and its sums by
rate go into the order that registers it. Amounts are whole minor units (hundredths), may be below
zero, and follow the semantic model of EN 16931-1; its business terms (BT) are named in the page.
"""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from kerege.errors import KeregeError
from kerege.ledger.account import MAX_AMOUNT

__all__ = [
    "MAX_INVOICE_BYTES",
    "MAX_LINES",
    "Adjustment",
    "Category",
    "EInvoice",
    "InvoiceParty",
    "Line",
    "MalformedInvoice",
    "Totals",
    "VatGroup",
    "decode_invoice",
    "encode_invoice",
]

MAX_INVOICE_BYTES: Final = 4 * 1024 * 1024
"""Of one invoice, with what is attached to it (which is not read)."""

MAX_LINES: Final = 5_000
"""Lines of one invoice: a telephone bill of a large firm."""

_MAX_GROUPS: Final = 16
_MAX_ADJUSTMENTS: Final = 100

Category = Literal["S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B"]
"""Codes of VAT categories that EN 16931 takes from UNCL 5305; only S, L, M and B have VAT."""

_Text = Annotated[str, Meta(max_length=500)]
_Needed = Annotated[str, Meta(min_length=1, max_length=500)]
_Date = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$(?!\n)", max_length=10)]
_DateOrNone = Annotated[str, Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$(?!\n)", max_length=10)]
_Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?!\n)", max_length=3)]
_Amount = Annotated[int, Meta(ge=-MAX_AMOUNT, le=MAX_AMOUNT)]
_BasisPoints = Annotated[int, Meta(ge=0, le=10_000)]
_Decimal = Annotated[str, Meta(pattern=r"^-?[0-9]{1,18}(\.[0-9]{1,12})?$(?!\n)", max_length=32)]
_Wallet = Annotated[str, Meta(pattern=r"^(wal_[0-9a-f]{32})?$(?!\n)", max_length=36)]


class InvoiceParty(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Supplier or buyer. `wallet`, where it is known, is who pays or is paid."""

    name: _Needed
    tax_number: _Text = ""
    country: _Text = ""
    wallet: _Wallet = ""


class Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line: what, how much of it, and its net amount."""

    id: _Needed
    name: _Needed
    quantity: _Decimal = "1"
    unit: _Text = ""
    net: _Amount
    category: Category
    basis_points: _BasisPoints = 0


class Adjustment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An allowance on the whole invoice, or a charge."""

    is_charge: bool
    amount: _Amount
    category: Category
    basis_points: _BasisPoints = 0
    reason: _Text = ""


class VatGroup(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything at one category and rate: its net sum and the VAT on it."""

    category: Category
    basis_points: _BasisPoints = 0
    net: _Amount
    vat: _Amount


class Totals(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sums of the document, BT-106 to BT-115."""

    lines: _Amount
    allowances: _Amount = 0
    charges: _Amount = 0
    net: _Amount
    vat: _Amount = 0
    total: _Amount
    prepaid: _Amount = 0
    rounding: _Amount = 0
    payable: _Amount


class EInvoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invoice or a credit note. `tax_date`: when VAT fell due, if not when it was issued;
    `preceding`: the number of the invoice a credit note is about; `contract`: that of the contract
    it is of, best its order's."""

    kind: Literal["invoice", "credit-note"] = "invoice"
    number: Annotated[str, Meta(min_length=1, max_length=100)]
    issue_date: _Date
    tax_date: _DateOrNone = ""
    due_date: _DateOrNone = ""
    currency: _Currency
    supplier: InvoiceParty
    buyer: InvoiceParty
    lines: Annotated[tuple[Line, ...], Meta(max_length=MAX_LINES)]
    adjustments: Annotated[tuple[Adjustment, ...], Meta(max_length=_MAX_ADJUSTMENTS)] = ()
    vat: Annotated[tuple[VatGroup, ...], Meta(max_length=_MAX_GROUPS)]
    totals: Totals
    preceding: _Text = ""
    contract: _Text = ""


class MalformedInvoice(KeregeError):
    """A text is no invoice; `place` says where."""


_DECODER: Final = msgspec.json.Decoder(EInvoice)


def decode_invoice(text: bytes) -> EInvoice:
    """Read the form of an invoice, not its sums; raises `MalformedInvoice`."""
    if len(text) > MAX_INVOICE_BYTES:
        raise MalformedInvoice(
            f"the invoice has {len(text)} bytes, more than {MAX_INVOICE_BYTES}",
            remedy="leave out what is attached",
        )
    try:
        return _DECODER.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        what, _, place = str(fault).partition(" - at ")
        raise MalformedInvoice(
            f"not an invoice: {what[:200]}",
            place=place.strip("`")[:100],
            remedy="see docs/formats/e-invoice.md",
        ) from None


def encode_invoice(invoice: EInvoice) -> bytes:
    """The JSON form, members in the page's order: its SHA-256 is the order's `details`."""
    return msgspec.json.encode(invoice)
