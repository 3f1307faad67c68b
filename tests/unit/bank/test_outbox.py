# SPDX-License-Identifier: Apache-2.0
"""Notices reach their customer once, in order, and only if what they tell of was committed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.bank.outbox import News
from kerege.errors import KeregeError
from tests.desks import Desk


@pytest.fixture(params=["sqlite", "postgres"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    where = tmp_path if request.param == "sqlite" else request.getfixturevalue("pg_url")
    made = Desk(where)
    yield made
    made.close()


def test_an_owner_is_told_once(desk: Desk) -> None:
    customer = desk.customer()
    wallet = desk.wallet(customer)
    for _ in range(2):
        desk.tell(wallet, key="moved:1", change=120)
    [told] = desk.outbox.after(customer, 0)
    assert (told.kind, told.wallet) == ("moved", wallet)
    assert told.data == {"order": "ord_1", "asset": "KZT", "change": 120}


def test_nobody_else_is_told(desk: Desk) -> None:
    owner, other = desk.customer(), desk.customer()
    desk.tell(desk.wallet(owner), key="1")
    assert desk.outbox.after(other, 0) == []


def test_a_wallet_kept_elsewhere_is_passed_over(desk: Desk) -> None:
    desk.tell("wal_" + "0" * 32, key="1")


def test_cursors_go_on(desk: Desk) -> None:
    customer = desk.customer()
    wallet = desk.wallet(customer)
    for number in range(5):
        desk.tell(wallet, key=str(number), change=number + 1)
    first = desk.outbox.after(customer, 0, limit=2)
    rest = desk.outbox.after(customer, first[-1].id)
    assert [each.data["change"] for each in first + rest] == [1, 2, 3, 4, 5]


def test_what_is_rolled_back_is_not_told(desk: Desk) -> None:
    customer = desk.customer()
    news = News(key="1", customer=customer, kind="opened")

    def fail() -> None:
        with desk.tables.begin() as connection:
            desk.outbox.tell_customers(connection, [news])
            raise KeregeError("the rest did not work")

    with pytest.raises(KeregeError):
        fail()
    assert desk.outbox.after(customer, 0) == []


def test_news_of_ones_own_ring_the_bell(desk: Desk) -> None:
    customer = desk.customer()
    desk.outbox.tell_now(News(key="1", customer=customer, kind="opened", data={"a": 1}))
    assert desk.rings == 1
    assert desk.outbox.after(customer, 0)[0].data == {"a": 1}
