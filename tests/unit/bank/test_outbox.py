# SPDX-License-Identifier: Apache-2.0
"""Notices reach their customer once, in order, and only if what they tell of was committed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.bank import outbox as module
from kerege.bank.notices import CONCERNED, Notice, concerned_key
from kerege.bank.outbox import MAX_OF_ONE, News
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


def _papers(desk: Desk, wallet: str, by: str, count: int, *, first: int = 0, **more: str) -> None:
    notices = [
        Notice(
            key=f"{concerned_key(by)}{number}",
            kind=CONCERNED,
            wallet=wallet,
            order=f"ord_{number}",
            at_us=1,
            counterparty=by,
            **more,  # type: ignore[arg-type]
        )
        for number in range(first, first + count)
    ]
    with desk.tables.begin() as connection:
        desk.outbox.tell(connection, notices)


def test_a_flood_of_papers_of_one_signer_ends(desk: Desk) -> None:
    customer = desk.customer()
    wallet = desk.wallet(customer)
    _papers(desk, wallet, "wal_flood", MAX_OF_ONE - 1)
    _papers(desk, wallet, "wal_flood", 20, first=MAX_OF_ONE)
    _papers(desk, wallet, "wal_honest", 1, first=1_000)
    desk.tell(wallet, key="moved:1")
    told = desk.outbox.after(customer, 0)
    assert len(told) == MAX_OF_ONE + 2
    assert {one.kind for one in told[-2:]} == {CONCERNED, "moved"}
    # Another day, another fifty.
    desk.clock.advance_us(25 * 3600 * 1_000_000)
    _papers(desk, wallet, "wal_flood", 1, first=2_000)
    assert len(desk.outbox.after(customer, 0)) == MAX_OF_ONE + 3


def test_who_inspects_hears_of_everything(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_OF_ONE", 2)
    customer = desk.customer()
    _papers(desk, desk.wallet(customer), "wal_source", 5, role="inspector")
    assert len(desk.outbox.after(customer, 0)) == 5
