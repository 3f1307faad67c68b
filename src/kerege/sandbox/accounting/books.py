# SPDX-License-Identifier: Apache-2.0
"""One set of books: firms, their invoices and what they do, over the real planning and ledger."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from kerege.errors import InvariantViolation
from kerege.ledger import UNMARKED, AccountId, Mark, OrderId, Transfer, format_order_id
from kerege.ledger.ids import parse_order_id
from kerege.payments import Document, Leg, Pay, Refund
from kerege.payments.documents import (
    CreditNote,
    Invoice,
    VatClaim,
    VatClaimRun,
    VatDeclaration,
)
from kerege.payments.memory_scene import MemoryScene
from kerege.payments.vat_documents import ClaimLine, VatAnswer
from kerege.payments.vat_facts import answer_claim, book_of
from kerege.payments.vat_papers import (
    RegisteredInvoice,
    Sides,
    find_claim,
    find_credit,
    find_declaration,
    find_invoice,
)
from kerege.payments.vat_registering import (
    check_rules,
    contract_of,
    date_us_of,
    digest_of,
    lines_of,
)
from kerege.programmes.invoices import EInvoice
from kerege.programmes.vat_book import VatBook
from kerege.sandbox.accounting.contracts import TREASURY, contract_document, contract_view
from kerege.sandbox.accounting.unfit import RefusedByBooks, UnfitRequest, checked_number
from kerege.sandbox.accounting.wire import (
    AnswerView,
    ClaimRequest,
    ClaimView,
    ContractRequest,
    ContractView,
    CreditView,
    DeclarationRequest,
    DeclarationView,
    FirmView,
    InvoiceView,
    PaymentRequest,
    PaymentView,
    RefundRequest,
    RefundView,
    RemittanceRequest,
    RemittanceView,
    RunRequest,
    RunView,
    Sums,
)

__all__ = ["AUTHORITY", "Books"]

AUTHORITY: Final = "tax-authority"
"""The name of the authority in every set of books."""

_ASSET: Final = "KZT"
_PROGRAMME: Final = "digital-vat"
_UNTIL_US: Final = 2**52
"""Orders of a sandbox do not end: sent again, the very same order is the same."""

_T = TypeVar("_T", Pay, VatDeclaration)

_MAX_ORDERS: Final = 20_000
"""Orders of one set of books: they are kept in memory."""


class Books:
    """A set of books. Safe among threads: one request after the other."""

    def __init__(
        self,
        name: str,
        today: str,
        scene: MemoryScene,
        wallets: Mapping[str, str],
        mark: Mark,
        make_id: Callable[[], bytes],
        balance: Callable[[AccountId, Mark], int],
    ) -> None:
        """`wallets`: by firm's name. `balance` reads the ledger."""
        self.name = name
        self.today = today
        self._scene = scene
        self._wallets = dict(wallets)
        self._names = {wallet: firm for firm, wallet in wallets.items()}
        self._mark = mark
        self._make_id = make_id
        self._balance = balance
        self._lock = threading.RLock()

    def register(self, e_invoice: EInvoice, text: bytes) -> InvoiceView:
        """Register an invoice; raises `MalformedInvoice`, `UnfitRequest`, `RefusedByBooks`."""
        self._check_e_invoice(e_invoice, kind="invoice")
        buyer = self._wallets.get(e_invoice.buyer.name, "")
        document = Invoice(
            **self._frame(self._firm(e_invoice.supplier.name, "$.supplier.name")),
            asset=_ASSET,
            buyer=buyer,
            number=checked_number(e_invoice.number),
            lines=lines_of(e_invoice),
            total=self._total(e_invoice.totals.total),
            date_us=self._date_us(e_invoice),
            contract=contract_of(e_invoice),
            details=digest_of(text),
        )
        self._submit(document)
        return self.invoice(document.id)

    def invoice(self, order: str) -> InvoiceView:
        """An invoice as it stands; raises `UnfitRequest`."""
        found = self._invoice(order, "$.invoice")
        terms = found.terms
        net = sum(line.net for line in terms.lines)
        return InvoiceView(
            id=order,
            number=terms.number,
            supplier=self._names[terms.wallet],
            buyer=self._names.get(terms.buyer, ""),
            net=net,
            vat=terms.total - net,
            total=terms.total,
            owed=self._sums(found.owed),
            paid=self._sums(found.paid),
        )

    def pay(self, request: PaymentRequest) -> PaymentView:
        """Pay for an invoice; raises `UnfitRequest`, `RefusedByBooks`."""
        found = self._invoice(request.invoice, "$.invoice")
        payer = self._firm(request.payer, "$.payer")
        document = Pay(
            **self._frame(payer, request.order),
            asset=_ASSET,
            legs=(Leg(found.terms.wallet, request.amount),),
            about=request.contract or request.invoice,
            invoice=request.invoice if request.contract else "",
        )
        self._submit(document)
        moved = [step for step in self._steps(document.id) if step.mark == self._mark]
        account = self._account(payer)
        kept = sum(step.amount for step in moved if step.debit == account)
        marked = sum(step.amount for step in moved) - kept
        net = request.amount - kept - marked
        return PaymentView(id=document.id, net=net, vat=kept + marked, kept=kept, marked=marked)

    def refund(self, request: RefundRequest) -> RefundView:
        """Pay back; raises `UnfitRequest`, `RefusedByBooks`."""
        paid = self._document(request.payment, Pay, "$.payment")
        found = self._invoice(paid.invoice or paid.about, "$.payment")
        document = Refund(
            **self._frame(paid.legs[0].to),
            order=request.payment,
            amount=request.amount,
            about=request.credit_note,
        )
        self._submit(document)
        credit = find_credit(request.credit_note, self._scene) if request.credit_note else None
        source = found.paid if credit is None else credit.due
        steps = self._steps(document.id)
        vat = sum(step.amount for step in steps if step.debit == source.vat)
        return RefundView(id=document.id, net=request.amount - vat, vat=vat)

    def contract(self, request: ContractRequest) -> ContractView:
        """Have the treasury make a contract; raises `UnfitRequest`, `RefusedByBooks`."""
        supplier = self._firm(request.supplier, "$.supplier")
        document = contract_document(self._frame(self._wallets[TREASURY]), supplier, request.cap)
        self._submit(document)
        return self.contract_view(document.id)

    def contract_view(self, order: str) -> ContractView:
        """A contract as it stands; raises `UnfitRequest`."""
        return contract_view(order, self._scene, self._names)

    def credit(self, e_invoice: EInvoice, text: bytes) -> CreditView:
        """Register a credit note about the supplier's invoice of the number `preceding`; raises as
        `register`."""
        self._check_e_invoice(e_invoice, kind="credit-note")
        supplier = self._firm(e_invoice.supplier.name, "$.supplier.name")
        invoice = self._numbered(supplier, e_invoice.preceding)
        document = CreditNote(
            **self._frame(supplier),
            invoice=invoice.id,
            number=checked_number(e_invoice.number),
            lines=lines_of(e_invoice),
            total=self._total(e_invoice.totals.total),
            date_us=self._date_us(e_invoice),
            details=digest_of(text),
        )
        self._submit(document)
        found = find_credit(document.id, self._scene)
        if found is None:
            raise InvariantViolation(f"{document.id} was accepted and is no credit note")
        return CreditView(
            id=document.id,
            number=document.number,
            invoice=invoice.id,
            due=self._sums(found.due),
        )

    def declare(self, request: DeclarationRequest) -> DeclarationView:
        """Declare a period; raises `UnfitRequest`, `RefusedByBooks`."""
        document = VatDeclaration(
            **self._frame(self._firm(request.firm, "$.firm")),
            programme=_PROGRAMME,
            from_us=self._midnight_us(request.begins, "$.begins"),
            to_us=self._midnight_us(request.ends, "$.ends"),
            issued=request.issued,
            received=request.received,
            vat_issued=self._vat_of(request.issued, "$.issued"),
            vat_received=self._vat_of(request.received, "$.received"),
        )
        self._submit(document)
        return self.declaration(document.id)

    def declaration(self, order: str) -> DeclarationView:
        """A declaration as it stands; raises `UnfitRequest`."""
        found = find_declaration(order, self._scene)
        if found is None:
            raise UnfitRequest("no declaration has this id", place="$.declaration")
        return DeclarationView(
            id=order,
            issued=found.terms.vat_issued,
            received=found.terms.vat_received,
            payable=found.payable,
            open=self._scene.spendable(found.open),
        )

    def remit(self, request: RemittanceRequest) -> RemittanceView:
        """Pay the authority; raises `UnfitRequest`, `RefusedByBooks`."""
        declared = self._document(request.declaration, VatDeclaration, "$.declaration")
        document = Pay(
            **self._frame(declared.wallet),
            asset=_ASSET,
            legs=(Leg(self._wallets[AUTHORITY], request.amount),),
            about=request.declaration,
        )
        self._submit(document)
        moved = sum(step.amount for step in self._steps(document.id) if step.mark == self._mark)
        return RemittanceView(id=document.id, amount=request.amount, from_vat_money=moved)

    def claim(self, request: ClaimRequest) -> ClaimView:
        """Claim VAT back; raises `UnfitRequest`, `RefusedByBooks`."""
        declared = self._document(request.declaration, VatDeclaration, "$.declaration")
        lines = tuple(ClaimLine(line.invoice, line.vat) for line in request.lines)
        document = VatClaim(
            **self._frame(declared.wallet),
            declaration=request.declaration,
            lines=lines,
            amount=self._total(sum(line.vat for line in lines)),
        )
        self._submit(document)
        return ClaimView(id=document.id, amount=document.amount)

    def run(self, request: RunRequest) -> RunView:
        """Have the authority check and answer claims; raises `UnfitRequest`, `RefusedByBooks`."""
        with self._lock:
            book = self._book()
            answers = tuple(self._answer(order, book) for order in request.claims)
            document = VatClaimRun(
                **self._frame(self._wallets[AUTHORITY]), programme=_PROGRAMME, answers=answers
            )
            self._submit(document)
        return RunView(document.id, tuple(map(AnswerView.of, answers)))

    def firm(self, name: str) -> FirmView:
        """What a firm has; raises `UnfitRequest`."""
        account = self._account(self._firm(name, "$.name"))
        return FirmView(
            name=name,
            plain=self._balance(account, UNMARKED),
            vat=self._balance(account, self._mark),
        )

    # What the above is made of.

    def _answer(self, order: str, book: VatBook) -> VatAnswer:
        found = find_claim(order, self._scene)
        if found is None:
            raise UnfitRequest("no claim has this id", place="$.claims")
        return answer_claim(found.terms, book)

    def _book(self) -> VatBook:
        owners = {self._account(wallet): wallet for wallet in self._names}
        return book_of(
            self._scene.orders.values(),
            marks=[self._mark],
            wallet_of=lambda account: owners.get(account, ""),
            facts_of=self._scene.wallets.get,
        )

    def _submit(self, document: Document) -> None:
        with self._lock:
            if len(self._scene.orders) >= _MAX_ORDERS:
                raise UnfitRequest(f"these books have {_MAX_ORDERS} orders: open others", place="$")
            verdict = self._scene.submit(document)
        if not verdict.accepted:
            raise RefusedByBooks(verdict)

    def _frame(self, wallet: str, order: str = "") -> dict[str, Any]:
        return {
            "id": order or format_order_id(OrderId(self._make_id())),
            "wallet": wallet,
            "until_us": _UNTIL_US,
        }

    def _check_e_invoice(self, e_invoice: EInvoice, *, kind: str) -> None:
        if e_invoice.kind != kind:
            raise UnfitRequest(f"this takes documents of kind {kind}", place="$.kind")
        if e_invoice.currency != _ASSET:
            raise UnfitRequest(f"these books are in {_ASSET}", place="$.currency")
        check_rules(e_invoice)

    def _firm(self, name: str, place: str) -> str:
        wallet = self._wallets.get(name)
        if wallet is None:
            raise UnfitRequest("these books have no firm of this name", place=place)
        return wallet

    def _account(self, wallet: str) -> AccountId:
        return self._scene.wallets[wallet].accounts[_ASSET]

    def _invoice(self, order: str, place: str) -> RegisteredInvoice:
        found = find_invoice(order, self._scene) if order else None
        if found is None:
            raise UnfitRequest("no invoice has this id", place=place)
        return found

    def _numbered(self, supplier: str, number: str) -> Invoice:
        for past in self._scene.orders.values():
            document = past.document
            if isinstance(document, Invoice) and (document.wallet, document.number) == (
                supplier,
                number,
            ):
                return document
        raise UnfitRequest("the supplier has no invoice of this number", place="$.preceding")

    def _document(self, order: str, kind: type[_T], place: str) -> _T:
        past = self._scene.past(parse_order_id(order))
        if past is None or not isinstance(past.document, kind):
            raise UnfitRequest("no order of this kind has this id", place=place)
        return past.document

    def _steps(self, order: str) -> Sequence[Transfer]:
        past = self._scene.past(parse_order_id(order))
        if past is None:
            raise InvariantViolation(f"{order} was accepted and is not there")
        return [step for step in past.order.steps if isinstance(step, Transfer)]

    def _sums(self, sides: Sides) -> Sums:
        return Sums(self._scene.spendable(sides.net), self._scene.spendable(sides.vat))

    def _vat_of(self, orders: Sequence[str], place: str) -> int:
        vat = 0
        for order in orders:
            past = self._scene.past(parse_order_id(order))
            document = None if past is None else past.document
            if not isinstance(document, Invoice | CreditNote):
                raise UnfitRequest("no invoice or credit note has this id", place=place)
            sign = 1 if isinstance(document, Invoice) else -1
            vat += sign * sum(line.vat for line in document.lines)
        return vat

    def _date_us(self, e_invoice: EInvoice) -> int:
        return date_us_of(e_invoice, utc_offset_min=self._offset_min)

    def _midnight_us(self, text: str, place: str) -> int:
        try:
            day = datetime.fromisoformat(text).replace(tzinfo=UTC)
        except ValueError:
            raise UnfitRequest(f"there is no {text}", place=place) from None
        return (int(day.timestamp()) - self._offset_min * 60) * 1_000_000

    @property
    def _offset_min(self) -> int:
        return self._scene.programmes[self._mark].terms.calendar.utc_offset_min

    def _total(self, amount: int) -> int:
        if not 0 < amount < 10**18:
            raise UnfitRequest("an amount is above zero, of at most 18 digits", place="$.totals")
        return amount
