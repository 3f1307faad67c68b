# SPDX-License-Identifier: Apache-2.0
"""Account changes: what each leaves, and what it refuses."""

import pytest

from kerege.ledger.account import Account, Cell, Role, Status
from kerege.ledger.account_rules import apply_change
from kerege.ledger.book import Book, Draft
from kerege.ledger.ids import UNMARKED, AccountId, Mark
from kerege.ledger.order import (
    AccountChange,
    CloseAccount,
    DeclareAsset,
    OpenAccount,
    SetLimits,
    SetStatus,
)
from kerege.ledger.refusal import Refusal
from kerege.ledger.refused import Refused

ARU = AccountId(1)


def _draft(cell: Cell, *, mark: Mark = UNMARKED, role: Role = Role.HOLDER) -> Draft:
    book = Book(assets={"KZT": 2}, next_account=2)
    floor = None if role is Role.ISSUER else 0
    book.accounts[ARU] = Account(ARU, "KZT", role, floor)
    book.cells[ARU, mark], book.marks[ARU] = cell, frozenset({UNMARKED, mark})
    return Draft(book)


@pytest.mark.parametrize(
    ("cell", "change", "refused"),
    [
        (Cell(), SetLimits(ARU, 0, 0), None),
        (Cell(-40), SetLimits(ARU, -40, None), None),
        (Cell(-40), SetLimits(ARU, -39, 5), Refused(Refusal.FLOOR_ABOVE_BALANCE, -39, -40)),
        (Cell(9, 10), SetLimits(ARU, 0, 5), Refused(Refusal.FLOOR_ABOVE_BALANCE, 0, -1)),
        (Cell(9, 0, 2), SetLimits(ARU, 0, 11), None),
        (Cell(9, 0, 2), SetLimits(ARU, 0, 10), Refused(Refusal.CEILING_BELOW_HOLDING, 10, 11)),
        (Cell(), SetLimits(ARU, None, 5), Refused(Refusal.LIMITS_UNSUITABLE)),
        (Cell(), CloseAccount(ARU), None),
        (Cell(1), CloseAccount(ARU), Refused(Refusal.ACCOUNT_NOT_EMPTY)),
        (Cell(0, 0, 1), CloseAccount(ARU), Refused(Refusal.ACCOUNT_NOT_EMPTY)),
        (Cell(), SetStatus(ARU, Status.DEBITS_FROZEN), None),
        (Cell(), SetStatus(AccountId(9), Status.OPEN), Refused(Refusal.ACCOUNT_UNKNOWN)),
        (Cell(), DeclareAsset("KZT", 2), Refused(Refusal.ASSET_EXISTS)),
        (Cell(), DeclareAsset("XAU-G", 0), None),
        (Cell(), OpenAccount("XAU-G", Role.HOLDER, "o"), Refused(Refusal.ASSET_UNKNOWN)),
    ],
)
def test_a_change_suits_what_is_there(
    cell: Cell, change: AccountChange, refused: Refused | None
) -> None:
    draft = _draft(cell)
    assert apply_change(change, draft) == refused
    assert bool(draft.results) is (refused is None)


@pytest.mark.parametrize("mark", [UNMARKED, Mark(7)])
def test_marked_money_counts_too(mark: Mark) -> None:
    draft = _draft(Cell(9), mark=mark)
    assert apply_change(CloseAccount(ARU), draft) == Refused(Refusal.ACCOUNT_NOT_EMPTY)
    limit = apply_change(SetLimits(ARU, 0, 8), draft)
    assert limit == Refused(Refusal.CEILING_BELOW_HOLDING, 8, 9)


@pytest.mark.parametrize(
    ("role", "floor", "ceiling", "suits"),
    [
        (Role.HOLDER, -5, 9, True),
        (Role.COLLECTOR, 0, None, True),
        (Role.COLLECTOR, -5, None, False),
        (Role.COLLECTOR, 0, 9, False),
        (Role.CONVERTER, 0, None, True),
        (Role.CONVERTER, None, None, False),
        (Role.ISSUER, None, None, True),
        (Role.ISSUER, 0, None, False),
        (Role.ISSUER, None, 9, False),
    ],
)
def test_limits_suit_a_role(
    role: Role, floor: int | None, ceiling: int | None, suits: bool
) -> None:
    refused = apply_change(SetLimits(ARU, floor, ceiling), _draft(Cell(), role=role))
    assert refused == (None if suits else Refused(Refusal.LIMITS_UNSUITABLE))


def test_accounts_are_numbered_in_the_order_they_open() -> None:
    draft = _draft(Cell())
    for _ in range(3):
        assert apply_change(OpenAccount("KZT", Role.HOLDER, "owner"), draft) is None
    assert draft.results == [2, 3, 4]
    assert (draft.next_account, draft.book.next_account) == (5, 2)
    assert [opening.owner for opening in draft.openings] == ["owner"] * 3


def test_a_closed_account_stays_closed() -> None:
    draft = _draft(Cell())
    assert apply_change(SetStatus(ARU, Status.CREDITS_FROZEN), draft) is None
    assert apply_change(CloseAccount(ARU), draft) is None
    for change in (CloseAccount(ARU), SetStatus(ARU, Status.OPEN), SetLimits(ARU, 0, None)):
        assert apply_change(change, draft) == Refused(Refusal.ACCOUNT_CLOSED)
