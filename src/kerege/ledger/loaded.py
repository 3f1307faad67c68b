# SPDX-License-Identifier: Apache-2.0
"""What a store brings for a batch: everything the batch names, as it stands."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct

from kerege.ledger.account import Cell, CellKey
from kerege.ledger.book import Book, Known, Pending
from kerege.ledger.ids import UNMARKED, AccountId
from kerege.ledger.order import PendingRef
from kerege.ledger.state import ABSENT, FLAGS, HAS_MARKS, Ints, account_of_row, cell_of_row

__all__ = ["Loaded"]


class Loaded(Struct, frozen=True):
    """`accounts` are the request's; row i of `state` is account i's (`ABSENT` if unknown).

    `marked` has every marked cell of those accounts, `known` the batch's ids decided
    before, `assets` code and scale in order of their numbers.
    """

    accounts: Ints
    state: Ints
    marked: Mapping[CellKey, Cell]
    pendings: Mapping[PendingRef, Pending]
    known: Mapping[bytes, Known]
    assets: Sequence[tuple[str, int]]
    next_account: int

    def book(self, account_ids: Iterable[int]) -> Book:
        """A book of just these accounts, with all else that was loaded."""
        book = Book(assets=dict(self.assets), next_account=self.next_account)
        book.pendings.update(self.pendings)
        book.known.update(self.known)
        codes = [code for code, _ in self.assets]
        wanted = np.unique(np.fromiter(account_ids, np.int64))
        places = np.searchsorted(self.accounts, wanted)
        for number, row in zip(wanted.tolist(), self.state[places].tolist(), strict=True):
            if not row[FLAGS] & ABSENT:
                account_id = AccountId(number)
                book.accounts[account_id] = account_of_row(number, row, codes)
                book.cells[account_id, UNMARKED] = cell_of_row(row)
                book.marks[account_id] = frozenset({UNMARKED})
        for (account_id, mark), cell in self.marked.items():
            if account_id in book.accounts:
                book.cells[account_id, mark] = cell
                book.marks[account_id] |= {mark}
        return book

    def has_marks(self) -> bool:
        """Whether any account loaded has marked money."""
        return bool((self.state[:, FLAGS] & HAS_MARKS).any())
