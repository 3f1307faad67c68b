# SPDX-License-Identifier: Apache-2.0
"""After a full pass, rows and the transfers since its beginning tell everything."""

from random import Random

import numpy as np
import pytest

from kerege.ledger.account import EMPTY_CELL, Account, Role
from kerege.ledger.cells import Cells
from kerege.ledger.ids import AccountId
from kerege.ledger.outcome import POSITION_BITS
from kerege.ledger.ruling import Rows
from kerege.ledger.stores import writeback
from kerege.ledger.stores.writeback import WriteBack
from tests.ledgers import open_cell


def _rows(batch: int, chance: Random, accounts: int, count: int) -> Rows:
    pairs = np.array([chance.sample(range(1, accounts + 1), 2) for _ in range(count)], np.int64)
    seq = (batch << POSITION_BITS) + np.arange(count, dtype=np.int64)
    nothing = np.zeros(count, np.int64)
    debit, credit = pairs.T
    return Rows(seq, seq, nothing, debit, credit, nothing, nothing + 1, nothing, nothing, nothing)


@pytest.mark.parametrize("seed", range(20))
def test_at_any_instant_the_file_tells_all(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writeback, "MIN_PASS", 40)
    chance, cells, history = Random(seed), Cells(), list[Rows]()
    back, file, tail = WriteBack(cells, 0), dict[int, list[int]](), 0
    for batch in range(60):
        first_new = cells.count
        for _ in range(chance.choice([0, 0, 3]) if batch else 5):
            opened = Account(AccountId(cells.count + 1), "KZT", Role.HOLDER)
            open_cell(cells, opened, EMPTY_CELL)
        rows = _rows(batch, chance, cells.count, chance.randint(1, 9))
        history.append(rows)
        back.mark(cells.fold(rows).slots)
        written, moved = back.advance(first_new, batch, len(rows))
        file |= {row[0]: row for row in written.tolist()}
        tail = tail if moved is None else moved
        assert _recovered(file, history, tail, batch) == _figures(cells)
    assert tail > 0
    file |= {row[0]: row for row in back.rest(59).tolist()}
    assert _recovered(file, [], 60, 59) == _figures(cells)
    assert len(back.rest(59)) == 0


def _figures(cells: Cells) -> list[list[int]]:
    return [row.tolist() for row in cells.table[: cells.count][:, [0, 1, 2, 6, 7]]]


def _recovered(
    file: dict[int, list[int]], history: list[Rows], tail: int, last: int
) -> list[list[int]]:
    """What a start would make of the file as it is."""
    cells, at_seq = Cells(), np.zeros(len(file), np.int64)
    for slot, row in sorted(file.items()):
        account = Account(AccountId(row[1]), "KZT", Role.HOLDER)
        assert open_cell(cells, account, EMPTY_CELL) == slot
        cells.table[slot, :3], cells.table[slot, 6:8] = row[3:6], row[6:8]
        at_seq[slot] = row[8]
    for rows in history[tail : last + 1]:
        cells.fold(rows, after=at_seq)
    return _figures(cells)
