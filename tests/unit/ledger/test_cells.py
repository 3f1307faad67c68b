# SPDX-License-Identifier: Apache-2.0
"""The table of all cells: slots, growth, marks, loading. Folding has property tests."""

import numpy as np
import pytest

from kerege.ledger.account import EMPTY_CELL, Account, Cell, Role, Status
from kerege.ledger.cells import Cells
from kerege.ledger.ids import UNMARKED, AccountId, Mark
from kerege.ledger.state import ABSENT, BALANCE, CEILING, FLAGS, HAS_MARKS
from tests.ledgers import open_cell

MEALS = Mark(7)


def _cells() -> Cells:
    cells = Cells(capacity=1)
    for number in (1, 2):
        account = Account(AccountId(number), "KZT", Role.HOLDER, ceiling=number * 100)
        open_cell(cells, account, Cell(balance=number))
    cells.add_marked((AccountId(1), MEALS), Cell(70, 1, 2, 3, 4))
    return cells


def test_cells_are_found_by_account_and_mark() -> None:
    cells = _cells()
    assert cells.cell((AccountId(1), MEALS)) == Cell(70, 1, 2, 3, 4)
    assert cells.cell((AccountId(2), UNMARKED)) == Cell(2)
    assert cells.marks(AccountId(1)) == [UNMARKED, MEALS]
    assert cells.marks(AccountId(2)) == [UNMARKED]


@pytest.mark.parametrize("account", [-1, 0, 3, 2**36, 2**62])
def test_absent_accounts_have_no_cells(account: int) -> None:
    cells = _cells()
    assert not cells.has((AccountId(account), UNMARKED))
    assert not cells.has((AccountId(account), MEALS))
    (row,) = cells.rows(np.array([account], np.int64)).tolist()
    assert row == [0, 0, 0, 0, 0, ABSENT, 0, 0]


def test_changed_rules_leave_the_balance_and_the_marks() -> None:
    cells = _cells()
    frozen = Account(AccountId(1), "KZT", Role.HOLDER, -5, None, Status.DEBITS_FROZEN)
    cells.change_account(frozen, 0)
    (row,) = cells.rows(np.array([1], np.int64)).tolist()
    assert (row[BALANCE], row[CEILING]) == (1, 2**63 - 1)
    assert row[FLAGS] & (HAS_MARKS | Status.DEBITS_FROZEN) == HAS_MARKS | Status.DEBITS_FROZEN


def test_loading_gives_back_what_was_there() -> None:
    cells, copy = _cells(), Cells(capacity=1)
    used = slice(0, cells.count)
    copy.load(cells.key_account[used], cells.key_mark[used], cells.table[used])
    for key in ((AccountId(1), UNMARKED), (AccountId(1), MEALS), (AccountId(2), UNMARKED)):
        assert copy.cell(key) == cells.cell(key)
    state = copy.rows(np.array([1, 2], np.int64))
    assert copy.marked(np.array([1, 2], np.int64), state) == {
        (AccountId(1), MEALS): Cell(70, 1, 2, 3, 4)
    }
    account = Account(AccountId(3), "KZT", Role.HOLDER)
    assert open_cell(copy, account, EMPTY_CELL) == 3
