# SPDX-License-Identifier: Apache-2.0
"""Accounts and cells as rows of integers, and back."""

import pytest

from kerege.ledger.account import MAX_BALANCE, Account, Cell, Role, Status
from kerege.ledger.ids import MAX_ACCOUNT_ID, AccountId
from kerege.ledger.state import COLUMNS, account_of_row, cell_of_row, row_of

ASSETS = [f"A{number:02}" for number in range(300)]


@pytest.mark.parametrize("has_marks", [False, True])
@pytest.mark.parametrize("number", [0, 1, 299])
@pytest.mark.parametrize(
    ("role", "floor", "ceiling"),
    [
        (Role.HOLDER, -MAX_BALANCE, MAX_BALANCE),
        (Role.HOLDER, 0, 0),
        (Role.COLLECTOR, 0, None),
        (Role.ISSUER, None, None),
    ],
)
def test_a_row_tells_account_and_cell(
    role: Role, floor: int | None, ceiling: int | None, number: int, has_marks: bool
) -> None:
    for bits in (*range(4), Status.CLOSED):
        account_id = AccountId(MAX_ACCOUNT_ID)
        account = Account(account_id, ASSETS[number], role, floor, ceiling, Status(bits))
        cell = Cell(-MAX_BALANCE, 1, 2, 3, 4)
        row = row_of(account, number, cell, has_marks=has_marks)
        assert len(row) == COLUMNS
        assert account_of_row(account_id, row, ASSETS) == account
        assert cell_of_row(row) == cell
