# SPDX-License-Identifier: Apache-2.0
"""A draft sees its own changes; the book sees them only when they are kept."""

from kerege.ledger.account import EMPTY_CELL, Account, Cell, Role
from kerege.ledger.book import Book, Draft, Pending
from kerege.ledger.ids import UNMARKED, AccountId, Mark
from kerege.ledger.order import PendingRef
from tests.ledgers import order_id

ARU, MEALS = AccountId(1), Mark(7)
REF = PendingRef(order_id(1))


def _book() -> Book:
    book = Book(assets={"KZT": 0}, next_account=2)
    book.accounts[ARU] = Account(ARU, "KZT", Role.HOLDER)
    book.cells[ARU, UNMARKED], book.marks[ARU] = Cell(5), frozenset({UNMARKED})
    return book


def _change(draft: Draft) -> None:
    draft.put_cell((ARU, UNMARKED), Cell(3))
    draft.put_cell((ARU, MEALS), Cell(2))
    draft.accounts[ARU] = Account(ARU, "KZT", Role.HOLDER, ceiling=9)
    draft.assets["XAU-G"] = 0
    draft.pendings[REF] = Pending(REF, ARU, AccountId(9), UNMARKED, 5, 0)
    draft.next_account = 3


def _seen(draft: Draft) -> tuple[object, ...]:
    cells = sorted(cell.balance for cell in draft.cells_of(ARU))
    account = draft.account(ARU)
    ceiling = account and account.ceiling
    return cells, ceiling, draft.asset_scale("XAU-G"), draft.pending(REF) is not None


BEFORE, AFTER = ([5], None, None, False), ([2, 3], 9, 0, True)


def test_a_draft_sees_its_own_changes_and_nobody_else_does() -> None:
    book = _book()
    draft = Draft(book)
    _change(draft)
    assert _seen(draft) == AFTER
    assert (_seen(Draft(book)), book.next_account) == (BEFORE, 2)


def test_what_is_kept_is_seen_by_the_next() -> None:
    book = _book()
    draft = Draft(book)
    _change(draft)
    draft.keep()
    assert (_seen(Draft(book)), book.next_account) == (AFTER, 3)


def test_what_does_not_exist_is_absent_or_empty() -> None:
    draft = Draft(_book())
    nobody = AccountId(99)
    assert draft.account(nobody) is None
    assert draft.cell((nobody, MEALS)) == EMPTY_CELL
    assert draft.cells_of(nobody) == []
    assert draft.asset_scale("KZT") == 0
