# SPDX-License-Identifier: Apache-2.0
"""The rules, order by order on one book: no batches, no columns, nothing but the rules."""

import random

import pytest
from msgspec.structs import replace

from kerege.ledger.account import MAX_BALANCE, Account, Cell, Role
from kerege.ledger.book import Book, Draft, PendingState
from kerege.ledger.expiry import expiry_of
from kerege.ledger.ids import AccountId, Mark, OrderId
from kerege.ledger.order import Kind, Order, PendingRef, Transfer
from kerege.ledger.refusal import Refusal
from kerege.ledger.refused import Refused
from kerege.ledger.rules import apply_order
from tests.properties.model_ledger import ModelLedger
from tests.simulation.world import SECOND_US, START_US, World, founding_orders

ONE, TWO = AccountId(1), AccountId(2)
ID = OrderId(b"\1" * 16)


@pytest.mark.parametrize("seed", range(4))
def test_each_order_leaves_the_book_as_the_model(seed: int) -> None:
    rng = random.Random(seed)
    world, model, book = World(rng), ModelLedger(), Book(assets={}, next_account=1)
    now_us = START_US
    for number in range(300):
        now_us += rng.choice((0, 1, SECOND_US))
        due = [p for p in book.pendings.values() if p.remaining and p.expires_at_us <= now_us]
        orders = [expiry_of(pending) for pending in due]
        orders += founding_orders() if not number else [world._fresh(model, now_us)]
        for order in orders:
            _post(book, model, order, now_us)


def _post(book: Book, model: ModelLedger, order: Order, now_us: int) -> None:
    refusal, results = model.post(order, now_us)
    found = apply_order(order, book, now_us=now_us)
    if isinstance(found, Refused):
        assert found.refusal is refusal
        return
    assert (refusal, results) == (None, tuple(found.results))
    found.keep()
    for ref in found.pendings.keys() - {ref for ref, p in book.pendings.items() if p.seq}:
        # Numbering gives positions, and own ids follow from them.
        book.pendings[ref] = replace(book.pendings[ref], seq=len(book.pendings) * 10 + ref.step)
    for key, cell in book.cells.items():
        figures = (cell.balance, cell.debits_pending, cell.credits_pending, cell.version)
        assert figures == model.cells.get(key, (0, 0, 0, 0))
    assert book.accounts == model.accounts
    pendings = {
        (ref.order_id, ref.step): ((p.debit, p.credit, p.mark), p.remaining, p.expires_at_us)
        for ref, p in book.pendings.items()
    }
    assert pendings == {ref: held[:3] for ref, held in model.pendings.items()}


def _book(debit: Account, credit: Account, *cells: tuple[AccountId, int, Cell]) -> Book:
    book = Book(assets={"KZT": 2}, next_account=3)
    book.accounts.update({debit.id: debit, credit.id: credit})
    for account, mark, cell in cells:
        book.cells[account, Mark(mark)] = cell
        book.marks[account] = book.marks.get(account, frozenset()) | {Mark(mark)}
    return book


ISSUER = Account(ONE, "KZT", Role.ISSUER, floor=None)
COLLECTOR = Account(TWO, "KZT", Role.COLLECTOR)


@pytest.mark.parametrize(
    ("debit", "credit", "cells", "most", "refusal"),
    [
        pytest.param(
            ISSUER,
            COLLECTOR,
            [(ONE, 0, Cell(10 - MAX_BALANCE, 3, 5))],
            7,
            Refusal.BALANCE_OVERFLOW,
            id="an issuer's depth, less what is on its way out",
        ),
        pytest.param(
            ISSUER,
            COLLECTOR,
            [(TWO, 0, Cell(MAX_BALANCE - 10, 5, 4))],
            6,
            Refusal.BALANCE_OVERFLOW,
            id="a cell's height, less what may arrive",
        ),
        pytest.param(
            ISSUER,
            Account(TWO, "KZT", Role.HOLDER, ceiling=MAX_BALANCE),
            [(TWO, 0, Cell(MAX_BALANCE - 10, 5, 4))],
            6,
            Refusal.BALANCE_OVERFLOW,
            id="a ceiling as high as a cell is no ceiling",
        ),
        pytest.param(
            ISSUER,
            Account(TWO, "KZT", Role.HOLDER, ceiling=MAX_BALANCE - 1),
            [(TWO, 0, Cell(MAX_BALANCE - 10, 5, 4))],
            5,
            Refusal.EXCEEDS_CEILING,
            id="a ceiling just below",
        ),
        pytest.param(
            Account(ONE, "KZT", Role.HOLDER, floor=-20),
            Account(TWO, "KZT", Role.HOLDER, ceiling=1_000),
            [(ONE, 0, Cell(50, 30, 9)), (TWO, 0, Cell(0, 0, 0)), (TWO, 1, Cell(500, 7, 9))],
            40,
            Refusal.EXCEEDS_BALANCE,
            id="a floor",
        ),
    ],
)
def test_the_most_that_can_move(
    debit: Account,
    credit: Account,
    cells: list[tuple[AccountId, int, Cell]],
    most: int,
    refusal: Refusal,
) -> None:
    book = _book(debit, credit, *cells)
    for amount in (most, most + 1):
        found = apply_order(Order(ID, (Transfer(ONE, TWO, amount),)), book, now_us=1)
        if amount == most:
            assert isinstance(found, Draft)
            assert found.results == [most]
        else:
            assert found == Refused(refusal, found=amount, limit=most, step=0)
    up_to = Transfer(ONE, TWO, most + 1, kind=Kind.POST_UP_TO)
    drawn = apply_order(Order(ID, (up_to,)), book, now_us=1)
    assert isinstance(drawn, Draft)
    assert drawn.results == [most]


def test_a_hold_ends_at_its_time_and_not_before() -> None:
    book = _book(ISSUER, COLLECTOR)
    held = Transfer(ONE, TWO, 10, kind=Kind.PENDING, timeout_s=7)
    draft = apply_order(Order(ID, (held,)), book, now_us=100)
    assert isinstance(draft, Draft)
    draft.keep()
    (pending,) = book.pendings.values()
    end = 100 + 7 * 1_000_000
    capture = Transfer(ONE, TWO, 10, kind=Kind.CAPTURE, pending=PendingRef(ID))
    early = apply_order(expiry_of(pending), book, now_us=end - 1)
    assert early == Refused(Refusal.NOT_YET_VALID, found=end - 1, limit=end, step=0)
    assert isinstance(apply_order(Order(ID, (capture,)), book, now_us=end - 1), Draft)
    late = apply_order(Order(ID, (capture,)), book, now_us=end)
    assert late == Refused(Refusal.PENDING_EXPIRED, found=end, limit=end, step=0)
    expired = apply_order(expiry_of(pending), book, now_us=end)
    assert isinstance(expired, Draft)
    assert expired.pendings[PendingRef(ID)].state is PendingState.EXPIRED
