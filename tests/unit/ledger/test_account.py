# SPDX-License-Identifier: Apache-2.0
"""Floors by role and mark; what a cell can spend and what it holds."""

import pytest

from kerege.ledger.account import EMPTY_CELL, MAX_AMOUNT, MAX_BALANCE, Account, Cell, Role
from kerege.ledger.ids import AccountId, Mark


@pytest.mark.parametrize(
    ("role", "floor", "mark", "lowest"),
    [
        (Role.HOLDER, 0, 0, 0),
        (Role.HOLDER, -50, 0, -50),
        (Role.HOLDER, -50, 7, 0),
        (Role.COLLECTOR, 0, 7, 0),
        (Role.CONVERTER, 0, 0, None),
        (Role.CONVERTER, 0, 7, None),
        (Role.ISSUER, None, 0, None),
        (Role.ISSUER, None, 7, None),
    ],
)
def test_only_unmarked_money_can_be_overdrawn(
    role: Role, floor: int | None, mark: int, lowest: int | None
) -> None:
    account = Account(AccountId(1), "KZT", role, floor)
    assert account.floor_of(Mark(mark)) == lowest


def test_what_is_reserved_is_spoken_for() -> None:
    cell = Cell(balance=100, debits_pending=30, credits_pending=7)
    assert (cell.available, cell.holding) == (70, 107)


@pytest.mark.parametrize(
    ("cell", "empty"),
    [
        (EMPTY_CELL, True),
        (Cell(version=9, last_seq=5), True),
        (Cell(balance=1), False),
        (Cell(debits_pending=1), False),
        (Cell(credits_pending=1), False),
        (Cell(balance=1, debits_pending=1, credits_pending=1), False),
    ],
)
def test_an_empty_cell_has_nothing_in_it_or_on_its_way(cell: Cell, empty: bool) -> None:
    assert cell.is_empty is empty


def test_two_balances_and_an_amount_fit_64_bits() -> None:
    assert 2 * MAX_BALANCE + MAX_AMOUNT < 2**63
