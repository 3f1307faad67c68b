# SPDX-License-Identifier: Apache-2.0
"""All cells of a ledger in memory, and how rows of transfers fold into them. Pure.

Balances are nothing but the fold of the transfers: posting, recovery after a crash and
import all go through `Cells.fold`. A cell lives in a *slot*; slots are given out in the
order cells appear, so the table is dense and a million accounts are a 64 MB matrix.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from msgspec import Struct

from kerege.ledger.account import Account, Cell, CellKey
from kerege.ledger.cell_index import DenseIndex, Index
from kerege.ledger.grouping import stable_order
from kerege.ledger.ids import UNMARKED, AccountId, Mark
from kerege.ledger.ruling import Rows
from kerege.ledger.state import (
    ABSENT,
    BALANCE,
    CEILING,
    COLUMNS,
    CREDITS_PENDING,
    DEBITS_PENDING,
    FLAGS,
    FLOOR,
    HAS_MARKS,
    LAST_SEQ,
    VERSION,
    Ints,
    cell_of_row,
    row_of,
)

__all__ = ["MILESTONE_EVERY", "Cells", "Folded", "Milestones"]

MILESTONE_EVERY: Final = 64
"""Every 64th version of a cell is noted, so any point of its history is at most 63 steps
from a known balance; cells with fewer movements need no notes at all."""

_FIRST_CAPACITY: Final = 1024
_NO_SLOTS: Final[Mapping[Mark, int]] = {}


class Milestones(Struct, frozen=True):
    """Cells at versions divisible by `MILESTONE_EVERY`: arrays of equal length."""

    slot: Ints
    version: Ints
    seq: Ints
    balance: Ints
    debits_pending: Ints
    credits_pending: Ints


class Folded(Struct, frozen=True):
    """What folding rows found: for each row the seq of the transfer before it on either
    cell (0: none), and milestones passed."""

    debit_previous: Ints
    credit_previous: Ints
    milestones: Milestones
    slots: Ints


class Cells:
    """Slots 0.. hold cells; `key_account` and `key_mark` say whose, `table` what is in them."""

    def __init__(self, capacity: int = _FIRST_CAPACITY, *, index: Index | None = None) -> None:
        self.count = 0
        self.table = np.zeros((capacity, COLUMNS), np.int64)
        self.key_account = np.zeros(capacity, np.int64)
        self.key_mark = np.zeros(capacity, np.int64)
        self._index = DenseIndex(capacity) if index is None else index
        self._marked: dict[AccountId, dict[Mark, int]] = {}

    def load(self, accounts: Ints, marks: Ints, table: Ints) -> None:
        """Append cells, in slot order: an account's unmarked cell before its marked."""
        first, last = self.count, self.count + len(accounts)
        self._reserve(last)
        self.table[first:last] = table
        self.key_account[first:last], self.key_mark[first:last] = accounts, marks
        self.count = last
        unmarked = np.flatnonzero(marks == UNMARKED)
        self._index.put(accounts[unmarked], first + unmarked)
        for place in np.flatnonzero(marks).tolist():
            self._index_mark(
                (AccountId(int(accounts[place])), Mark(int(marks[place]))), first + place
            )

    def change_account(self, account: Account, asset_number: int) -> None:
        """Replace the rules an account lives under; its balance stays."""
        row = self.table[self.slot((account.id, UNMARKED))]
        has_marks = bool(row[FLAGS] & HAS_MARKS)
        changed = row_of(account, asset_number, cell_of_row(row.tolist()), has_marks=has_marks)
        for column in (FLOOR, CEILING, FLAGS):
            row[column] = changed[column]

    def add_marked(self, key: CellKey, cell: Cell) -> int:
        """Give an account a cell for a mark; returns the slot."""
        account_id, mark = key
        slot = self._new_slot(account_id, mark)
        self._index_mark(key, slot)
        figures = (cell.balance, cell.debits_pending, cell.credits_pending)
        self.table[slot, :3] = figures
        self.table[slot, VERSION], self.table[slot, LAST_SEQ] = cell.version, cell.last_seq
        return slot

    def rows(self, accounts: Ints) -> Ints:
        """State rows of accounts' unmarked cells; flagged `ABSENT` where there is none."""
        slots = self._index.slots(accounts)
        found = self.table[slots]
        found[slots < 0] = 0
        found[slots < 0, FLAGS] = ABSENT
        return found

    def marked(self, accounts: Ints, state: Ints) -> dict[CellKey, Cell]:
        """Marked cells of those of `accounts` whose state says they have some."""
        having: list[AccountId] = accounts[(state[:, FLAGS] & HAS_MARKS) != 0].tolist()
        if not having:
            return {}
        found = {(a, mark): slot for a in having for mark, slot in self._marked[a].items()}
        rows = self.table[list(found.values())].tolist()
        return dict(zip(found, map(cell_of_row, rows), strict=True))

    def marked_of(self, accounts: Sequence[AccountId]) -> dict[CellKey, Cell]:
        """Marked cells of accounts, known or not."""
        known = np.array(accounts, np.int64)
        return self.marked(known, self.rows(known))

    def cell(self, key: CellKey) -> Cell:
        """One cell, which must exist."""
        return cell_of_row(self.table[self.slot(key)].tolist())

    def has(self, key: CellKey) -> bool:
        """Whether there is such a cell."""
        return self.slot(key) >= 0

    def marks(self, account_id: AccountId) -> list[Mark]:
        """Marks an account has cells for, the unmarked one first."""
        return [UNMARKED, *self._marked.get(account_id, {})]

    def holders(self, mark: Mark, *, after: AccountId, limit: int) -> list[tuple[AccountId, Cell]]:
        """Cells of a mark that are not empty, by account, beyond `after`: one look at all slots."""
        marks, accounts = self.key_mark[: self.count], self.key_account[: self.count]
        slots = np.flatnonzero((marks == mark) & (accounts > after))
        slots = slots[self.table[slots, :3].any(axis=1)]
        slots = slots[np.argsort(accounts[slots])][:limit]
        return [(AccountId(int(accounts[n])), cell_of_row(self.table[n].tolist())) for n in slots]

    def slot(self, key: CellKey) -> int:
        """Slot of a cell, -1 if there is none."""
        account_id, mark = key
        if mark != UNMARKED:
            return self._marked.get(account_id, _NO_SLOTS).get(mark, -1)
        return self._index.slot(account_id)

    def slots(self, accounts: Ints, marks: Ints) -> Ints:
        """Slots of many cells, -1 where there is none."""
        slots = self._index.slots(accounts)
        marked = np.flatnonzero(marks)
        if len(marked):
            keys = zip(accounts[marked].tolist(), marks[marked].tolist(), strict=True)
            slots[marked] = [
                self._marked.get(account, _NO_SLOTS).get(mark, -1) for account, mark in keys
            ]
        return slots

    def fold(self, rows: Rows, *, after: Ints | None = None) -> Folded:
        """Add rows, in order, to the cells they touch, which must all exist.

        `after`, by slot, is the seq up to which a cell has its transfers already.
        """
        slots, seqs, figures, source = self._touches(rows, after)
        starts = np.flatnonzero(np.diff(slots, prepend=-1))
        touched = slots[starts]
        lengths = np.diff(starts, append=len(slots))
        rank = np.arange(len(slots)) - np.repeat(starts, lengths)
        version = self.table[slots, VERSION] + rank + 1
        previous = np.empty_like(seqs)
        previous[1:] = seqs[:-1]
        previous[starts] = self.table[touched, LAST_SEQ]
        milestones = self._milestones(slots, seqs, figures, version, starts, lengths)
        if len(starts):
            self.table[touched, :3] += np.add.reduceat(figures, starts, axis=0)
            self.table[touched, VERSION] += lengths
            self.table[touched, LAST_SEQ] = seqs[starts + lengths - 1]
        chained = np.zeros(2 * len(rows), np.int64)
        chained[source] = previous
        return Folded(chained[0::2], chained[1::2], milestones, touched)

    def _touches(self, rows: Rows, after: Ints | None) -> tuple[Ints, Ints, Ints, Ints]:
        """Both sides of every row, grouped by slot and in order within it: slot, seq, change
        of balance, pending debits and pending credits, and which side of which row."""
        slots = np.empty(2 * len(rows), np.int64)
        slots[0::2] = self.slots(rows.debit, rows.mark)
        slots[1::2] = self.slots(rows.credit, rows.mark)
        figures = np.zeros((2 * len(rows), 3), np.int64)
        figures[0::2, BALANCE], figures[1::2, BALANCE] = -rows.posted, rows.posted
        figures[0::2, DEBITS_PENDING] = figures[1::2, CREDITS_PENDING] = rows.held
        seqs = np.repeat(rows.seq, 2)
        order = stable_order(slots)
        if after is not None:
            order = order[seqs[order] > after[slots[order]]]
        return slots[order], seqs[order], figures[order], order

    def _milestones(
        self, slots: Ints, seqs: Ints, figures: Ints, version: Ints, starts: Ints, lengths: Ints
    ) -> Milestones:
        due = np.flatnonzero(version % MILESTONE_EVERY == 0)
        total = np.cumsum(figures, axis=0)
        before = total[starts] - figures[starts]
        group = np.repeat(np.arange(len(starts)), lengths)[due]
        then = self.table[slots[due], :3] + total[due] - before[group]
        return Milestones(slots[due], version[due], seqs[due], then[:, 0], then[:, 1], then[:, 2])

    def _index_mark(self, key: CellKey, slot: int) -> None:
        account_id, mark = key
        self._marked.setdefault(account_id, {})[mark] = slot
        self.table[self._index.slot(account_id), FLAGS] |= HAS_MARKS

    def _new_slot(self, account_id: AccountId, mark: Mark) -> int:
        slot = self.count
        self._reserve(slot + 1)
        self.table[slot] = 0
        self.key_account[slot], self.key_mark[slot] = account_id, mark
        self.count += 1
        return slot

    def _reserve(self, slots: int) -> None:
        if slots > len(self.table):
            capacity = max(slots, _grown(len(self.table)))
            self.table = np.resize(self.table, (capacity, COLUMNS))
            self.key_account = np.resize(self.key_account, capacity)
            self.key_mark = np.resize(self.key_mark, capacity)


def _grown(size: int) -> int:
    return size + size // 2 + 1
