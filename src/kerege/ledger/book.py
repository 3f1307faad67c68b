# SPDX-License-Identifier: Apache-2.0
"""The part of the ledger a batch may touch, in memory, and drafts of changes to it.

A store loads a `Book`, the rules change it through one `Draft` an order, and only a
draft of an accepted order is kept. Nothing here knows where the book came from.
"""

from collections.abc import Mapping
from enum import IntEnum, unique

from msgspec import Struct

from kerege.ledger.account import EMPTY_CELL, Account, Cell, CellKey
from kerege.ledger.ids import AccountId, Mark
from kerege.ledger.order import Kind, PendingRef
from kerege.ledger.outcome import Outcome

__all__ = ["Book", "Draft", "Entry", "Known", "Opening", "Pending", "PendingState"]


@unique
class PendingState(IntEnum):
    """Where a pending transfer is in its life."""

    OPEN = 0
    CAPTURED = 1
    VOIDED = 2
    EXPIRED = 3


class Pending(Struct, frozen=True, gc=False):
    """A pending transfer; `remaining` minor units are still reserved on both cells.

    `seq` is its position in the ledger, 0 while the order that makes it is being decided.
    """

    ref: PendingRef
    debit: AccountId
    credit: AccountId
    mark: Mark
    remaining: int
    expires_at_us: int
    state: PendingState = PendingState.OPEN
    seq: int = 0


class Entry(Struct, frozen=True, gc=False):
    """What one accepted transfer does, whatever its kind.

    The debit cell's balance falls by `posted`, the credit cell's rises by it; `held` is
    added to the debit cell's pending debits and to the credit cell's pending credits.
    """

    step: int
    kind: Kind
    debit: AccountId
    credit: AccountId
    mark: Mark
    posted: int
    held: int
    code: int
    pending: PendingRef | None = None


class Opening(Struct, frozen=True, gc=False):
    """An account as opened, with the owner the rules have no need of."""

    account: Account
    owner: str


class Known(Struct, frozen=True, gc=False):
    """An order decided before: SHA-256 of its bytes, and what became of it."""

    content: bytes
    outcome: Outcome


class Book:
    """Loaded state, keyed as the rules ask for it. Absent keys are things that do not exist."""

    __slots__ = ("accounts", "assets", "cells", "known", "marks", "next_account", "pendings")

    def __init__(self, *, assets: Mapping[str, int], next_account: int) -> None:
        self.assets = dict(assets)
        self.next_account = next_account
        self.accounts: dict[AccountId, Account] = {}
        self.cells: dict[CellKey, Cell] = {}
        self.marks: dict[AccountId, frozenset[Mark]] = {}
        self.pendings: dict[PendingRef, Pending] = {}
        self.known: dict[bytes, Known] = {}


class Draft:
    """Changes one order would make; `keep` writes them into the book, dropping it undoes them."""

    __slots__ = (
        "accounts",
        "assets",
        "book",
        "cells",
        "entries",
        "marks",
        "next_account",
        "openings",
        "pendings",
        "results",
    )

    def __init__(self, book: Book) -> None:
        self.book = book
        self.next_account = book.next_account
        self.accounts: dict[AccountId, Account] = {}
        self.assets: dict[str, int] = {}
        self.cells: dict[CellKey, Cell] = {}
        self.marks: dict[AccountId, frozenset[Mark]] = {}
        self.pendings: dict[PendingRef, Pending] = {}
        self.openings: list[Opening] = []
        self.entries: list[Entry] = []
        self.results: list[int] = []

    def account(self, account_id: AccountId) -> Account | None:
        """The account as this order sees it."""
        return self.accounts.get(account_id) or self.book.accounts.get(account_id)

    def cell(self, key: CellKey) -> Cell:
        """The cell as this order sees it; a cell nothing ever touched is empty."""
        return self.cells.get(key) or self.book.cells.get(key, EMPTY_CELL)

    def cells_of(self, account_id: AccountId) -> list[Cell]:
        """Cells of every mark the account has or had."""
        marks = self.marks.get(account_id) or self.book.marks.get(account_id, frozenset())
        own, loaded = self.cells, self.book.cells
        keys = [(account_id, mark) for mark in marks]
        return [own.get(key) or loaded.get(key, EMPTY_CELL) for key in keys]

    def put_cell(self, key: CellKey, cell: Cell) -> None:
        """Replace a cell."""
        account_id, mark = key
        self.cells[key] = cell
        known = self.marks.get(account_id) or self.book.marks.get(account_id, frozenset())
        if mark not in known:
            self.marks[account_id] = known | {mark}

    def pending(self, ref: PendingRef) -> Pending | None:
        """The pending transfer as this order sees it."""
        return self.pendings.get(ref) or self.book.pendings.get(ref)

    def asset_scale(self, asset: str) -> int | None:
        """Decimal places of a declared asset."""
        scale = self.assets.get(asset)
        return self.book.assets.get(asset) if scale is None else scale

    def keep(self) -> None:
        """Make the changes part of the book."""
        book = self.book
        book.next_account = self.next_account
        book.accounts.update(self.accounts)
        book.assets.update(self.assets)
        book.cells.update(self.cells)
        book.marks.update(self.marks)
        book.pendings.update(self.pendings)
