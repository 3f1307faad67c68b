# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from kerege.ledger.account import MAX_BALANCE, Cell, Role
from kerege.ledger.ids import AccountId
from kerege.ledger.ledger import Ledger
from kerege.ledger.order import (
    CloseAccount,
    DeclareAsset,
    Expectation,
    OpenAccount,
    Order,
    Terms,
    Transfer,
)
from kerege.ledger.request import Request
from kerege.ledger.stores.postgres import PostgresStore
from kerege.ledger.stores.postgres_stripes import (
    STRIPE_BOUND,
    STRIPES,
    StripedAccounts,
    sum_of_stripes,
)
from tests.ledgers import move, order_id

ISSUER, HOLDER, TAX, SHOP = (AccountId(number) for number in range(1, 5))


@pytest.fixture
def striped(pg_url: str) -> StripedAccounts:
    store = PostgresStore(pg_url, place="here")
    openings = (
        OpenAccount("KZT", Role.ISSUER, "issuer", floor=None),
        OpenAccount("KZT", Role.HOLDER, "holder"),
        OpenAccount("KZT", Role.COLLECTOR, "tax"),
        OpenAccount("KZT", Role.COLLECTOR, "shop"),
    )
    Ledger(store, lambda: 1).post([Order(order_id(1), (DeclareAsset("KZT", 2), *openings))])
    striped = StripedAccounts()
    with store._connections.use() as connection:
        striped.learn(connection, np.array([HOLDER, TAX, 77]))
    store.close()
    return striped


def test_roles_are_learnt_for_all_accounts_there_are(striped: StripedAccounts) -> None:
    found = striped.among(np.array([ISSUER, HOLDER, TAX, SHOP, 77]))
    assert found.tolist() == [ISSUER, TAX, SHOP]


@pytest.mark.parametrize(
    ("order", "whole"),
    [
        (Order(order_id(2), (move(ISSUER, TAX, 5),)), []),
        (Order(order_id(2), (move(HOLDER, TAX, 5), move(SHOP, ISSUER, 5))), [SHOP]),
        (Order(order_id(2), (move(HOLDER, SHOP, 5, mark=3), move(TAX, SHOP, 5))), [TAX]),
        (Order(order_id(2), (CloseAccount(ISSUER),)), [ISSUER]),
        (Order(order_id(2), (move(HOLDER, TAX, 1),), Terms(expects=(Expectation(TAX),))), [TAX]),
        (Order(order_id(2), (Transfer("x", 2**70, 1), move(HOLDER, TAX, 1))), []),  # type: ignore[arg-type]
    ],
)
def test_only_what_an_order_needs_to_see_is_locked_whole(
    striped: StripedAccounts, order: Order, whole: list[int]
) -> None:
    assert striped.needed_whole(Request.of_orders([order])).tolist() == whole


def test_stripes_within_their_bound_cannot_reach_the_limit_of_a_balance() -> None:
    full = [Cell(balance=STRIPE_BOUND, debits_pending=STRIPE_BOUND)] * STRIPES
    assert sum_of_stripes(full).balance * 2 <= MAX_BALANCE
    assert sum_of_stripes([]) == Cell()
