# SPDX-License-Identifier: Apache-2.0
"""Which simple orders are surely accepted: limits, contention, hubs, converters."""

import numpy as np
import pytest

from kerege.ledger.account import MAX_BALANCE, Account, Cell, Role, Status
from kerege.ledger.ids import AccountId, Mark
from kerege.ledger.loaded import Loaded
from kerege.ledger.order import Expectation, Kind, Order, PendingRef, SetStatus, Step, Terms
from kerege.ledger.state import row_of
from kerege.ledger.step_columns import StepColumns
from kerege.ledger.sure import SimpleSteps, leaned_on, surely_accepted
from tests.ledgers import move, order_id, resolve

ISSUER, RICH, POOR, LIMITED, SHOP, FROZEN, GOLD, PUPIL, CONVERTER = range(9)
ACCOUNTS = [
    (Account(AccountId(1), "KZT", Role.ISSUER, None), 0, Cell(-1000)),
    (Account(AccountId(2), "KZT", Role.HOLDER), 0, Cell(500)),
    (Account(AccountId(3), "KZT", Role.HOLDER), 0, Cell(50, debits_pending=40)),
    (Account(AccountId(4), "KZT", Role.HOLDER, 0, 60), 0, Cell(10, credits_pending=20)),
    (Account(AccountId(5), "KZT", Role.COLLECTOR), 0, Cell(0)),
    (Account(AccountId(6), "KZT", Role.HOLDER, status=Status.DEBITS_FROZEN), 0, Cell(99)),
    (Account(AccountId(7), "XAU-G", Role.HOLDER), 1, Cell(99)),
    (Account(AccountId(8), "KZT", Role.HOLDER, -5, 100), 0, Cell(10)),
    (Account(AccountId(9), "KZT", Role.CONVERTER), 0, Cell(30)),
]
MEALS, ROADS = 1, 2
MARKED = {
    (AccountId(8), Mark(MEALS)): Cell(40, debits_pending=5),
    (AccountId(9), Mark(MEALS)): Cell(-30),
}
STATE = np.array([row_of(a, n, c, has_marks=False) for a, n, c in ACCOUNTS], np.int64)

_Step = tuple[int, ...]
"""Debit, credit, amount; then the mark, and how long it is reserved."""


def _sure_orders(*orders: list[_Step], watched: tuple[int, ...] = ()) -> list[bool]:
    rows = [
        (n, debit, credit, *(more or (0,))[:1], amount, 0, *(more[1:] or (0,)))
        for n, order in enumerate(orders)
        for debit, credit, amount, *more in order
    ]
    columns = np.array(rows, np.int64).T
    loaded = Loaded(
        accounts=np.arange(1, len(STATE) + 1),
        state=STATE,
        marked=MARKED,
        pendings={},
        known={},
        assets=[("KZT", 2), ("XAU-G", 4)],
        next_account=len(STATE) + 1,
    )
    watching = np.isin(np.arange(len(STATE)), watched)
    batch = SimpleSteps.among(StepColumns(*columns), loaded)
    return [bool(sure) for sure in surely_accepted(batch, STATE, watching)]


def _sure(*transfers: _Step, watched: tuple[int, ...] = ()) -> list[bool]:
    return _sure_orders(*([transfer] for transfer in transfers), watched=watched)


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
@pytest.mark.usefixtures("_with_and_without_marks")
def test_one_transfer_is_sure_where_its_limits_hold(
    transfer: tuple[int, int, int], sure: bool
) -> None:
    assert _sure(transfer) == [sure]


@pytest.fixture(params=["some have marked money", "nobody has"])
def _with_and_without_marks(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if request.param == "nobody has":
        monkeypatch.setattr(f"{__name__}.MARKED", {})


@pytest.mark.usefixtures("_with_and_without_marks")
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


@pytest.mark.parametrize(
    ("steps", "sure"),
    [
        ([(PUPIL, SHOP, 15)], True),
        ([(PUPIL, SHOP, 16)], False),
        ([(PUPIL, SHOP, 35, MEALS)], True),
        ([(PUPIL, SHOP, 36, MEALS)], False),
        ([(PUPIL, SHOP, 1, ROADS)], False),
        ([(ISSUER, PUPIL, 50)], True),
        ([(ISSUER, PUPIL, 51)], False),
        ([(ISSUER, PUPIL, 50, ROADS)], True),
        ([(ISSUER, RICH, 5, ROADS), (RICH, SHOP, 5, ROADS)], True),
        ([(ISSUER, RICH, 5, ROADS), (RICH, SHOP, 6, ROADS)], False),
        ([(ISSUER, RICH, 5, ROADS), (RICH, SHOP, 5, MEALS)], False),
        ([(ISSUER, PUPIL, 51, ROADS)], False),
        ([(PUPIL, SHOP, 5), (ISSUER, PUPIL, 55)], True),
        ([(ISSUER, PUPIL, 51), (PUPIL, SHOP, 1)], False),
        ([(ISSUER, PUPIL, 50), (PUPIL, SHOP, 65)], True),
        ([(RICH, SHOP, 500), (SHOP, POOR, 501)], False),
        ([(RICH, SHOP, 500), (SHOP, POOR, 500)], True),
        ([(RICH, SHOP, 5), (FROZEN, SHOP, 1)], False),
        ([(RICH, SHOP, 300, 0, 60), (RICH, POOR, 200)], True),
        ([(RICH, SHOP, 300, 0, 60), (RICH, POOR, 201)], False),
        ([(RICH, SHOP, 300, 0, 60), (SHOP, POOR, 1)], False),
        ([(ISSUER, PUPIL, 51, 0, 60)], False),
        ([(PUPIL, SHOP, 5, 0, 60), (ISSUER, PUPIL, 51)], False),
        ([(RICH, SHOP, 1, 0, -1)], False),
        ([(RICH, SHOP, 1, -1)], False),
        ([(RICH, SHOP, 1, 2**31)], False),
        ([(ISSUER, SHOP, 1, -1)], False),
        ([(ISSUER, SHOP, 1, 2**31)], False),
        ([(PUPIL, CONVERTER, 35, MEALS)], True),
        ([(PUPIL, CONVERTER, 36, MEALS)], False),
        ([(RICH, SHOP, 300, 0, 1), (SHOP, POOR, 1)], False),
    ],
)
def test_an_order_is_sure_where_each_step_s_limits_hold(steps: list[_Step], sure: bool) -> None:
    assert _sure_orders(steps) == [sure]


def _spent(amount: int) -> list[_Step]:
    return [(PUPIL, CONVERTER, amount, MEALS), (CONVERTER, SHOP, amount)]


def test_marked_money_that_changes_its_mark_does_not_contend_for_the_converter() -> None:
    assert _sure_orders(_spent(10), _spent(20)) == [True, True]
    poor: list[_Step] = [(POOR, CONVERTER, 11), (CONVERTER, SHOP, 11)]
    assert _sure_orders(poor, _spent(10)) == [False, True]


def test_a_converter_that_an_order_leans_on_is_left_to_the_rules() -> None:
    leaning: list[_Step] = [(CONVERTER, SHOP, 10), (PUPIL, CONVERTER, 10, MEALS)]
    assert _sure_orders(leaning, _spent(10)) == [False, False]
    for seconds, taken in ((60, 9), (60, 1), (1, 9)):
        reserving: list[_Step] = [
            (PUPIL, CONVERTER, 9, MEALS, seconds),
            (CONVERTER, SHOP, taken),
        ]
        assert _sure_orders(reserving, [(RICH, POOR, 5)]) == [False, True]


def test_a_step_that_is_not_sure_keeps_its_order_and_what_that_touches_from_being_sure() -> None:
    mixed: list[_Step] = [(RICH, SHOP, 5), (POOR, LIMITED, 11)]
    assert _sure_orders(mixed, [(RICH, SHOP, 1)], [(PUPIL, SHOP, 1)]) == [False, False, True]


def test_where_nobody_has_marked_money_it_is_not_taken_from_the_unmarked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for key in list(MARKED):
        monkeypatch.delitem(MARKED, key)
    assert _sure_orders([(RICH, SHOP, 1, ROADS)], [(ISSUER, SHOP, 1, ROADS)]) == [False, True]


def test_sums_of_many_marks_that_might_not_fit_are_left_to_the_rules(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(MARKED, (AccountId(9), Mark(ROADS)), Cell(-MAX_BALANCE // 4))
    assert _sure_orders(_spent(10)) == [False]


REF = PendingRef(order_id(1), 0)


@pytest.mark.parametrize(
    ("steps", "leaned"),
    [
        ((move(2, 9, 5), move(9, 5, 5)), {2}),
        ((move(2, 9, 5), move(9, 5, 6)), {2, 9}),
        ((move(2, 9, 5, kind=Kind.PENDING, timeout_s=9), move(9, 5, 5)), {2, 9}),
        ((move(2, 9, 5), move(9, 5, 5, kind=Kind.PENDING, timeout_s=9)), {2}),
        ((move(2, 9, 5), move(9, 5, 1, kind=Kind.POST_UP_TO)), {2, 9}),
        ((resolve(move(2, 9, 5), REF, Kind.CAPTURE, 5), move(9, 5, 5)), set()),
        ((resolve(move(2, 9, 5), REF, Kind.VOID, 0), move(9, 5, 5)), {9}),
        ((SetStatus(AccountId(9), Status.OPEN),), {9}),
    ],
)
def test_an_order_leans_on_what_it_takes_without_having_brought_it(
    steps: tuple[Step, ...], leaned: set[int]
) -> None:
    assert leaned_on(Order(order_id(2), steps)) == leaned
    looking = Terms(expects=(Expectation(AccountId(7), balance=3),))
    assert leaned_on(Order(order_id(2), steps, looking)) == {7, *leaned}
