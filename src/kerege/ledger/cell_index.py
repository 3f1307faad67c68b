# SPDX-License-Identifier: Apache-2.0
"""Which slot an account's unmarked cell has. Pure.

Account ids are dense, so a whole ledger's index is an array; the few accounts of one batch
are better kept sorted, or a batch would cost memory for every account there is.
"""

from typing import Protocol

import numpy as np

from kerege.ledger.state import Ints

__all__ = ["DenseIndex", "Index", "SparseIndex"]


class Index(Protocol):
    """Slots by account; -1 where an account has none, whatever its number."""

    def slot(self, account: int) -> int:
        """Slot of one account."""

    def slots(self, accounts: Ints) -> Ints:
        """Slots of many."""

    def put(self, accounts: Ints, slots: Ints) -> None:
        """Remember the slots of accounts that had none."""


class DenseIndex:
    """For all accounts of a ledger: 8 bytes each, found by position."""

    def __init__(self, capacity: int) -> None:
        self._slots = np.full(capacity, -1, np.int64)

    def slot(self, account: int) -> int:
        """See `Index`."""
        return int(self._slots[account]) if 0 < account < len(self._slots) else -1

    def slots(self, accounts: Ints) -> Ints:
        """See `Index`."""
        inside = (accounts > 0) & (accounts < len(self._slots))
        found: Ints = self._slots[np.where(inside, accounts, 0)]
        found[~inside] = -1
        return found

    def put(self, accounts: Ints, slots: Ints) -> None:
        """See `Index`."""
        highest = int(accounts.max(initial=0))
        if highest >= len(self._slots):
            grown = np.full(max(highest + 1, len(self._slots) * 3 // 2), -1, np.int64)
            grown[: len(self._slots)] = self._slots
            self._slots = grown
        self._slots[accounts] = slots


class SparseIndex:
    """For the accounts of one batch, found by bisection."""

    def __init__(self) -> None:
        self._accounts = np.zeros(0, np.int64)
        self._slots = np.zeros(0, np.int64)
        self._unsorted: list[tuple[Ints, Ints]] = []

    def slot(self, account: int) -> int:
        """See `Index`."""
        return int(self.slots(np.array([account]))[0])

    def slots(self, accounts: Ints) -> Ints:
        """See `Index`."""
        self._sort()
        if not len(self._accounts):
            return np.full(len(accounts), -1, np.int64)
        places = np.searchsorted(self._accounts, accounts)
        places[places == len(self._accounts)] = 0
        found: Ints = np.where(self._accounts[places] == accounts, self._slots[places], -1)
        return found

    def put(self, accounts: Ints, slots: Ints) -> None:
        """See `Index`. Sorted in when next asked, so that opening many accounts is not slow."""
        self._unsorted.append((accounts, slots))

    def _sort(self) -> None:
        if not self._unsorted:
            return
        parts = [(self._accounts, self._slots), *self._unsorted]
        self._unsorted = []
        accounts, slots = (np.concatenate(column) for column in zip(*parts, strict=True))
        by_account = np.argsort(accounts, kind="stable")
        self._accounts, self._slots = accounts[by_account], slots[by_account]
