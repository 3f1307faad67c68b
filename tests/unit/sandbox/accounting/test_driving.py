# SPDX-License-Identifier: Apache-2.0
"""The kit passes what is right, and names what is wrong: planted mistakes, and strangers' answers.

A mistake is planted into our own books; the case that has to catch it must fail, at a step and with
a reason that tell which mistake it was.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from kerege.ledger import OrderId, format_order_id
from kerege.payments import contract_paper, papers, planning_invoices, vat_paper, vat_refunds
from kerege.payments.purse import Purse
from kerege.payments.vat_documents import VatAnswer
from kerege.payments.vat_papers import RegisteredInvoice, find_claim, find_invoice
from kerege.programmes.invoices import EInvoice
from kerege.programmes.vat_book import VatBook
from kerege.runtime import IdMaker, SystemClock, SystemRandomness
from kerege.sandbox.accounting import books as books_module
from kerege.sandbox.accounting.books import Books
from kerege.sandbox.accounting.case import Case, Step
from kerege.sandbox.accounting.cases import case_names, read_case
from kerege.sandbox.accounting.driving import Answer, CaseReport, Unreachable, run_case
from kerege.sandbox.accounting.http_line import HttpLine
from kerege.sandbox.accounting.routes import accounting_app
from kerege.sandbox.accounting.serving import new_shelf
from kerege.sandbox.accounting.wire import (
    InvoiceView,
    PaymentRequest,
    PaymentView,
    RefundRequest,
    RefundView,
)
from kerege.service import Server, listen_on, serving


def fresh() -> str:
    """An order's id nobody used."""
    ids = IdMaker(SystemClock(), SystemRandomness())
    return format_order_id(OrderId(ids.make()))


@pytest.mark.parametrize("name", case_names())
def test_our_own_books_pass(name: str, line: HttpLine) -> None:
    report = run_case(read_case(name), line, order=fresh())
    assert (report.fault, report.passed) == ("", True)
    assert report.steps == len(read_case(name).steps)


class PaysOnEveryRetry(Books):
    def pay(self, request: PaymentRequest) -> PaymentView:
        return super().pay(msgspec.structs.replace(request, order=""))


class OwesCreditsAgain(Books):
    def refund(self, request: RefundRequest) -> RefundView:
        return super().refund(msgspec.structs.replace(request, credit_note=""))


class PaysEveryClaim(Books):
    def _answer(self, order: str, book: VatBook) -> VatAnswer:
        found = super()._answer(order, VatBook([], {}))
        claimed = find_claim(order, self._scene)
        assert claimed is not None
        return VatAnswer(found.claim, claimed.terms.amount)


class ForgetsTheInvoice(Books):
    """Pays the supplier, and splits no VAT off."""

    def pay(self, request: PaymentRequest) -> PaymentView:
        view = super().pay(request)
        return PaymentView(id=view.id, net=request.amount, vat=0, kept=0, marked=0)


class ForgetsTheContract(Books):
    def register(self, e_invoice: EInvoice, text: bytes) -> InvoiceView:
        return super().register(replace(e_invoice, contract=""), text)


def _of_no_contract(order: str, scene: Any) -> RegisteredInvoice | None:
    found = find_invoice(order, scene)
    return None if found is None else replace(found, terms=replace(found.terms, contract=""))


_USE = contract_paper.ContractPaper.use


def _net_only(self: Any, *, amount: int, **rest: Any) -> Any:
    return _USE(self, amount=amount * 100 // 116, **rest)


def _each_part_by_itself(amount: int, *, vat: int, total: int, vat_done: int, done: int) -> int:
    return min((2 * vat * amount + total) // (2 * total), vat - vat_done)


Plant = Callable[[pytest.MonkeyPatch], type[Books]]


def _kind(kind: type[Books]) -> Plant:
    return lambda _: kind


def _patch(target: object, name: str, value: object) -> Plant:
    def plant(patch: pytest.MonkeyPatch) -> type[Books]:
        patch.setattr(target, name, value)
        return Books

    return plant


def _rounded_apart(patch: pytest.MonkeyPatch) -> type[Books]:
    patch.setattr(vat_paper, "vat_part", _each_part_by_itself)
    return Books


MISTAKES: dict[str, tuple[Plant, str, str, str]] = {
    "rounds each part by itself": (
        _rounded_apart,
        "partial-payment",
        "pay",
        "net is 3, must be 2",
    ),
    "splits no VAT off": (_kind(ForgetsTheInvoice), "payment", "pay", "net is 116000"),
    "lets anybody pay": (
        _patch(vat_paper.InvoicePaper, "invoiced", lambda *_: True),
        "payment",
        "pay",
        "must be refused as invoice_mismatch",
    ),
    "takes any rate": (
        _patch(planning_invoices, "rates_at", lambda *_: frozenset(range(10_001))),
        "rates",
        "invoice",
        "must be refused as vat_rate_wrong",
    ),
    "takes a number twice": (
        _patch(planning_invoices, "_use_number", lambda *_: None),
        "invoice",
        "invoice",
        "must be refused as invoice_number_used",
    ),
    "believes sums": (
        _patch(books_module, "check_rules", lambda _: None),
        "rejection",
        "invoice",
        "must be invoice_rule_broken",
    ),
    "pays VAT from plain money": (
        _patch(Purse, "_is_part", lambda _, terms, leaving: not leaving.vat and terms.vat is None),
        "split-payment",
        "pay",
        "kept is 0, must be 8000",
    ),
    "refunds no VAT": (
        _patch(vat_refunds, "vat_part", lambda *_, **__: 0),
        "refund",
        "refund",
        "net is 29000, must be 25000",
    ),
    "owes again what was credited": (
        _kind(OwesCreditsAgain),
        "credit-note",
        "look",
        "owed.net is 25000, must be 0",
    ),
    "pays on every retry": (
        _kind(PaysOnEveryRetry),
        "retry",
        "pay",
        "must be ord_",
    ),
    "forgets whose contract it is": (
        _kind(ForgetsTheContract),
        "contract",
        "invoice",
        "must be refused as not_yours",
    ),
    "pays round a contract": (
        _patch(papers, "find_invoice", _of_no_contract),
        "contract",
        "pay",
        "must be refused as invoice_of_contract",
    ),
    "counts no VAT towards a cap": (
        _patch(contract_paper.ContractPaper, "use", _net_only),
        "contract",
        "look-contract",
        "left is 50000, must be 34000",
    ),
    "pays every claim": (
        _kind(PaysEveryClaim),
        "refused-claim",
        "answer",
        "answers[0].amount is 17600, must be 0",
    ),
}


@contextmanager
def _served(kind: type[Books]) -> Iterator[HttpLine]:
    clock = SystemClock()
    with new_shelf(clock, books=kind) as shelf:
        server = Server(accounting_app(shelf, clock), listen_on("127.0.0.1:0"))
        with serving(server) as url, HttpLine(url) as line:
            yield line


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_caught_and_named(
    mistake: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, case, deed, fault = MISTAKES[mistake]
    with _served(plant(monkeypatch)) as line:
        report = run_case(read_case(case), line, order=fresh())
    assert not report.passed
    assert report.deed == deed
    assert fault in report.fault
    assert report.why == read_case(case).steps[report.step - 1].why


CASE = Case(
    name="one",
    title="",
    shows="",
    books={},
    steps=(Step(do="firm", send={"firm": "a/b"}, why="it is asked", expect={"plain": 5}),),
)


class Told:
    """Answers one thing to everything."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str]] = []

    def ask(self, method: str, path: str, body: bytes, media_type: str) -> Answer:
        self.asked.append((method, path))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


BOOKS = Answer(201, b'{"id": "../b"}')


def _run(*answers: Answer | Exception, **step: Any) -> CaseReport:
    steps = (msgspec.structs.replace(CASE.steps[0], **step),)
    return run_case(msgspec.structs.replace(CASE, steps=steps), Told(*answers), order=fresh())


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Answer(200, b'{"plain": 6}'), "plain is 6, must be 5"),
        (Answer(200, b'{"plain": 5.0}'), "plain is 5.0, must be 5"),
        (Answer(200, b'{"plain": "5"}'), "plain is 5, must be 5"),
        (Answer(200, b'{"plain": true}'), "plain is True, must be 5"),
        (Answer(200, b"{}"), "plain is missing"),
        (Answer(200, b"[]"), "the answer is no JSON object"),
        (Answer(200, b"\xff"), "the answer is not JSON"),
        (Answer(200, b"[" * 100_000), "the answer is not JSON"),
        (Answer(302, b""), "answered 302: "),
        (Answer(422, b'{"code": "x", "detail": "y\\n"}'), "answered 422: x  y"),
        (Answer(500, b"<html>oh\x07</html>"), "answered 500: <html>oh?</html>"),
        (Unreachable("did not answer: gone"), "did not answer: gone"),
    ],
)
def test_strange_answers_are_told(answer: Answer | Exception, fault: str) -> None:
    report = _run(BOOKS, answer)
    assert (report.passed, report.step, report.fault) == (False, 1, fault)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Answer(200, b"{}"), "answered 200, must be refused as no"),
        (Answer(500, b'{"code": "no"}'), "answered 500, must be refused as no"),
        (Answer(422, b'{"code": "maybe"}'), "refused as maybe, must be no"),
        (Answer(422, b'{"code": ["no"]}'), "refused as ['no'], must be no"),
        (Answer(422, b"no"), "the answer is not JSON"),
    ],
)
def test_a_refusal_is_a_refusal_by_its_name(answer: Answer, fault: str) -> None:
    assert _run(BOOKS, answer, refused="no", expect={}).fault == fault
    assert _run(BOOKS, Answer(409, b'{"code": "no"}'), refused="no", expect={}).passed


def test_books_that_cannot_be_made() -> None:
    report = _run(Answer(503, b""))
    assert (report.step, report.deed, report.fault) == (0, "books", "answered 503: ")
    assert _run(Answer(201, b'{"id": 5}')).fault == "id is no text"


def test_ids_and_names_do_not_leave_their_place_in_the_address() -> None:
    told = Told(BOOKS, Answer(200, b'{"plain": 5}'))
    assert run_case(CASE, told, order=fresh()).passed
    assert told.asked == [("POST", "/v1/books"), ("GET", "/v1/books/..%2Fb/firms/a%2Fb")]


def test_lists_are_compared_one_by_one() -> None:
    wanted = {"list": [{"a": 1}, {"a": 2}]}
    short = _run(BOOKS, Answer(200, b'{"list": [{"a": 1}]}'), expect=wanted)
    assert short.fault == "list is [{'a': 1}], must have 2 entries"
    wrong = _run(BOOKS, Answer(200, b'{"list": [{"a": 1}, {"a": 3}]}'), expect=wanted)
    assert wrong.fault == "list[1].a is 3, must be 2"
    inner = _run(BOOKS, Answer(200, b'{"list": [1, {"a": 2}]}'), expect=wanted)
    assert inner.fault == "list[0] is 1, must be an object"
