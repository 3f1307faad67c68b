# SPDX-License-Identifier: Apache-2.0
"""Accounts and the cells that hold their balances.

A balance belongs to a *cell*: one (account, mark). Balances are liabilities of the
issuer: a credit raises them, a debit lowers them, and the issuer's own account is
the mirror of all money in circulation.
"""

from enum import IntEnum, IntFlag, unique
from typing import Final

from msgspec import Struct

from kerege.ledger.ids import UNMARKED, AccountId, Mark

__all__ = [
    "EMPTY_CELL",
    "MAX_AMOUNT",
    "MAX_BALANCE",
    "Account",
    "Cell",
    "CellKey",
    "Role",
    "Status",
]

MAX_AMOUNT: Final = 10**18 - 1
"""Minor units in one transfer: 18 digits, as ISO 20022 allows in an amount."""

MAX_BALANCE: Final = 4 * 10**18
"""Minor units in one cell, either sign: sums of two balances still fit 64 bits."""

CellKey = tuple[AccountId, Mark]


@unique
class Role(IntEnum):
    """What an account is for, and so how far below zero it may go."""

    HOLDER = 1
    """Someone's money: never below its floor, never above its ceiling."""

    COLLECTOR = 2
    """A holder everyone credits (tax, a popular shop). It has no ceiling, so credits
    to it need no look at its balance and do not wait for each other."""

    CONVERTER = 3
    """Where money changes its mark: below zero in one mark by what it holds in
    others, so its sum over all marks never is."""

    ISSUER = 4
    """Where money comes from and returns to: no floor."""


@unique
class Status(IntFlag):
    """What an account may not do at present."""

    OPEN = 0
    DEBITS_FROZEN = 1
    CREDITS_FROZEN = 2
    CLOSED = 4


class Account(Struct, frozen=True, gc=False):
    """The rules one account lives under. Amounts are minor units of `asset`.

    `floor` is the lowest unmarked balance (at most 0; `None`: no floor, issuers only).
    `ceiling` bounds the sum over all marks, money on its way in counted (`None`: no bound).
    """

    id: AccountId
    asset: str
    role: Role
    floor: int | None = 0
    ceiling: int | None = None
    status: Status = Status.OPEN

    def floor_of(self, mark: Mark) -> int | None:
        """Lowest balance of one mark; only unmarked money can be overdrawn."""
        if self.role in (Role.ISSUER, Role.CONVERTER):
            return None
        return self.floor if mark == UNMARKED else 0


class Cell(Struct, frozen=True, gc=False):
    """The balance of one (account, mark), in minor units.

    `version` counts the transfers that touched the cell and `last_seq` is the newest
    of them: together they are the head of the cell's history.
    """

    balance: int = 0
    debits_pending: int = 0
    credits_pending: int = 0
    version: int = 0
    last_seq: int = 0

    @property
    def available(self) -> int:
        """What can still be spent: pending debits are spoken for."""
        return self.balance - self.debits_pending

    @property
    def holding(self) -> int:
        """What counts towards a ceiling: pending credits may still arrive."""
        return self.balance + self.credits_pending

    @property
    def is_empty(self) -> bool:
        """Nothing here, nothing on its way in or out."""
        return self.balance == self.debits_pending == self.credits_pending == 0


EMPTY_CELL: Final = Cell()
