# SPDX-License-Identifier: Apache-2.0
"""The accounting interface over HTTP: docs/accounting.md."""

from collections.abc import Callable
from typing import Annotated, Any, Final, TypeVar

import msgspec
from litestar import Request, Router, get, post
from litestar.openapi.spec import Operation, RequestBody
from litestar.openapi.spec.media_type import OpenAPIMediaType
from litestar.openapi.spec.schema import Schema
from litestar.params import JSONBody, PathParameter

from kerege.programmes.invoices import EInvoice, read_ubl
from kerege.programmes.invoices.document import MAX_INVOICE_BYTES
from kerege.runtime import Clock, IdMaker, SystemRandomness
from kerege.sandbox.accounting.books import AUTHORITY, Books
from kerege.sandbox.accounting.contracts import TREASURY
from kerege.sandbox.accounting.problem_kinds import BOOKS_CODES, BOOKS_KINDS
from kerege.sandbox.accounting.shelf import Shelf
from kerege.sandbox.accounting.unfit import RefusedByBooks
from kerege.sandbox.accounting.wire import (
    BooksRequest,
    BooksView,
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
)
from kerege.service import Answering, Front, Metrics, Problem, StrictJson, build_app

__all__ = ["accounting_app"]

_DESCRIPTION: Final = (
    "What a VAT system offers to accounting software: invoices, payments split into net and VAT, "
    "credit notes, declarations, claims. A sandbox: no keys, no real money."
)
_T = TypeVar("_T")
_Books = Annotated[str, PathParameter(description="The id of a set of books.")]
_Part = Annotated[str, PathParameter(description="What is looked at.")]


def accounting_app(shelf: Shelf, clock: Clock) -> Front:
    """The ASGI application over a shelf of books."""
    return build_app(
        [_routes(shelf)],
        title="Accounting",
        description=_DESCRIPTION,
        ids=IdMaker(clock, SystemRandomness()),
        metrics=Metrics(),
        answering=Answering(BOOKS_KINDS, BOOKS_CODES),
    )


def _answer(do: Callable[[], _T]) -> _T:
    try:
        return do()
    except RefusedByBooks as refused:
        verdict = refused.verdict
        figures = f"found {verdict.found}, limit {verdict.limit}"
        detail = figures if verdict.found or verdict.limit else ""
        raise Problem(verdict.code, detail, place=verdict.rule) from None


class _UblBody(Operation):
    """Says that the body is XML, which Litestar cannot know."""

    def __post_init__(self) -> None:
        media = OpenAPIMediaType(schema=Schema(type=None, description="UBL 2.1 Invoice"))
        self.request_body = RequestBody(content={"application/xml": media}, required=True)


def _routes(shelf: Shelf) -> Router:
    def find(books: str) -> Books:
        found = shelf.find(books)
        if found is None:
            raise Problem("not_found")
        return found

    @post("/v1/books", dto=StrictJson, sync_to_thread=True)
    def create_books(data: JSONBody[BooksRequest]) -> BooksView:
        """Make a set of books of its own."""
        books = shelf.create(data)
        return BooksView(books.name, books.today, AUTHORITY, TREASURY)

    return Router(
        "/", route_handlers=[create_books, *_papers(find), *_money(find)], tags=["accounting"]
    )


def _papers(find: Callable[[str], Books]) -> list[Any]:
    """Invoices, credit notes and contracts."""

    @post(
        "/v1/books/{books:str}/invoices",
        dto=StrictJson,
        sync_to_thread=True,
        request_max_body_size=MAX_INVOICE_BYTES,
    )
    def register_invoice(books: _Books, data: JSONBody[EInvoice]) -> InvoiceView:
        """Register an invoice in its JSON form."""
        return _answer(lambda: find(books).register(data, msgspec.json.encode(data)))

    @post(
        "/v1/books/{books:str}/ubl-invoices",
        request_max_body_size=MAX_INVOICE_BYTES,
        operation_class=_UblBody,
    )
    async def register_ubl_invoice(books: _Books, request: Request[Any, Any, Any]) -> InvoiceView:
        """Register an invoice in UBL 2.1 (EN 16931)."""
        if request.content_type[0] not in ("application/xml", "text/xml"):
            raise Problem("media_type_wrong", "send application/xml")
        text = await request.body()
        read = read_ubl(text)
        return _answer(lambda: find(books).register(read.invoice, text))

    @get("/v1/books/{books:str}/invoices/{invoice:str}", sync_to_thread=True)
    def read_invoice(books: _Books, invoice: _Part) -> InvoiceView:
        """An invoice as it stands."""
        return _answer(lambda: find(books).invoice(_order_of(invoice)))

    @post(
        "/v1/books/{books:str}/credit-notes",
        dto=StrictJson,
        sync_to_thread=True,
        request_max_body_size=MAX_INVOICE_BYTES,
    )
    def register_credit_note(books: _Books, data: JSONBody[EInvoice]) -> CreditView:
        """Register a credit note; `preceding` is the number of its invoice."""
        return _answer(lambda: find(books).credit(data, msgspec.json.encode(data)))

    @post("/v1/books/{books:str}/contracts", dto=StrictJson, sync_to_thread=True)
    def make_contract(books: _Books, data: JSONBody[ContractRequest]) -> ContractView:
        """Have the treasury make a contract."""
        return _answer(lambda: find(books).contract(data))

    @get("/v1/books/{books:str}/contracts/{contract:str}", sync_to_thread=True)
    def read_contract(books: _Books, contract: _Part) -> ContractView:
        """A contract as it stands."""
        return _answer(lambda: find(books).contract_view(_order_of(contract)))

    return [
        register_invoice,
        register_ubl_invoice,
        read_invoice,
        register_credit_note,
        make_contract,
        read_contract,
    ]


def _money(find: Callable[[str], Books]) -> list[Any]:
    """Payments, and what becomes of their VAT."""

    @post("/v1/books/{books:str}/payments", dto=StrictJson, sync_to_thread=True)
    def pay(books: _Books, data: JSONBody[PaymentRequest]) -> PaymentView:
        """Pay (a part of) an invoice."""
        return _answer(lambda: find(books).pay(data))

    @post("/v1/books/{books:str}/refunds", dto=StrictJson, sync_to_thread=True)
    def refund(books: _Books, data: JSONBody[RefundRequest]) -> RefundView:
        """Pay back (a part of) a payment."""
        return _answer(lambda: find(books).refund(data))

    @get("/v1/books/{books:str}/firms/{firm:str}", sync_to_thread=True)
    def read_firm(books: _Books, firm: _Part) -> FirmView:
        """What a firm has."""
        return _answer(lambda: find(books).firm(firm))

    @post("/v1/books/{books:str}/declarations", dto=StrictJson, sync_to_thread=True)
    def declare(books: _Books, data: JSONBody[DeclarationRequest]) -> DeclarationView:
        """Declare a period."""
        return _answer(lambda: find(books).declare(data))

    @post("/v1/books/{books:str}/remittances", dto=StrictJson, sync_to_thread=True)
    def remit(books: _Books, data: JSONBody[RemittanceRequest]) -> RemittanceView:
        """Pay what a declaration owes."""
        return _answer(lambda: find(books).remit(data))

    @post("/v1/books/{books:str}/claims", dto=StrictJson, sync_to_thread=True)
    def claim(books: _Books, data: JSONBody[ClaimRequest]) -> ClaimView:
        """Claim VAT back."""
        return _answer(lambda: find(books).claim(data))

    @post("/v1/books/{books:str}/claim-runs", dto=StrictJson, sync_to_thread=True)
    def answer_claims(books: _Books, data: JSONBody[RunRequest]) -> RunView:
        """Have the authority check and answer claims, as it does."""
        return _answer(lambda: find(books).run(data))

    return [pay, refund, read_firm, declare, remit, claim, answer_claims]


def _order_of(text: str) -> str:
    """An id in an address; one that is none is nobody's."""
    if len(text) != 36 or not text.startswith("ord_") or set(text[4:]) - set("0123456789abcdef"):
        raise Problem("not_found")
    return text
