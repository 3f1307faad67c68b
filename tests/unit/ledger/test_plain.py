# SPDX-License-Identifier: Apache-2.0
"""Which plain transfers are surely accepted: limits, contention, hubs."""

import numpy as np
import pytest

from kerege.ledger.account import MAX_BALANCE, Account, Cell, Role, Status
from kerege.ledger.ids import AccountId
from kerege.ledger.plain import Plain, surely_accepted
from kerege.ledger.state import row_of

ISSUER, RICH, POOR, LIMITED, SHOP, FROZEN, GOLD = range(7)
ACCOUNTS = [
    (Account(AccountId(1), "KZT", Role.ISSUER, None), 0, Cell(-1000)),
    (Account(AccountId(2), "KZT", Role.HOLDER), 0, Cell(500)),
    (Account(AccountId(3), "KZT", Role.HOLDER), 0, Cell(50, debits_pending=40)),
    (Account(AccountId(4), "KZT", Role.HOLDER, 0, 60), 0, Cell(10, credits_pending=20)),
    (Account(AccountId(5), "KZT", Role.COLLECTOR), 0, Cell(0)),
    (Account(AccountId(6), "KZT", Role.HOLDER, status=Status.DEBITS_FROZEN), 0, Cell(99)),
    (Account(AccountId(7), "XAU-G", Role.HOLDER), 1, Cell(99)),
]
STATE = np.array([row_of(a, n, c, has_marks=False) for a, n, c in ACCOUNTS], np.int64)


def _sure(*transfers: tuple[int, int, int], watched: tuple[int, ...] = ()) -> list[bool]:
    debit, credit, amount = np.array(transfers, np.int64).T
    watching = np.isin(np.arange(len(STATE)), watched)
    plain = Plain(debit, credit, amount, np.zeros_like(amount))
    return [bool(sure) for sure in surely_accepted(plain, STATE, watching)]


@pytest.mark.parametrize(
    ("transfer", "sure"),
    [
        ((RICH, SHOP, 500), True),
        ((RICH, SHOP, 501), False),
        ((POOR, SHOP, 10), True),
        ((POOR, SHOP, 11), False),
        ((ISSUER, LIMITED, 30), True),
        ((ISSUER, LIMITED, 31), False),
        ((ISSUER, SHOP, 10**17), True),
        ((FROZEN, SHOP, 1), False),
        ((RICH, FROZEN, 1), True),
        ((RICH, GOLD, 1), False),
        ((RICH, RICH, 1), False),
        ((RICH, SHOP, 0), False),
        ((RICH, SHOP, -1), False),
    ],
)
def test_one_transfer_is_sure_where_its_limits_hold(
    transfer: tuple[int, int, int], sure: bool
) -> None:
    assert _sure(transfer) == [sure]


def test_who_runs_dry_draws_in_those_it_pays_but_not_a_hub() -> None:
    assert _sure((POOR, SHOP, 8), (POOR, SHOP, 8), (RICH, SHOP, 5)) == [False, False, True]
    assert _sure((POOR, RICH, 11), (RICH, SHOP, 5)) == [False, False]


def test_an_account_that_others_look_at_is_left_to_the_rules() -> None:
    assert _sure((RICH, SHOP, 5), (ISSUER, POOR, 5), watched=(SHOP,)) == [False, True]


def test_a_forbidden_transfer_to_a_watched_account_may_yet_be_let_through() -> None:
    assert _sure((RICH, FROZEN, 1), (POOR, SHOP, 1), watched=(FROZEN,)) == [False, True]
    assert _sure((FROZEN, RICH, 1), (RICH, SHOP, 5), watched=(FROZEN,)) == [False, False]


def test_sums_that_might_not_fit_are_left_to_the_rules() -> None:
    many = [(ISSUER, SHOP, 10**18 - 1)] * 3
    assert sum(amount for _, _, amount in many) > MAX_BALANCE / 2
    assert _sure(*many) == [False] * 3
