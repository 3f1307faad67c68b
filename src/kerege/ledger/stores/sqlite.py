# SPDX-License-Identifier: Apache-2.0
"""The embedded store: all cells in memory, everything durable in one SQLite file.

Random balance updates are what makes a plain SQL ledger slow down as accounts grow: each
touches a page of its own. Here the transfers are appended, the cells are folded in memory,
and the `balances` table is written back window by window in slot order, a full pass every
million transfers or so. After a crash the cells are the `balances` rows plus the transfers
since; nothing else is needed, and nothing can disagree.
"""

import os
import threading
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import apsw
import numpy as np

from kerege.ledger.account import EMPTY_CELL, Account, Cell, CellKey
from kerege.ledger.book import Pending
from kerege.ledger.books import Books
from kerege.ledger.cells import Folded
from kerege.ledger.errors import StoreFailed
from kerege.ledger.ids import AccountId, Mark, OrderId, is_out_of_time
from kerege.ledger.loaded import Loaded
from kerege.ledger.outcome import Outcome
from kerege.ledger.request import Request
from kerege.ledger.ruling import Ruling
from kerege.ledger.state import Ints
from kerege.ledger.stored import AcceptedAt, AccountInfo, Movement, StoredBatch
from kerege.ledger.stores.interface import Commit, Session, Snapshot
from kerege.ledger.stores.sqlite_files import open_connection, open_schema, take_writer_lock
from kerege.ledger.stores.sqlite_reader import Reader
from kerege.ledger.stores.sqlite_recovery import recover
from kerege.ledger.stores.sqlite_snapshot import SqliteSnapshot, copy_of_cells
from kerege.ledger.stores.sqlite_writer import Job, Ticket, Writer, write_balances
from kerege.ledger.stores.writeback import WriteBack

__all__ = ["SqliteStore"]

_MAX_IN_FLIGHT = 2
"""Batches decided but not yet durable: one being written, one ready for the writer."""


class SqliteStore:
    """A ledger in a SQLite file, written by this process alone.

    Raises `LedgerInUse`, `SchemaTooNew` or `StoreFailed` when it cannot be opened.
    """

    def __init__(self, path: Path, *, start_writer: type[Writer] = Writer) -> None:
        """Open or create the ledger at `path`; `start_writer` is for simulations."""
        self._path = path
        self._start_writer = start_writer
        self._file_lock = take_writer_lock(path)
        self._lock = threading.RLock()
        self._room = threading.Semaphore(_MAX_IN_FLIGHT)
        self._reader: Reader | None = None
        self._writer: Writer | None = None
        self._connection: apsw.Connection | None = None
        self._broken, self._closed = True, False
        try:
            self._open()
        except BaseException:
            self._shut()
            os.close(self._file_lock)
            raise

    def _open(self) -> None:
        try:
            self._read_all()
        except apsw.Error as failure:
            raise StoreFailed(
                f"cannot read the ledger: {failure}",
                place=self._path.name,
                remedy="check the disk, then open it again",
            ) from failure

    def _read_all(self) -> None:
        self._connection = open_connection(self._path)
        open_schema(self._connection, self._path)
        state = recover(self._connection)
        self._books = Books(state.cells, state.assets, state.next_account)
        self.recovered_rows = state.tail_rows
        self._next_batch = state.next_batch
        self._next_leaf, self._last_at_us = state.next_leaf, state.last_at_us
        self._newest_id = state.newest_id
        self._back = WriteBack(state.cells, state.next_batch)
        self._back.mark(state.folded)
        self._in_flight: dict[Ticket, Set[bytes]] = {}
        self._newest_ticket: Ticket | None = None
        self._reader = Reader(self._path)
        self._next_due_us = self._reader.next_due_us()
        self._writer = self._start_writer(self._connection, self._on_end)
        self._broken = False

    def close(self) -> None:
        """Write what is queued, all balances, and let go of the file. Twice is as once.

        Raises `StoreFailed` if the disk refuses; the file is let go of all the same.
        """
        with self._lock:
            if self._closed:
                return
            self._closed = True
            try:
                self._shut()
            finally:
                os.close(self._file_lock)

    def _shut(self) -> None:
        if self._writer is not None:
            self._writer.stop()
        if self._reader is not None:
            self._reader.close()
        self._writer = self._reader = None
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            try:
                if not self._broken:
                    rest = self._back.rest(self._next_batch - 1)
                    write_balances(connection, rest, tail_batch=self._next_batch)
            finally:
                connection.close()
        except apsw.Error as failure:
            raise StoreFailed(
                f"the ledger could not be closed in good order: {failure}",
                place=self._path.name,
                remedy="nothing acknowledged is lost; check the disk",
            ) from failure

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One batch; sessions take turns, their writes queue."""
        self._room.acquire()
        handed_over = False
        try:
            with self._lock:
                self._be_whole()
                session = _SqliteSession(self)
                yield session
                handed_over = session.written
        finally:
            if not handed_over:
                self._room.release()

    def _be_whole(self) -> None:
        """After a failed write what is in memory is ahead of the file: begin from the file."""
        if self._closed:
            raise _closed()
        if self._broken:
            with suppress(StoreFailed):
                self._shut()
            self._open()

    def _on_end(self, ticket: Ticket, failure: BaseException | None) -> None:
        self._in_flight.pop(ticket, None)
        if failure is not None:
            self._broken = True
        self._room.release()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """See `Store.snapshot`. Copies the balances: 80 bytes of memory an account."""
        with self._lock:
            self._be_whole()
            self._settle()
            reader = Reader(self._path)
            leaves = reader.hold()
            cells = copy_of_cells(self._books)
        try:
            yield SqliteSnapshot(reader, leaves, cells)
        finally:
            reader.close()

    # -- a session's steps, under the lock --

    def due(self, now_us: int, limit: int) -> Sequence[Pending]:
        """See `Session.due`."""
        if self._next_due_us is None or now_us < self._next_due_us:
            return ()
        self._settle()
        reader = self._must_read()
        pendings = reader.due(now_us, limit)
        if not pendings:
            self._next_due_us = reader.next_due_us()
        return pendings

    def load(self, request: Request) -> Loaded:
        """See `Session.load`."""
        maybe_known = [
            i for i in request.ids if len(i) == 16 and (i <= self._newest_id or is_out_of_time(i))
        ]
        refs = request.pending_refs()
        flying = self._in_flight.values()
        named = {*maybe_known, *(ref.order_id for ref in refs)}
        if named and any(not ids.isdisjoint(named) for ids in list(flying)):
            self._settle()
        reader = self._must_read()
        return self._books.load(
            request,
            pendings=reader.pendings(refs) if refs else {},
            known=reader.known(maybe_known) if maybe_known else {},
        )

    def number(self, now_us: int) -> tuple[int, int]:
        """See `Session.number`."""
        return self._next_batch, max(now_us, self._last_at_us)

    def write(self, ruling: Ruling) -> Commit:
        """See `Session.write`."""
        if self._writer is None:
            raise _closed()
        ticket = Ticket()
        try:
            job = self._apply(ruling)
            self._in_flight[ticket] = self._touched_ids(ruling)
            self._writer.put(job, ticket)
        except BaseException:
            # Memory may be ahead of the file by half a batch: begin from the file again.
            self._broken = True
            raise
        self._newest_ticket = ticket
        return ticket

    def _apply(self, ruling: Ruling) -> Job:
        """Bring the books up to the ruling; the job is the same for the file."""
        applied = self._books.apply(ruling)
        folded = applied.folded
        self._back.mark(folded.slots)
        balances, tail = self._back.advance(applied.first_new_slot, ruling.batch, ruling.steps)
        leaf = self._next_leaf
        self._next_leaf += ruling.accepted
        if ruling.accepted:
            self._next_batch = max(self._next_batch, ruling.batch + 1)
            self._last_at_us = max(self._last_at_us, ruling.at_us)
        expiries = [p.expires_at_us for p in ruling.pendings.values() if p.remaining]
        if expiries:
            self._next_due_us = min(self._next_due_us or expiries[0], *expiries)
        return Job(
            ruling=ruling,
            folded=folded,
            assets=[
                (number, *self._books.assets[number])
                for number in range(applied.first_new_asset, len(self._books.assets))
            ],
            accounts=applied.accounts,
            balances=balances,
            milestones=self._milestone_rows(folded),
            tail_batch=tail,
            first_leaf=leaf,
        )

    def _milestone_rows(self, folded: Folded) -> Ints:
        found, cells = folded.milestones, self._books.cells
        columns = (
            cells.key_account[found.slot],
            cells.key_mark[found.slot],
            found.seq,
            found.version,
            found.balance,
            found.debits_pending,
            found.credits_pending,
        )
        return np.stack(columns, axis=1)

    def _touched_ids(self, ruling: Ruling) -> Set[bytes]:
        """Orders decided by this batch, and orders whose pending transfers it changed."""
        ids: set[bytes] = {order.id for order in ruling.orders}
        ids.update(ruling.plain.ids)
        ids.update(refused.outcome.order_id for refused in ruling.refused)
        ids.update(ref.order_id for ref in ruling.pendings)
        newest = max(ids, default=b"")
        if is_out_of_time(newest):
            newest = max((one for one in ids if not is_out_of_time(one)), default=b"")
        self._newest_id = max(self._newest_id, newest)
        return ids

    # -- questions --

    def _settle(self) -> None:
        """Wait until everything decided is durable."""
        if self._newest_ticket is not None:
            self._newest_ticket.wait()

    def _must_read(self) -> Reader:
        if self._reader is None:
            raise _closed()
        return self._reader

    def outcome(self, order_id: OrderId) -> Outcome | None:
        """See `Store.outcome`."""
        known = self._must_read().known([order_id]).get(order_id)
        return None if known is None else known.outcome

    def accepted(self, order_id: OrderId) -> AcceptedAt | None:
        """See `Store.accepted`."""
        return self._must_read().accepted(order_id)

    def account(self, account_id: AccountId) -> AccountInfo | None:
        """See `Store.account`."""
        return self._must_read().account(account_id)

    def cells_of(self, account_id: AccountId) -> dict[Mark, Cell]:
        """See `Store.cells_of`."""
        with self._lock:
            self._be_whole()
            cells = self._books.cells
            keys = [(account_id, mark) for mark in cells.marks(account_id)]
            found = {key[1]: cells.cell(key) for key in keys if cells.has(key)}
            ticket = self._newest_ticket
        if ticket is not None:
            ticket.wait()
        return found

    def state(self, account_id: AccountId) -> tuple[Account, Cell] | None:
        """See `Store.state`."""
        with self._lock:
            self._be_whole()
            return self._books.state(account_id)

    def marked(self, accounts: Sequence[AccountId]) -> dict[CellKey, Cell]:
        """See `Store.marked`."""
        with self._lock:
            self._be_whole()
            return self._books.cells.marked_of(accounts)

    def holders(
        self, mark: Mark, *, after: AccountId, limit: int
    ) -> Sequence[tuple[AccountId, Cell]]:
        """See `Store.holders`."""
        with self._lock:
            self._be_whole()
            found = self._books.cells.holders(mark, after=after, limit=limit)
            ticket = self._newest_ticket
        if ticket is not None:
            ticket.wait()
        return found

    def history(self, key: CellKey, *, before_seq: int | None) -> Iterator[Movement]:
        """See `Store.history`."""
        newest = partial(self._newest, key)
        return self._must_read().movements(key, before_seq=before_seq, newest=newest)

    def cell_at(self, key: CellKey, *, at_us: int) -> Cell:
        """See `Store.cell_at`."""
        return self._must_read().cell_at(key, at_us=at_us, newest=partial(self._newest, key))

    def _newest(self, key: CellKey) -> Cell:
        return self.cells_of(key[0]).get(key[1], EMPTY_CELL)

    def batches(self, *, first_leaf: int, limit: int) -> Sequence[StoredBatch]:
        """See `Store.batches`."""
        return self._must_read().batches(first_leaf=first_leaf, limit=limit)

    def assets(self) -> Sequence[tuple[str, int]]:
        """See `Store.assets`."""
        with self._lock:
            self._be_whole()
            return tuple(self._books.assets)


class _SqliteSession:
    """A turn at the store."""

    def __init__(self, store: SqliteStore) -> None:
        self.written = False
        self.due, self.load, self.number = store.due, store.load, store.number
        self._write = store.write

    def write(self, ruling: Ruling) -> Commit:
        commit = self._write(ruling)
        self.written = True
        return commit


def _closed() -> StoreFailed:
    return StoreFailed("the ledger is closed", remedy="open it again")
