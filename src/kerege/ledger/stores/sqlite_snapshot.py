# SPDX-License-Identifier: Apache-2.0
"""A SQLite ledger at one instant: a reader held there, and the balances of that instant."""

from collections.abc import Iterator

from msgspec import Struct

from kerege.ledger.account import Cell, CellKey
from kerege.ledger.books import Books
from kerege.ledger.ids import AccountId, Mark
from kerege.ledger.state import Ints, cell_of_row
from kerege.ledger.stores.sqlite_reader import Reader

__all__ = ["CopiedCells", "SqliteSnapshot", "copy_of_cells"]


class CopiedCells(Struct, frozen=True):
    """Cells in the order they appeared: whose they are, and rows of their state."""

    accounts: Ints
    marks: Ints
    table: Ints


def copy_of_cells(books: Books) -> CopiedCells:
    """All cells as they are now: 80 bytes of memory each."""
    cells = books.cells
    used = slice(0, cells.count)
    return CopiedCells(
        accounts=cells.key_account[used].copy(),
        marks=cells.key_mark[used].copy(),
        table=cells.table[used].copy(),
    )


class SqliteSnapshot:
    """See `Snapshot`."""

    def __init__(self, reader: Reader, leaves: int, cells: CopiedCells) -> None:
        self.leaves = leaves
        self.batches, self.refusals = reader.batches, reader.refusals
        self._cells = cells

    def cells(self) -> Iterator[tuple[CellKey, Cell]]:
        """See `Snapshot.cells`."""
        copied = self._cells
        for account, mark, row in zip(copied.accounts, copied.marks, copied.table, strict=True):
            yield (AccountId(int(account)), Mark(int(mark))), cell_of_row(row.tolist())
