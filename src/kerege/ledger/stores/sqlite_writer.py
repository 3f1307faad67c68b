# SPDX-License-Identifier: Apache-2.0
"""Writes decided batches to SQLite, one SQL transaction each, in order, in its own thread.

While a batch is written and synced the next one is being decided; nobody is answered
before their batch is on the disk. A failed write fails every batch decided after it too,
for they were decided on top of it.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from typing import Final

import apsw
import numpy as np
from msgspec import Struct

from kerege.ledger.books import ChangedAccount
from kerege.ledger.cells import Folded
from kerege.ledger.errors import StoreFailed
from kerege.ledger.ruling import Ruling
from kerege.ledger.state import Ints
from kerege.ledger.stores.bulk import Insert

__all__ = ["Job", "Ticket", "Writer", "write_balances", "write_job"]

_ORDERS: Final = Insert(
    "INSERT INTO orders (number, id, seq, steps, body, evidence)", "(?, ?, ?, ?, ?, ?)"
)
_TRANSFERS: Final = Insert(
    "INSERT INTO transfers (seq, order_number, order_id, kind, debit, credit, mark, posted,"
    " held, code, pending, debit_previous, credit_previous)",
    "(?,?,?,?,?,?,?,?,?,?,?,?,?)",
)
_PLAIN: Final = Insert(
    "INSERT INTO transfers (seq, order_number, order_id, kind, debit, credit, mark, posted,"
    " held, code, pending, debit_previous, credit_previous)",
    "(?,?,?,1,?,?,0,?,0,?,0,?,?)",
)
_REFUSALS: Final = Insert(
    "INSERT INTO refusals (id, content, at_us, refusal, step, found, allowed)",
    "(?, ?, ?, ?, ?, ?, ?)",
)
_PENDINGS: Final = Insert(
    "INSERT INTO pendings (seq, order_id, step, debit, credit, mark, remaining, expires_at_us,"
    " state)",
    "(?,?,?,?,?,?,?,?,?)",
    "ON CONFLICT (seq) DO UPDATE SET remaining = excluded.remaining, state = excluded.state",
)
_ASSETS: Final = Insert("INSERT INTO assets (number, code, scale)", "(?, ?, ?)")
_ACCOUNTS: Final = Insert(
    "INSERT INTO accounts (id, asset, role, floor, ceiling, status, owner, opened_seq)",
    "(?, ?, ?, ?, ?, ?, ?, ?)",
    "ON CONFLICT (id) DO UPDATE SET floor = excluded.floor, ceiling = excluded.ceiling,"
    " status = excluded.status",
)
_EVENTS: Final = Insert("INSERT INTO account_events (seq, order_number, account)", "(?, ?, ?)")
_BALANCES: Final = Insert(
    "INSERT INTO balances (slot, account, mark, balance, debits_pending, credits_pending,"
    " version, last_seq, at_seq)",
    "(?,?,?,?,?,?,?,?,?)",
    "ON CONFLICT (slot) DO UPDATE SET balance = excluded.balance,"
    " debits_pending = excluded.debits_pending, credits_pending = excluded.credits_pending,"
    " version = excluded.version, last_seq = excluded.last_seq, at_seq = excluded.at_seq",
)
_MILESTONES: Final = Insert(
    "INSERT INTO milestones (account, mark, seq, version, balance, debits_pending,"
    " credits_pending)",
    "(?, ?, ?, ?, ?, ?, ?)",
)


class Job(Struct, frozen=True):
    """A batch ready to write. `accounts` were opened or changed; `balances` are rows of the
    balances table (new cells and those whose turn it is), `milestones` likewise;
    `tail_batch` is where recovery would have to begin, if that moved."""

    ruling: Ruling
    folded: Folded
    assets: list[tuple[int, str, int]]
    accounts: Sequence[ChangedAccount]
    balances: Ints
    milestones: Ints
    tail_batch: int | None
    first_leaf: int


class Ticket:
    """A batch on its way to the disk."""

    __slots__ = ("_done", "_failure")

    def __init__(self) -> None:
        self._done = threading.Event()
        self._failure: BaseException | None = None

    def settle(self, failure: BaseException | None = None) -> None:
        """Say how it ended."""
        self._failure = failure
        self._done.set()

    def wait(self) -> None:
        """Return when the batch is durable; raises `StoreFailed` if it may not be."""
        self._done.wait()
        if self._failure is not None:
            raise StoreFailed(
                "the database did not take the batch",
                place=type(self._failure).__name__,
                remedy="send the same orders again",
            ) from self._failure


class Writer:
    """Writes batches in the order they are put, in a thread of its own.

    `on_end(ticket, failure)` is called after each batch, in order, before those who wait for
    it hear of it. A simulation replaces the thread (`start` and `stop`) and nothing else.
    """

    def __init__(
        self,
        connection: apsw.Connection,
        on_end: Callable[[Ticket, BaseException | None], None],
    ) -> None:
        self._connection = connection
        self._on_end = on_end
        self._jobs: queue.SimpleQueue[tuple[Job, Ticket] | None] = queue.SimpleQueue()
        self._failure: BaseException | None = None
        self.start()

    def start(self) -> None:
        """Begin to write."""
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)
        self._thread.start()

    def put(self, job: Job, ticket: Ticket) -> None:
        """Queue a batch."""
        self._jobs.put((job, ticket))

    def stop(self) -> None:
        """Write what is queued and end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (item := self._jobs.get()) is not None:
            self.write(*item)

    def write(self, job: Job, ticket: Ticket) -> None:
        """Write one batch, or fail it if one before it failed, and say so."""
        if self._failure is None:
            try:
                write_job(self._connection, job)
            except Exception as failure:
                self._failure = failure
        self._on_end(ticket, self._failure)
        ticket.settle(self._failure)


def write_job(connection: apsw.Connection, job: Job) -> None:
    """One batch, one SQL transaction. All or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        _write_batch(connection, job)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _write_batch(connection: apsw.Connection, job: Job) -> None:
    ruling = job.ruling
    if ruling.accepted:
        connection.execute(
            "INSERT INTO batches (batch, at_us, orders, steps, first_leaf) VALUES (?, ?, ?, ?, ?)",
            (ruling.batch, ruling.at_us, ruling.accepted, ruling.steps, job.first_leaf),
        )
    _ASSETS.run(connection, job.assets)
    _write_accounts(connection, job.accounts)
    _write_orders(connection, ruling)
    _write_transfers(connection, ruling, job.folded)
    _REFUSALS.run(
        connection,
        (
            (o.order_id, r.content, o.at_us, int(o.refusal or 0), o.step, o.found, o.limit)
            for r in ruling.refused
            for o in (r.outcome,)
        ),
    )
    _PENDINGS.run(
        connection,
        (
            (
                p.seq,
                p.ref.order_id,
                p.ref.step,
                p.debit,
                p.credit,
                p.mark,
                p.remaining,
                p.expires_at_us,
                int(p.state),
            )
            for p in ruling.pendings.values()
        ),
    )
    _EVENTS.run(connection, ((e.seq, e.order, e.account and e.account.id) for e in ruling.events))
    _BALANCES.run(connection, job.balances.tolist())
    _MILESTONES.run(connection, job.milestones.tolist())
    if job.tail_batch is not None:
        _set_tail(connection, job.tail_batch)


def write_balances(connection: apsw.Connection, balances: Ints, *, tail_batch: int) -> None:
    """Write back balances outside a batch; recovery then begins at `tail_batch`."""
    with connection:
        _BALANCES.run(connection, balances.tolist())
        _set_tail(connection, tail_batch)


def _set_tail(connection: apsw.Connection, tail_batch: int) -> None:
    connection.execute(
        "INSERT INTO meta (key, value) VALUES ('tail_batch', ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (tail_batch,),
    )


def _write_accounts(connection: apsw.Connection, changed: Sequence[ChangedAccount]) -> None:
    _ACCOUNTS.run(
        connection,
        (
            (
                c.account.id,
                c.asset_number,
                int(c.account.role),
                c.account.floor,
                c.account.ceiling,
                int(c.account.status),
                c.owner,
                c.seq,
            )
            for c in changed
        ),
    )


def _write_orders(connection: apsw.Connection, ruling: Ruling) -> None:
    _ORDERS.run(
        connection,
        (
            (o.number, o.id, o.seq, o.steps, o.body, o.evidence or None)
            for o in ruling.orders
            if o.body
        ),
    )


def _write_transfers(connection: apsw.Connection, ruling: Ruling, folded: Folded) -> None:
    rows, plain = ruling.rows, ruling.plain
    is_plain = np.isin(rows.seq, plain.seq, assume_unique=True)
    ends = (folded.debit_previous, folded.credit_previous)
    narrow = (rows.seq, rows.order, rows.debit, rows.credit, rows.posted, rows.code, *ends)
    seq, order, *others = (column[is_plain].tolist() for column in narrow)
    _PLAIN.run(connection, zip(seq, order, plain.ids, *others, strict=True))
    if len(seq) == len(rows):
        return
    told = (rows.kind, rows.debit, rows.credit, rows.mark, rows.posted, rows.held, rows.code)
    wide = (rows.seq, rows.order, *told, rows.pending, *ends)
    seq, order, *others = (column[~is_plain].tolist() for column in wide)
    ids = {o.number: o.id for o in ruling.orders if not o.body}
    named = (ids.get(number) for number in order)
    _TRANSFERS.run(connection, zip(seq, order, named, *others, strict=True))
