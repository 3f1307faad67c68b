# SPDX-License-Identifier: Apache-2.0
"""Folding rows in one go, in pieces or by hand comes to the same cells."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kerege.ledger.account import EMPTY_CELL, Account, Cell, CellKey, Role
from kerege.ledger.cells import MILESTONE_EVERY, Cells, Folded
from kerege.ledger.ids import AccountId, Mark
from kerege.ledger.ruling import Rows
from tests.ledgers import open_cell

ACCOUNTS, MARKS = 4, 2

Row = tuple[int, int, int, int, int]
"""debit, credit, mark, posted, held"""

_rows = st.lists(
    st.tuples(
        st.integers(1, ACCOUNTS),
        st.integers(1, ACCOUNTS),
        st.integers(0, MARKS - 1),
        st.integers(0, 10**18),
        st.integers(-5, 5),
    ).filter(lambda row: row[0] != row[1]),
    max_size=400,
)


def _cells() -> Cells:
    cells = Cells(capacity=2)
    for number in range(1, ACCOUNTS + 1):
        open_cell(cells, Account(AccountId(number), "KZT", Role.HOLDER), EMPTY_CELL)
    for number in range(1, ACCOUNTS + 1):
        cells.add_marked((AccountId(number), Mark(1)), EMPTY_CELL)
    return cells


def _as_rows(rows: Sequence[Row], first: int) -> Rows:
    table = np.array(rows, np.int64).reshape(-1, 5)
    seq = np.arange(first, first + len(rows), dtype=np.int64)
    nothing = np.zeros(len(rows), np.int64)
    debit, credit, mark, posted, held = table.T
    return Rows(seq, seq, nothing, debit, credit, mark, posted, held, nothing, nothing)


class ByHand:
    """The same in plain Python."""

    def __init__(self) -> None:
        self.cells: dict[CellKey, Cell] = {}
        self.previous: list[tuple[int, int]] = []
        self.milestones: set[tuple[CellKey, Cell]] = set()

    def fold(self, rows: Sequence[Row], first: int) -> None:
        for seq, (debit, credit, mark, posted, held) in enumerate(rows, first):
            out = self._touch((AccountId(debit), Mark(mark)), seq, -posted, held, 0)
            into = self._touch((AccountId(credit), Mark(mark)), seq, posted, 0, held)
            self.previous.append((out, into))

    def _touch(self, key: CellKey, seq: int, change: int, debits: int, credits_: int) -> int:
        cell = self.cells.get(key, EMPTY_CELL)
        self.cells[key] = now = Cell(
            _wrapped(cell.balance + change),
            cell.debits_pending + debits,
            cell.credits_pending + credits_,
            cell.version + 1,
            seq,
        )
        if now.version % MILESTONE_EVERY == 0:
            self.milestones.add((key, now))
        return cell.last_seq


def _wrapped(number: int) -> int:
    """Rules keep balances within 64 bits; here sums may leave them, and come round again."""
    return (number + 2**63) % 2**64 - 2**63


def _all(cells: Cells) -> dict[CellKey, Cell]:
    keys = [(AccountId(a), Mark(m)) for a in range(1, ACCOUNTS + 1) for m in range(MARKS)]
    return {key: cell for key in keys if (cell := cells.cell(key)) != EMPTY_CELL}


def _milestones(cells: Cells, folded: Folded) -> set[tuple[CellKey, Cell]]:
    found = folded.milestones
    columns = (found.slot, found.balance, found.debits_pending, found.credits_pending)
    table = zip(*columns, found.version, found.seq, strict=True)
    return {
        (
            (AccountId(int(cells.key_account[slot])), Mark(int(cells.key_mark[slot]))),
            Cell(*map(int, figures)),
        )
        for slot, *figures in table
    }


@settings(deadline=None)
@given(_rows, st.lists(st.integers(0, 400), max_size=5))
def test_a_fold_is_the_sum_of_its_pieces_and_of_plain_arithmetic(
    rows: list[Row], cuts: list[int]
) -> None:
    whole, pieces, by_hand = _cells(), _cells(), ByHand()
    at_once = whole.fold(_as_rows(rows, 1))
    by_hand.fold(rows, 1)
    noted: set[tuple[CellKey, Cell]] = set()
    previous: list[tuple[int, int]] = []
    bounds = sorted({0, len(rows), *(cut for cut in cuts if cut < len(rows))})
    for start, end in pairwise(bounds):
        folded = pieces.fold(_as_rows(rows[start:end], start + 1))
        noted |= _milestones(pieces, folded)
        previous += _previous(folded)
    assert _all(whole) == _all(pieces) == by_hand.cells
    assert _milestones(whole, at_once) == noted == by_hand.milestones
    assert _previous(at_once) == previous == by_hand.previous


def _previous(folded: Folded) -> list[tuple[int, int]]:
    return list(zip(folded.debit_previous.tolist(), folded.credit_previous.tolist(), strict=True))


@settings(deadline=None)
@given(_rows, st.data())
def test_cells_that_have_some_of_the_rows_already_take_only_the_rest(
    rows: list[Row], data: st.DataObject
) -> None:
    """As in recovery, where each cell was written back at a time of its own."""
    whole, partial = _cells(), _cells()
    whole.fold(_as_rows(rows, 1))
    after = np.array([data.draw(st.integers(0, len(rows))) for _ in range(partial.count)], np.int64)
    for slot in range(partial.count):
        alone = _cells()
        alone.fold(_as_rows(rows[: after[slot]], 1))
        partial.table[slot] = alone.table[slot]
    partial.fold(_as_rows(rows, 1), after=after)
    assert _all(partial) == _all(whole)


def test_tables_grow_from_the_smallest() -> None:
    cells = Cells(capacity=1)
    for number in range(1, 300):
        account = Account(AccountId(number), "KZT", Role.HOLDER, ceiling=number)
        assert open_cell(cells, account, Cell(balance=number)) == number - 1
    found = [cells.cell((AccountId(number), Mark(0))).balance for number in range(1, 300)]
    assert found == list(range(1, 300))
    assert not cells.has((AccountId(300), Mark(0)))
