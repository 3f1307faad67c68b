# SPDX-License-Identifier: Apache-2.0
"""Books keep the real rules; what does not fit them is refused with its place."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from kerege.programmes.invoices import EInvoice, decode_invoice
from kerege.runtime import SystemClock
from kerege.sandbox.accounting.books import AUTHORITY, Books, RefusedByBooks, UnfitRequest
from kerege.sandbox.accounting.serving import new_shelf
from kerege.sandbox.accounting.shelf import Shelf
from kerege.sandbox.accounting.wire import (
    BooksRequest,
    DeclarationRequest,
    FirmRequest,
    PaymentRequest,
    RefundRequest,
    RemittanceRequest,
    RunRequest,
)
from tests.e_invoices import SOUND

NOBODY = "ord_" + "ab" * 16


@pytest.fixture(scope="module")
def shelf() -> Iterator[Shelf]:
    with new_shelf(SystemClock()) as shelf:
        yield shelf


@pytest.fixture
def books(shelf: Shelf) -> Books:
    firms = (FirmRequest(name="Mill"), FirmRequest(name="Baker", money=100_000))
    return shelf.create(BooksRequest(today="2026-11-20", firms=firms))


def sound(**changed: Any) -> EInvoice:
    return decode_invoice(msgspec.json.encode({**SOUND, **changed}))


def test_an_invoice_is_registered_and_paid(books: Books) -> None:
    bill = books.register(sound(), b"text")
    assert (bill.net, bill.vat, bill.buyer) == (10_550, 1_616, "Baker")
    paid = books.pay(PaymentRequest(payer="Baker", invoice=bill.id, amount=bill.total))
    assert (paid.net, paid.vat, paid.marked) == (10_550, 1_616, 1_616)
    assert books.invoice(bill.id).owed.net == 0
    assert books.firm("Mill").vat == 1_616
    back = books.refund(RefundRequest(payment=paid.id, amount=bill.total))
    assert (back.net, back.vat) == (10_550, 1_616)
    assert books.firm(AUTHORITY).vat == 0


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"kind": "credit-note"}, "$.kind"),
        ({"currency": "EUR"}, "$.currency"),
        ({"number": "A 7"}, "$.number"),
        ({"number": "7" * 33}, "$.number"),
        ({"supplier": {"name": "Nobody"}}, "$.supplier.name"),
    ],
)
def test_invoices_that_do_not_fit(books: Books, changed: dict[str, Any], place: str) -> None:
    with pytest.raises(UnfitRequest) as raised:
        books.register(sound(**changed), b"")
    assert raised.value.place == place


def test_papers_that_are_not_there(books: Books) -> None:
    requests: list[tuple[Any, Any]] = [
        (books.pay, PaymentRequest(payer="Baker", invoice=NOBODY, amount=1)),
        (books.refund, RefundRequest(payment=NOBODY, amount=1)),
        (books.remit, RemittanceRequest(declaration=NOBODY, amount=1)),
        (books.run, RunRequest((NOBODY,))),
        (books.invoice, NOBODY),
        (books.declaration, NOBODY),
        (books.firm, "Nobody"),
    ]
    for ask, request in requests:
        with pytest.raises(UnfitRequest):
            ask(request)
    note = sound(kind="credit-note", preceding="none")
    with pytest.raises(UnfitRequest, match="no invoice of this number"):
        books.credit(note, b"")
    period = DeclarationRequest(firm="Mill", begins="2026-10-01", ends="2026-13-01")
    with pytest.raises(UnfitRequest, match="there is no"):
        books.declare(period)


def test_a_refusal_keeps_its_verdict(books: Books) -> None:
    bill = books.register(sound(number="8"), b"")
    with pytest.raises(RefusedByBooks) as raised:
        books.pay(PaymentRequest(payer="Baker", invoice=bill.id, amount=bill.total + 1))
    assert raised.value.verdict.code == "invoice_already_paid"


def test_books_do_not_see_each_other(shelf: Shelf, books: Books) -> None:
    bill = books.register(sound(number="9"), b"")
    firms = (FirmRequest(name="Baker", money=100_000),)
    others = shelf.create(BooksRequest(today="2026-11-20", firms=firms))
    with pytest.raises(UnfitRequest):
        others.pay(PaymentRequest(payer="Baker", invoice=bill.id, amount=1))
    assert shelf.find(others.name) is others
    assert shelf.find("books_other") is None
