# SPDX-License-Identifier: Apache-2.0
"""Which balances to write back with a batch, so that recovery stays short. Pure.

A window moves over the slots, in order, once per pass; a pass takes as many transfers as
there are cells, at least `MIN_PASS`. After a full pass every row is newer than the pass's
first batch, so recovery never folds more than two passes of transfers.
"""

from typing import Final

import numpy as np

from kerege.ledger.cells import Cells
from kerege.ledger.outcome import POSITION_BITS
from kerege.ledger.state import Ints

__all__ = ["MIN_PASS", "WriteBack"]

MIN_PASS: Final = 2**20
"""Transfers in the shortest pass: two of them are some seconds of recovery."""


class WriteBack:
    """The moving window. `tail_batch` is where recovery has to begin."""

    def __init__(self, cells: Cells, next_batch: int) -> None:
        self._cells = cells
        self._cursor = 0
        self._pass_began = next_batch
        self._dirty = np.zeros(len(cells.table), np.bool_)

    def mark(self, slots: Ints) -> None:
        """These cells have changed."""
        if len(self._dirty) < len(self._cells.table):
            self._dirty = np.concatenate(
                (self._dirty, np.zeros(len(self._cells.table) - len(self._dirty), np.bool_))
            )
        self._dirty[slots] = True

    def advance(self, first_new: int, batch: int, steps: int) -> tuple[Ints, int | None]:
        """Rows of the balances table to write with `batch`, and the new tail if it moved.

        Cells from slot `first_new` on appeared with this batch and are written at once.
        """
        count = self._cells.count
        window = -(-count * steps // max(MIN_PASS, count))
        end = min(self._cursor + window, count)
        due = self._cursor + np.flatnonzero(self._dirty[self._cursor : end])
        due = np.concatenate((due[due < first_new], np.arange(first_new, count)))
        tail = None
        self._cursor = end
        if end == count:
            self._cursor, tail, self._pass_began = 0, self._pass_began, batch + 1
        return self._take(due, batch), tail

    def rest(self, batch: int) -> Ints:
        """Rows of all cells not yet written back, for a clean end after `batch`."""
        return self._take(np.flatnonzero(self._dirty[: self._cells.count]), batch)

    def _take(self, slots: Ints, batch: int) -> Ints:
        self._dirty[slots] = False
        cells = self._cells
        rows = np.empty((len(slots), 9), np.int64)
        rows[:, 0] = slots
        rows[:, 1], rows[:, 2] = cells.key_account[slots], cells.key_mark[slots]
        rows[:, 3:6] = cells.table[slots, :3]
        rows[:, 6:8] = cells.table[slots, 6:8]
        rows[:, 8] = ((batch + 1) << POSITION_BITS) - 1
        return rows
