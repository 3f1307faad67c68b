# SPDX-License-Identifier: Apache-2.0
"""What the ledger asks of a store.

A batch is three steps in a session: `load` (one set-based read), the pure decision, and
`write` (one set-based write, one commit). Sessions of one store may overlap only as far as
their effects cannot be told apart from one after the other.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from kerege.ledger.account import Account, Cell, CellKey
from kerege.ledger.book import Pending
from kerege.ledger.ids import AccountId, Mark, OrderId
from kerege.ledger.loaded import Loaded
from kerege.ledger.outcome import Outcome
from kerege.ledger.request import Request
from kerege.ledger.ruling import Ruling
from kerege.ledger.stored import AcceptedAt, AccountInfo, Movement, StoredBatch

__all__ = ["Commit", "Retry", "Session", "Snapshot", "Store"]


class Retry(Exception):
    """Raised out of a session: the batch was not confirmed for a passing reason.

    Try it again from the beginning. A batch that is posted twice takes effect once, because
    the ids of its orders tell what was already done: so this is the answer even to a
    connection lost while the commit was under way.
    """

    def pause(self, attempts: int) -> None:
        """Wait as long as suits this trouble, `attempts` having been made; raises
        `StoreFailed` if they were enough."""
        raise NotImplementedError


class Commit(Protocol):
    """A written batch on its way to the disk."""

    def wait(self) -> None:
        """Return when the batch is durable; raises `StoreFailed` if it may not be."""


class Session(Protocol):
    """One batch in a store."""

    def due(self, now_us: int, limit: int) -> Sequence[Pending]:
        """Open pending transfers whose time has passed, oldest first."""

    def load(self, request: Request) -> Loaded:
        """Everything `request` names, locked against other sessions."""

    def number(self, now_us: int) -> tuple[int, int]:
        """This batch's number, and its time: `now_us`, or that of the newest effect loaded
        if a clock has gone back. Asked once, after `load`."""

    def write(self, ruling: Ruling) -> Commit:
        """Make the ruling's effects the ledger's state."""


class Snapshot(Protocol):
    """A ledger as it stood at one instant, while it goes on."""

    @property
    def leaves(self) -> int:
        """Accepted orders there are."""

    def batches(self, *, first_leaf: int, limit: int) -> Sequence[StoredBatch]:
        """As `Store.batches`, none of them later than the instant."""

    def refusals(self) -> Iterator[tuple[Outcome, bytes]]:
        """Remembered refusals with the SHA-256 of what was refused, in order of id."""

    def cells(self) -> Iterator[tuple[CellKey, Cell]]:
        """Every cell, in the order cells appeared."""


class Store(Protocol):
    """A ledger's database. Questions are answered from what is durable."""

    def session(self) -> AbstractContextManager[Session]:
        """Begin a batch; leaving without `write` leaves no trace."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """The ledger as it stands now, to be read at leisure."""

    def close(self) -> None:
        """Finish what is under way and let go of the database."""

    def outcome(self, order_id: OrderId) -> Outcome | None:
        """What became of an order."""

    def accepted(self, order_id: OrderId) -> AcceptedAt | None:
        """An accepted order with its time and its place in the log."""

    def account(self, account_id: AccountId) -> AccountInfo | None:
        """An account with its owner."""

    def cells_of(self, account_id: AccountId) -> dict[Mark, Cell]:
        """An account's cells by mark, the unmarked one first."""

    def state(self, account_id: AccountId) -> tuple[Account, Cell] | None:
        """An account's rules and its unmarked cell, durable or not."""

    def marked(self, accounts: Sequence[AccountId]) -> dict[CellKey, Cell]:
        """Marked cells of accounts, durable or not."""

    def holders(
        self, mark: Mark, *, after: AccountId, limit: int
    ) -> Sequence[tuple[AccountId, Cell]]:
        """Cells of a mark that are not empty, by account, beyond `after`."""

    def history(self, key: CellKey, *, before_seq: int | None) -> Iterator[Movement]:
        """Movements of a cell, newest first, from the newest or from before `before_seq`."""

    def cell_at(self, key: CellKey, *, at_us: int) -> Cell:
        """A cell as it stood at the end of `at_us`."""

    def batches(self, *, first_leaf: int, limit: int) -> Sequence[StoredBatch]:
        """Whole batches in the log's order, from the one that holds leaf `first_leaf` on
        until about `limit` orders are together; empty at the end."""

    def assets(self) -> Sequence[tuple[str, int]]:
        """Codes and scales of declared assets, in order of declaration."""
