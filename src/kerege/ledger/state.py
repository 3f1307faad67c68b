# SPDX-License-Identifier: Apache-2.0
"""Unmarked cells with their accounts' rules as rows of integers, one cache line each.

The columnar form of `Account` and `Cell`: a store loads a batch's accounts as one
matrix, the columnar rules work on it, and `Book`s are made of those rows that need the
rules proper.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerege.ledger.account import Account, Cell, Role, Status
from kerege.ledger.ids import AccountId

__all__ = [
    "ABSENT",
    "ASSET_SHIFT",
    "BALANCE",
    "CEILING",
    "COLUMNS",
    "CREDITS_PENDING",
    "DEBITS_PENDING",
    "FLAGS",
    "FLOOR",
    "HAS_MARKS",
    "LAST_SEQ",
    "NO_CEILING",
    "NO_FLOOR",
    "ROLE_MASK",
    "ROLE_SHIFT",
    "VERSION",
    "Ints",
    "account_of_row",
    "cell_of_row",
    "flags_of",
    "row_of",
]

Ints = NDArray[np.int64]

BALANCE, DEBITS_PENDING, CREDITS_PENDING, FLOOR, CEILING, FLAGS, VERSION, LAST_SEQ = range(8)
COLUMNS: Final = 8
"""Eight 64-bit integers are one cache line: a random account costs one memory access."""

NO_FLOOR: Final = -(2**63)
NO_CEILING: Final = 2**63 - 1

ABSENT: Final = 8
"""Flag of a row whose account does not exist."""

HAS_MARKS: Final = 16
"""Flag of an account that has, or had, marked money."""

ROLE_SHIFT: Final = 8
ASSET_SHIFT: Final = 16
_STATUS_MASK: Final = 7
ROLE_MASK: Final = 255


# Looked up: calling an enumeration takes ten times as long.
_ROLES: Final = {int(role): role for role in Role}
_STATUSES: Final = tuple(Status(flags) for flags in range(_STATUS_MASK + 1))


def flags_of(account: Account, asset_number: int, *, has_marks: bool = False) -> int:
    """Status, role and asset of an account packed into one integer."""
    marks = HAS_MARKS if has_marks else 0
    # As plain integers: the operators of enumerations take ten times as long.
    status, role = int(account.status), int(account.role)
    return status | marks | role << ROLE_SHIFT | asset_number << ASSET_SHIFT


def row_of(account: Account, asset_number: int, cell: Cell, *, has_marks: bool) -> list[int]:
    """The row of an account and its unmarked cell."""
    return [
        cell.balance,
        cell.debits_pending,
        cell.credits_pending,
        NO_FLOOR if account.floor is None else account.floor,
        NO_CEILING if account.ceiling is None else account.ceiling,
        flags_of(account, asset_number, has_marks=has_marks),
        cell.version,
        cell.last_seq,
    ]


def account_of_row(account_id: int, row: Sequence[int], assets: Sequence[str]) -> Account:
    """Inverse of `row_of`, the account's part; `assets` are the codes by number."""
    flags = row[FLAGS]
    return Account(
        id=AccountId(account_id),
        asset=assets[flags >> ASSET_SHIFT],
        role=_ROLES[flags >> ROLE_SHIFT & ROLE_MASK],
        floor=None if row[FLOOR] == NO_FLOOR else row[FLOOR],
        ceiling=None if row[CEILING] == NO_CEILING else row[CEILING],
        status=_STATUSES[flags & _STATUS_MASK],
    )


def cell_of_row(row: Sequence[int]) -> Cell:
    """Inverse of `row_of`, the cell's part."""
    balance, debits_pending, credits_pending, _, _, _, version, last_seq = row
    return Cell(balance, debits_pending, credits_pending, version, last_seq)
