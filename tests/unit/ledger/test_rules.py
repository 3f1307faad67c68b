# SPDX-License-Identifier: Apache-2.0
"""Posting rules on a book in memory: what each kind does, and which refusal comes first."""

from typing import Any

import pytest

from kerege.ledger.account import MAX_BALANCE, Account, Cell, Role, Status
from kerege.ledger.book import Book, Draft, Pending, PendingState
from kerege.ledger.ids import UNMARKED, AccountId, Mark
from kerege.ledger.order import Expectation, Kind, Order, PendingRef, Step, Terms
from kerege.ledger.refusal import Refusal
from kerege.ledger.refused import Refused
from kerege.ledger.rules import apply_order
from tests.ledgers import move, order_id

ISSUER, ARU, SHOP, MEALS, BERIK = map(AccountId, range(1, 6))
NOW = 1_000_000
REF, GONE = PendingRef(order_id(90)), PendingRef(order_id(91))
MARK = Mark(7)


def _book() -> Book:
    book = Book(assets={"KZT": 2}, next_account=6)
    for account, cell in (
        (Account(ISSUER, "KZT", Role.ISSUER, None), Cell(-1000)),
        (Account(ARU, "KZT", Role.HOLDER, -10, 300), Cell(100, 40)),
        (Account(SHOP, "KZT", Role.COLLECTOR), Cell(0, 0, 40)),
        (Account(MEALS, "KZT", Role.CONVERTER), Cell(50)),
        (Account(BERIK, "KZT", Role.HOLDER, 0, 120), Cell(100)),
    ):
        book.accounts[account.id] = account
        book.cells[account.id, UNMARKED] = cell
        book.marks[account.id] = frozenset({UNMARKED})
    book.pendings[REF] = Pending(REF, ARU, SHOP, UNMARKED, 40, NOW + 1, seq=5)
    book.pendings[GONE] = Pending(GONE, ARU, SHOP, UNMARKED, 0, 9, PendingState.EXPIRED, seq=6)
    return book


def _apply(*steps: Step, terms: Terms | None = None, now: int = NOW) -> Draft | Refused:
    return apply_order(Order(order_id(1), steps, terms or Terms()), _book(), now_us=now)


def _cells(draft: Draft | Refused) -> dict[tuple[int, int], tuple[int, int, int, int]]:
    assert isinstance(draft, Draft)
    return {
        key: (c.balance, c.debits_pending, c.credits_pending, c.version)
        for key, c in draft.cells.items()
    }


def _take(amount: int, kind: Kind, **more: Any) -> Step:
    return move(ARU, SHOP, amount, kind=kind, pending=REF, **more)


@pytest.mark.parametrize(
    ("step", "debited", "credited", "result"),
    [
        (move(ARU, SHOP, 70), (30, 40, 0, 1), (70, 0, 40, 1), 70),
        (move(ARU, SHOP, 900, kind=Kind.POST_UP_TO), (30, 40, 0, 1), (70, 0, 40, 1), 70),
        (move(ARU, SHOP, 9, kind=Kind.PENDING, timeout_s=1), (100, 49, 0, 1), (0, 0, 49, 1), 9),
        (_take(40, Kind.CAPTURE), (60, 0, 0, 1), (40, 0, 0, 1), 40),
        (_take(30, Kind.CAPTURE), (70, 0, 0, 1), (30, 0, 0, 1), 30),
        (_take(30, Kind.CAPTURE_PART), (70, 10, 0, 1), (30, 0, 10, 1), 30),
        (_take(40, Kind.CAPTURE_PART), (60, 0, 0, 1), (40, 0, 0, 1), 40),
        (_take(0, Kind.VOID), (100, 0, 0, 1), (0, 0, 0, 1), 40),
    ],
)
def test_what_a_transfer_does(
    step: Step, debited: tuple[int, ...], credited: tuple[int, ...], result: int
) -> None:
    draft = _apply(step)
    assert _cells(draft) == {(ARU, 0): debited, (SHOP, 0): credited}
    assert isinstance(draft, Draft)
    assert draft.results == [result]


@pytest.mark.parametrize(
    ("debit", "credit", "amount", "there"),
    [
        (ARU, BERIK, 999, 20),
        (ISSUER, ARU, 999, 200),
        (MEALS, SHOP, 999, 50),
        (BERIK, ARU, 999, 100),
        (BERIK, ARU, 5, 5),
    ],
)
def test_up_to_what_is_there_and_what_there_is_room_for(
    debit: int, credit: int, amount: int, there: int
) -> None:
    draft = _apply(move(debit, credit, amount, kind=Kind.POST_UP_TO))
    assert isinstance(draft, Draft)
    assert draft.results == [there]


def test_up_to_nothing_is_nothing_but_is_recorded() -> None:
    """Limits can be met with less than no room: a balance may be below its floor by a freeze of
    its overdraft, or above its ceiling by money that came before it."""
    book = _book()
    book.cells[ARU, UNMARKED] = Cell(-30)
    book.cells[BERIK, UNMARKED] = Cell(500)
    step = move(ARU, BERIK, 9, kind=Kind.POST_UP_TO)
    draft = apply_order(Order(order_id(1), (step,)), book, now_us=NOW)
    assert _cells(draft) == {(ARU, 0): (-30, 0, 0, 1), (BERIK, 0): (500, 0, 0, 1)}


def test_a_converter_changes_the_mark_of_what_it_holds_and_no_more() -> None:
    into = move(MEALS, ARU, 50, MARK)
    draft = _apply(into)
    assert _cells(draft) == {(MEALS, 7): (-50, 0, 0, 1), (ARU, 7): (50, 0, 0, 1)}
    assert _apply(into, move(MEALS, SHOP, 1)) == Refused(Refusal.EXCEEDS_BALANCE, 1, 0, step=1)
    assert isinstance(_apply(into, move(ARU, MEALS, 20, MARK), move(MEALS, SHOP, 20)), Draft)


@pytest.mark.parametrize(
    ("step", "refused"),
    [
        (move(99, 98, 5), Refused(Refusal.DEBIT_ACCOUNT_UNKNOWN, step=0)),
        (move(ARU, 98, 5), Refused(Refusal.CREDIT_ACCOUNT_UNKNOWN, step=0)),
        (move(ARU, BERIK, 71), Refused(Refusal.EXCEEDS_BALANCE, 71, 70, step=0)),
        (move(ARU, BERIK, 21), Refused(Refusal.EXCEEDS_CEILING, 21, 20, step=0)),
        (move(ARU, BERIK, 1, MARK), Refused(Refusal.EXCEEDS_BALANCE, 1, 0, step=0)),
        (_take(41, Kind.CAPTURE), Refused(Refusal.EXCEEDS_PENDING, 41, 40, step=0)),
        (
            move(BERIK, SHOP, 1, kind=Kind.CAPTURE, pending=REF),
            Refused(Refusal.PENDING_IS_OF_OTHER_ACCOUNTS, step=0),
        ),
        (
            move(ARU, SHOP, 1, MARK, kind=Kind.CAPTURE, pending=REF),
            Refused(Refusal.PENDING_IS_OF_OTHER_ACCOUNTS, step=0),
        ),
        (
            move(ARU, SHOP, 1, kind=Kind.CAPTURE, pending=GONE),
            Refused(Refusal.PENDING_EXPIRED, step=0),
        ),
        (_take(0, Kind.EXPIRE), Refused(Refusal.NOT_YET_VALID, NOW, NOW + 1, step=0)),
    ],
)
def test_what_is_refused(step: Step, refused: Refused) -> None:
    assert _apply(step) == refused


def test_a_ceiling_comes_before_an_overflow() -> None:
    book = _book()
    book.cells[ISSUER, UNMARKED] = Cell(-MAX_BALANCE)
    for credit, refusal, limit in (
        (BERIK, Refusal.EXCEEDS_CEILING, 20),
        (SHOP, Refusal.BALANCE_OVERFLOW, 0),
    ):
        order = Order(order_id(1), (move(ISSUER, credit, 50),))
        assert apply_order(order, book, now_us=NOW) == Refused(refusal, 50, limit, step=0)


@pytest.mark.parametrize(
    ("kind", "amount", "refusal"),
    [
        (Kind.POST, 5, Refusal.DEBITS_FROZEN),
        (Kind.CAPTURE, 5, Refusal.DEBITS_FROZEN),
        (Kind.VOID, 0, None),
    ],
)
def test_frozen_accounts_release_but_do_not_pay(
    kind: Kind, amount: int, refusal: Refusal | None
) -> None:
    book = _book()
    frozen = Status.DEBITS_FROZEN | Status.CREDITS_FROZEN
    book.accounts[ARU] = Account(ARU, "KZT", Role.HOLDER, status=frozen)
    pending = None if kind is Kind.POST else REF
    order = Order(order_id(1), (move(ARU, SHOP, amount, kind=kind, pending=pending),))
    found = apply_order(order, book, now_us=NOW)
    assert (found.refusal if isinstance(found, Refused) else None) is refusal


@pytest.mark.parametrize(
    ("terms", "refused"),
    [
        (Terms(valid_from_us=NOW, valid_until_us=NOW), None),
        (Terms(valid_from_us=NOW + 1), Refused(Refusal.NOT_YET_VALID, NOW, NOW + 1)),
        (Terms(valid_until_us=NOW - 1), Refused(Refusal.EXPIRED, NOW, NOW - 1)),
        (Terms(expects=(Expectation(ARU, balance=100, version=0),)), None),
        (
            Terms(expects=(Expectation(ARU, balance=60, version=9),)),
            Refused(Refusal.BALANCE_NOT_AS_EXPECTED, 100, 60),
        ),
        (
            Terms(expects=(Expectation(ARU), Expectation(SHOP, version=9))),
            Refused(Refusal.VERSION_NOT_AS_EXPECTED, 0, 9),
        ),
        (
            Terms(valid_until_us=1, expects=(Expectation(ARU, balance=1),)),
            Refused(Refusal.EXPIRED, NOW, 1),
        ),
    ],
)
def test_conditions_of_an_order(terms: Terms, refused: Refused | None) -> None:
    found = _apply(move(ARU, SHOP, 1), terms=terms)
    assert found == refused or (refused is None and isinstance(found, Draft))


def test_a_reservation_can_be_resolved_until_its_last_microsecond() -> None:
    assert isinstance(_apply(_take(1, Kind.CAPTURE), now=NOW), Draft)
    late = Refused(Refusal.PENDING_EXPIRED, NOW + 1, NOW + 1, step=0)
    assert _apply(_take(1, Kind.CAPTURE), now=NOW + 1) == late
    assert isinstance(_apply(_take(0, Kind.EXPIRE), now=NOW + 1), Draft)


def test_the_book_is_not_changed() -> None:
    book = _book()
    apply_order(Order(order_id(1), (move(ARU, SHOP, 1),)), book, now_us=NOW)
    assert book.cells == _book().cells
