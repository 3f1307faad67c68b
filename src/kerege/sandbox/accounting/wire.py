# SPDX-License-Identifier: Apache-2.0
"""What accounting software sends and is told, as JSON. Amounts are whole minor units."""

from typing import Annotated, Self

from msgspec import Meta, Struct

from kerege.ledger.account import MAX_AMOUNT
from kerege.payments.vat_documents import VatAnswer

__all__ = [
    "AnswerLine",
    "AnswerView",
    "BooksRequest",
    "BooksView",
    "ClaimLineRequest",
    "ClaimRequest",
    "ClaimView",
    "ContractRequest",
    "ContractView",
    "CreditView",
    "DeclarationRequest",
    "DeclarationView",
    "FirmRequest",
    "FirmView",
    "InvoiceView",
    "PaymentRequest",
    "PaymentView",
    "RefundRequest",
    "RefundView",
    "RemittanceRequest",
    "RemittanceView",
    "RunRequest",
    "RunView",
    "Sums",
]

_Name = Annotated[str, Meta(min_length=1, max_length=64)]
_Order = Annotated[str, Meta(pattern=r"^ord_(?!fffff[ef])[0-9a-f]{32}$(?!\n)", max_length=36)]
_OrderOrNone = Annotated[
    str, Meta(pattern=r"^(ord_(?!fffff[ef])[0-9a-f]{32})?$(?!\n)", max_length=36)
]
_Amount = Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
_Money = Annotated[int, Meta(ge=0, le=10**15)]
_Date = Annotated[str, Meta(pattern=r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}$(?!\n)", max_length=10)]
_Orders = Annotated[tuple[_Order, ...], Meta(max_length=256)]


class FirmRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A firm of a set of books, with `money` to begin with."""

    name: _Name
    vat: bool = True
    money: _Money = 0


class BooksRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A set of books of its own, on a day of its own."""

    today: _Date
    firms: Annotated[tuple[FirmRequest, ...], Meta(min_length=1, max_length=16)]


class BooksView(Struct, frozen=True):
    """Where the books are."""

    id: str
    today: str
    authority: str
    """The name of the tax authority: it is paid like a firm."""
    treasury: str
    """The name of the buyer of contracts: it pays like a firm."""


class Sums(Struct, frozen=True):
    """A net amount and the VAT on it."""

    net: int
    vat: int


class InvoiceView(Struct, frozen=True, kw_only=True):
    """A registered invoice: what it is for, what is still owed, what was paid."""

    id: str
    number: str
    supplier: str
    buyer: str
    net: int
    vat: int
    total: int
    owed: Sums
    paid: Sums


class ContractRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A contract of the treasury's: its supplier, and how much is paid under it at most."""

    supplier: _Name
    cap: _Amount


class ContractView(Struct, frozen=True, kw_only=True):
    """A contract, and what may still be paid under it."""

    id: str
    supplier: str
    cap: int
    left: int


class PaymentRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pay (a part of) an invoice, perhaps under a contract. `order`: an id of the payer's choosing;
    sent again with the same one, the payment happens once."""

    payer: _Name
    invoice: _Order
    amount: _Amount
    contract: _OrderOrNone = ""
    order: _OrderOrNone = ""


class PaymentView(Struct, frozen=True, kw_only=True):
    """A payment: its VAT, and how much of that was VAT money already (`kept`) or was marked."""

    id: str
    net: int
    vat: int
    kept: int
    marked: int


class RefundRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pay back (a part of) a payment; `credit_note` says that it is not owed again."""

    payment: _Order
    amount: _Amount
    credit_note: _OrderOrNone = ""


class RefundView(Struct, frozen=True, kw_only=True):
    """A refund and the VAT in it."""

    id: str
    net: int
    vat: int


class CreditView(Struct, frozen=True, kw_only=True):
    """A credit note, and what may be refunded because of it."""

    id: str
    number: str
    invoice: str
    due: Sums


class DeclarationRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Declare papers dated from `begins` to before `ends` (local dates)."""

    firm: _Name
    begins: _Date
    ends: _Date
    issued: _Orders = ()
    received: _Orders = ()


class DeclarationView(Struct, frozen=True, kw_only=True):
    """A declaration: owed to the budget if `payable` is above zero, to be claimed if below."""

    id: str
    issued: int
    received: int
    payable: int
    open: int


class RemittanceRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pay what a declaration owes."""

    declaration: _Order
    amount: _Amount


class RemittanceView(Struct, frozen=True, kw_only=True):
    """A payment to the budget, and how much of it was VAT money."""

    id: str
    amount: int
    from_vat_money: int


class ClaimLineRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """VAT of an invoice to be claimed."""

    invoice: _Order
    vat: _Amount


class ClaimRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Claim VAT back."""

    declaration: _Order
    lines: Annotated[tuple[ClaimLineRequest, ...], Meta(min_length=1, max_length=128)]


class ClaimView(Struct, frozen=True, kw_only=True):
    """A claim that waits for its answer."""

    id: str
    amount: int


class RunRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Have the authority answer claims."""

    claims: Annotated[tuple[_Order, ...], Meta(min_length=1, max_length=64)]


class AnswerLine(Struct, frozen=True):
    """A line that is not paid, and why."""

    invoice: str
    reason: str


class AnswerView(Struct, frozen=True, kw_only=True):
    """What a claim was paid."""

    claim: str
    amount: int
    refused: tuple[AnswerLine, ...]

    @classmethod
    def of(cls, answer: VatAnswer) -> Self:
        """As the authority signed it."""
        refused = tuple(AnswerLine(line.invoice, line.reason) for line in answer.refused)
        return cls(claim=answer.claim, amount=answer.amount, refused=refused)


class RunView(Struct, frozen=True):
    """A run and its answers."""

    id: str
    answers: tuple[AnswerView, ...]


class FirmView(Struct, frozen=True, kw_only=True):
    """What a firm has: plain money, and VAT money."""

    name: str
    plain: int
    vat: int
