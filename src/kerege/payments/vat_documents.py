# SPDX-License-Identifier: Apache-2.0
"""Documents of value-added tax: invoices, credit notes, declarations, claims, and their answer.

Pure. What people read stays with the parties: `details` is the SHA-256 of the invoice they hold.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from kerege.ledger.account import MAX_AMOUNT
from kerege.payments.document_fields import (
    AssetCode,
    Digest,
    MinorUnits,
    MinorUnitsOrZero,
    OrderName,
    OrderOrNone,
    ProgrammeName,
    Signed,
    Time,
    WalletOrNone,
)
from kerege.programmes import MAX_BASIS_POINTS

__all__ = [
    "MAX_ANSWERS",
    "MAX_CLAIMED",
    "MAX_DECLARED",
    "MAX_RATES_OF_INVOICE",
    "ClaimLine",
    "ClaimReason",
    "CreditNote",
    "Invoice",
    "InvoiceLine",
    "RefusedLine",
    "VatAnswer",
    "VatClaim",
    "VatClaimRun",
    "VatDeclaration",
]

MAX_RATES_OF_INVOICE: Final = 8
"""Rates on one invoice, each a line: a country has three or four."""

MAX_DECLARED: Final = 256
"""Papers of one side of a declaration, each an allowance to use up: declare the rest in another."""

MAX_CLAIMED: Final = 128
"""Invoices of one claim: each is looked at with the chain behind it."""

MAX_ANSWERS: Final = 64
"""Claims paid in one run: each reads its claim and the declaration behind it."""

_Number = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9]([A-Za-z0-9./_-]*[A-Za-z0-9])?$(?!\n)", max_length=32)
]
_BasisPoints = Annotated[int, Meta(ge=0, le=MAX_BASIS_POINTS)]
_Signed = Annotated[int, Meta(ge=-MAX_AMOUNT, le=MAX_AMOUNT)]
_Papers = Annotated[tuple[OrderName, ...], Meta(max_length=MAX_DECLARED)]


class InvoiceLine(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """All of an invoice at one rate: `net` and the `vat` on it, rounded half up."""

    basis_points: _BasisPoints
    net: MinorUnits
    vat: MinorUnitsOrZero


_Lines = Annotated[tuple[InvoiceLine, ...], Meta(min_length=1, max_length=MAX_RATES_OF_INVOICE)]


class Invoice(Signed, frozen=True, kw_only=True, tag="invoice"):
    """A supplier registers an invoice. `buyer` alone may pay it; empty: anyone may.

    `number` is used once by a supplier; `date_us` is when the VAT fell due, and decides its rates.
    `contract`: the contract it is of (its supplier's, with its buyer); paid under that alone.
    """

    asset: AssetCode
    buyer: WalletOrNone = ""
    number: _Number
    lines: _Lines
    total: MinorUnits
    date_us: Time
    due_us: Time = 0
    contract: OrderOrNone = ""
    details: Digest = ""


class CreditNote(Signed, frozen=True, kw_only=True, tag="credit-note"):
    """A supplier takes back a part of an invoice: what is open of it is owed no more, and what was
    paid already may be refunded `about` this."""

    invoice: OrderName
    number: _Number
    lines: _Lines
    total: MinorUnits
    date_us: Time
    details: Digest = ""


class VatDeclaration(Signed, frozen=True, kw_only=True, tag="vat-declaration"):
    """A declaration of a period: invoices and credit notes issued and received, each once.

    `vat_issued` and `vat_received` are their VAT, credit notes counted against it. The difference
    is owed to the budget, or may be claimed from it.
    """

    programme: ProgrammeName
    from_us: Time
    to_us: Time
    issued: _Papers = ()
    received: _Papers = ()
    vat_issued: _Signed
    vat_received: _Signed
    details: Digest = ""


class ClaimLine(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """How much of the VAT paid on an invoice is claimed."""

    invoice: OrderName
    vat: MinorUnits


class VatClaim(Signed, frozen=True, kw_only=True, tag="vat-claim"):
    """Claim back the VAT paid on invoices of a declaration whose VAT received is the larger."""

    declaration: OrderName
    lines: Annotated[tuple[ClaimLine, ...], Meta(min_length=1, max_length=MAX_CLAIMED)]
    amount: MinorUnits


ClaimReason = Literal[
    "supplier-not-declared",
    "vat-not-paid",
    "vat-not-passed-on",
    "chain-in-a-circle",
    "chain-too-deep",
    "supplier-missing",
    "under-inspection",
]
"""Why a line of a claim is not paid; see `kerege.programmes.vat_chain`."""


class RefusedLine(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A line of a claim that is not paid. It may be claimed again."""

    invoice: OrderName
    reason: ClaimReason


class VatAnswer(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What a claim is paid: `amount` is all of it but the refused lines."""

    claim: OrderName
    amount: MinorUnitsOrZero
    refused: Annotated[tuple[RefusedLine, ...], Meta(max_length=MAX_CLAIMED)] = ()


class VatClaimRun(Signed, frozen=True, kw_only=True, tag="vat-claim-run"):
    """The tax authority answers claims, in one run: every claim it names, once and for good."""

    programme: ProgrammeName
    answers: Annotated[tuple[VatAnswer, ...], Meta(min_length=1, max_length=MAX_ANSWERS)]
