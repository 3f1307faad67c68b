# SPDX-License-Identifier: Apache-2.0
"""A small ledger for tests: a real SQLite file, a clock moved by hand, accounts in one line.

`World` gives out order ids in order and keeps the handful of accounts most tests need:

    world = World(tmp_path / "ledger")
    bank, aru, shop = world.issuer(), world.holder(500), world.collector()
    assert world.post(move(aru, shop, 200)).accepted
"""

from pathlib import Path
from typing import Any

import numpy as np

from kerege.ledger.account import EMPTY_CELL, Account, Cell, Role
from kerege.ledger.cells import Cells
from kerege.ledger.ids import UNMARKED, AccountId, Mark, OrderId
from kerege.ledger.ledger import Ledger
from kerege.ledger.order import (
    NO_TERMS,
    DeclareAsset,
    Kind,
    OpenAccount,
    Order,
    PendingRef,
    SetLimits,
    SetStatus,
    Step,
    Terms,
    Transfer,
)
from kerege.ledger.outcome import Outcome
from kerege.ledger.state import row_of
from kerege.ledger.stores.sqlite import SqliteStore
from kerege.runtime.clock import ManualClock

__all__ = ["ASSET", "START_US", "World", "move", "open_cell", "order_id", "resolve"]

ASSET = "KZT"
START_US = 1_800_000_000_000_000
"""An instant in January 2027."""


def order_id(number: int) -> OrderId:
    """The order id that is `number` in 16 bytes."""
    return OrderId(number.to_bytes(16, "big"))


def move(debit: int, credit: int, amount: int, mark: int = UNMARKED, **more: Any) -> Transfer:
    """A transfer, POST unless `kind` says otherwise."""
    return Transfer(AccountId(debit), AccountId(credit), amount, Mark(mark), **more)


def resolve(reserved: Transfer, ref: PendingRef, kind: Kind, amount: int = 0) -> Transfer:
    """CAPTURE, CAPTURE_PART or VOID of the pending transfer `reserved`."""
    return move(reserved.debit, reserved.credit, amount, reserved.mark, kind=kind, pending=ref)


class World:
    """A ledger with asset KZT and one issuer, account 1."""

    def __init__(self, path: Path, *, start_us: int = START_US) -> None:
        self.path = path
        self.clock = ManualClock(start_us)
        self.store = SqliteStore(path)
        self.ledger = Ledger(self.store, self.clock.now_us)
        self._last_id = 0
        if not self.store.assets():
            self.post(DeclareAsset(ASSET, 2))
            self.open(Role.ISSUER, floor=None)

    def next_id(self) -> OrderId:
        """A fresh order id, above all others."""
        self._last_id += 1
        return order_id(self._last_id)

    def order(self, *steps: Step, terms: Terms = NO_TERMS, evidence: bytes = b"") -> Order:
        """An order of `steps` under a fresh id."""
        return Order(self.next_id(), steps, terms, evidence)

    def post(self, *steps: Step, terms: Terms = NO_TERMS) -> Outcome:
        """Post one order of `steps`."""
        (outcome,) = self.ledger.post([self.order(*steps, terms=terms)])
        return outcome

    def must(self, *steps: Step) -> Outcome:
        """Post one order that has to be accepted."""
        outcome = self.post(*steps)
        if outcome.refusal is not None:
            raise AssertionError(f"{outcome.refusal.name}: {steps}")
        return outcome

    def open(self, role: Role, **limits: Any) -> AccountId:
        """Open an account; returns its id."""
        asset = limits.pop("asset", ASSET)
        return AccountId(self.must(OpenAccount(asset, role, "owner", **limits)).results[0])

    def issuer(self) -> AccountId:
        """The issuer every world begins with."""
        return AccountId(1)

    def holder(self, amount: int = 0, *, mark: int = UNMARKED, **limits: Any) -> AccountId:
        """A holder with `amount` issued to it."""
        account = self.open(Role.HOLDER, **limits)
        if amount:
            self.must(move(1, account, amount, mark))
        return account

    def collector(self) -> AccountId:
        """An account without a ceiling that everyone may credit."""
        return self.open(Role.COLLECTOR)

    def reserve(
        self, debit: int, credit: int, amount: int, *, mark: int = UNMARKED, timeout_s: int = 60
    ) -> tuple[Transfer, PendingRef]:
        """A pending transfer, accepted; returns it and what names it."""
        transfer = move(debit, credit, amount, mark, kind=Kind.PENDING, timeout_s=timeout_s)
        return transfer, PendingRef(self.must(transfer).order_id)

    def freeze(self, account: AccountId, status: Any) -> None:
        """Set an account's status."""
        self.must(SetStatus(account, status))

    def limit(self, account: AccountId, *, floor: int | None, ceiling: int | None) -> None:
        """Set an account's limits."""
        self.must(SetLimits(account, floor, ceiling))

    def balance(self, account: int, mark: int = UNMARKED) -> int:
        """Posted minor units of one cell."""
        return self.cell(account, mark).balance

    def cell(self, account: int, mark: int = UNMARKED) -> Cell:
        """One cell; empty if nothing ever touched it."""
        return self.ledger.cells(AccountId(account)).get(Mark(mark), Cell())

    def state(self) -> dict[AccountId, object]:
        """All accounts with all their cells: what must not change when an order is refused."""
        found: dict[AccountId, object] = {}
        for number in range(1, self.store._books.next_account):
            account = AccountId(number)
            found[account] = (self.ledger.account(account), self.ledger.cells(account))
        return found

    def reopen(self) -> None:
        """Close the file and open it again."""
        self.ledger.close()
        self.store = SqliteStore(self.path)
        self.ledger = Ledger(self.store, self.clock.now_us)


def open_cell(cells: Cells, account: Account, cell: Cell = EMPTY_CELL) -> int:
    """Give an account of asset 0 its unmarked cell; returns the slot."""
    slot = cells.count
    row = np.array([row_of(account, 0, cell, has_marks=False)], np.int64)
    cells.load(np.array([account.id], np.int64), np.array([UNMARKED], np.int64), row)
    return slot
