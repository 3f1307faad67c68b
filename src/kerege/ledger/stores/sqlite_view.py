# SPDX-License-Identifier: Apache-2.0
"""A SQLite ledger as it stood when opened, to be read while another process writes it.

One SQL transaction is held from opening to closing. The balances are those rows plus the
transfers since, all of the same instant, so it does not matter when the writer writes them
back. Nothing of the ledger is written, and none is created; SQLite itself keeps a `-shm` file
beside the database.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import apsw

from kerege.ledger.account import EMPTY_CELL, Account, Cell, CellKey
from kerege.ledger.books import Books
from kerege.ledger.errors import LedgerError, StoreFailed
from kerege.ledger.ids import AccountId, Mark, OrderId
from kerege.ledger.outcome import Outcome
from kerege.ledger.stored import AcceptedAt, AccountInfo, Movement, StoredBatch
from kerege.ledger.stores.interface import Session, Snapshot
from kerege.ledger.stores.sqlite_reader import Reader
from kerege.ledger.stores.sqlite_snapshot import SqliteSnapshot, copy_of_cells

__all__ = ["SqliteView"]


class SqliteView:
    """A `Store` that only answers. Raises `StoreFailed` or `SchemaTooNew`."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            remedy = "check the path; `kerege ledger import` makes a new one"
            raise StoreFailed("there is no such ledger", place=str(path), remedy=remedy)
        self._reader = Reader(path)
        try:
            self._reader.check()
            self._leaves = self._reader.hold()
            state = self._reader.recovered()
        except apsw.Error as failure:
            self._reader.close()
            raise StoreFailed(
                f"cannot read the ledger: {failure}",
                place=str(path),
                remedy="check that the file is a ledger and may be read",
            ) from failure
        except LedgerError:
            self._reader.close()
            raise
        self._books = Books(state.cells, state.assets, state.next_account)

    def close(self) -> None:
        """Let go of the file."""
        self._reader.close()

    def session(self) -> AbstractContextManager[Session]:
        """Refused: `StoreFailed`."""
        raise StoreFailed("this ledger was opened for reading", remedy="open it for writing")

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """See `Store.snapshot`; the instant is that of opening."""
        yield SqliteSnapshot(self._reader, self._leaves, copy_of_cells(self._books))

    def outcome(self, order_id: OrderId) -> Outcome | None:
        """See `Store.outcome`."""
        known = self._reader.known([order_id]).get(order_id)
        return None if known is None else known.outcome

    def accepted(self, order_id: OrderId) -> AcceptedAt | None:
        """See `Store.accepted`."""
        return self._reader.accepted(order_id)

    def account(self, account_id: AccountId) -> AccountInfo | None:
        """See `Store.account`."""
        return self._reader.account(account_id)

    def cells_of(self, account_id: AccountId) -> dict[Mark, Cell]:
        """See `Store.cells_of`."""
        cells = self._books.cells
        keys = [(account_id, mark) for mark in cells.marks(account_id)]
        return {key[1]: cells.cell(key) for key in keys if cells.has(key)}

    def state(self, account_id: AccountId) -> tuple[Account, Cell] | None:
        """See `Store.state`."""
        return self._books.state(account_id)

    def marked(self, accounts: Sequence[AccountId]) -> dict[CellKey, Cell]:
        """See `Store.marked`."""
        return self._books.cells.marked_of(accounts)

    def holders(
        self, mark: Mark, *, after: AccountId, limit: int
    ) -> Sequence[tuple[AccountId, Cell]]:
        """See `Store.holders`."""
        return self._books.cells.holders(mark, after=after, limit=limit)

    def history(self, key: CellKey, *, before_seq: int | None) -> Iterator[Movement]:
        """See `Store.history`."""
        newest = partial(self._newest, key)
        return self._reader.movements(key, before_seq=before_seq, newest=newest)

    def cell_at(self, key: CellKey, *, at_us: int) -> Cell:
        """See `Store.cell_at`."""
        return self._reader.cell_at(key, at_us=at_us, newest=partial(self._newest, key))

    def _newest(self, key: CellKey) -> Cell:
        return self.cells_of(key[0]).get(key[1], EMPTY_CELL)

    def batches(self, *, first_leaf: int, limit: int) -> Sequence[StoredBatch]:
        """See `Store.batches`."""
        return self._reader.batches(first_leaf=first_leaf, limit=limit)

    def assets(self) -> Sequence[tuple[str, int]]:
        """See `Store.assets`."""
        return tuple(self._books.assets)
