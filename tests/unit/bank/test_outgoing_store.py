# SPDX-License-Identifier: Apache-2.0
"""Rows of payments on their way, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from kerege.bank import outgoing_store as store
from kerege.bank.answer import Answer, PaymentState
from kerege.bank.money_store import open_money_tables
from kerege.bank.refusal import BankRefusal
from kerege.bank.reserving import Reserve
from kerege.bank.sending import Sending
from kerege.ledger import AccountId
from kerege.payments.verdict import Verdict
from kerege.runtime.tables import Tables
from tests.query_plans import plan_of


def sending(number: int, *, wallet: str = "wal", made_us: int = 5) -> Sending:
    reserve = Reserve(AccountId(1), AccountId(2), 7, 9, BankRefusal.LIMIT_DAY, False)
    return Sending(
        id=f"ord_{number:032x}",
        wallet=wallet,
        customer="cus",
        kind="pay",
        digest=bytes(32),
        text=b"text",
        until_us=99,
        asset="KZT",
        amount=7,
        reserves=(reserve,),
        made_us=made_us,
        sent_us=made_us,
    )


@pytest.fixture(params=["sqlite", "postgres"])
def tables(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tables]:
    url = f"sqlite:///{tmp_path / 'bank.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("pg_url")
    tables = open_money_tables(url)
    yield tables
    tables.close()


def accepted(order: str) -> Answer:
    return Answer(PaymentState.ACCEPTED, Verdict(order, "accepted", amounts=(7,)))


def test_a_payment_is_kept_once(tables: Tables) -> None:
    one, two, three = (sending(n) for n in range(3))
    assert store.keep_new(tables, [one, two], due_us=10) == set()
    assert store.keep_new(tables, [replace(two, amount=1), three], due_us=10) == {two.id}
    assert store.keep_new(tables, [], due_us=10) == set()
    with tables.begin() as connection:
        kept = store.find(connection, [one.id, two.id, three.id, "ord_none"])
    assert [kept[s.id].sending for s in (one, two, three)] == [one, two, three]
    assert kept[one.id].answer is None
    assert kept[one.id].is_open


def test_an_answer_is_kept_once(tables: Tables) -> None:
    one, two = sending(1), sending(2)
    store.keep_new(tables, [one, two], due_us=10)
    with tables.begin() as connection:
        store.resume(connection, [two], sent_us=20, due_us=30)
        store.resume(connection, [], sent_us=20, due_us=30)
        assert store.undecided(connection, {one.id: 1, two.id: 1}) == {one.id}
        assert store.undecided(connection, {one.id: None, two.id: 2}) == {one.id, two.id}
        store.decide(
            connection,
            [(one.id, accepted(one.id), False), (two.id, accepted(two.id), True)],
            now_us=40,
        )
        store.decide(connection, [], now_us=40)
        assert store.undecided(connection, {one.id: None, two.id: None}) == set()
        kept = store.find(connection, [one.id, two.id])
        assert (kept[two.id].sending.tries, kept[two.id].sending.sent_us) == (2, 20)
        assert [kept[s.id].is_open for s in (one, two)] == [False, True]
        assert kept[one.id].answer == accepted(one.id)
        other = Answer(PaymentState.REFUSED, Verdict(one.id, "expired"))
        store.decide(connection, [(one.id, other, False)], now_us=50)
        assert store.find(connection, [one.id])[one.id].answer == accepted(one.id)


def test_what_is_open_is_found_until_it_is_closed(tables: Tables) -> None:
    all_of_them = [sending(number) for number in range(5)]
    store.keep_new(tables, all_of_them[:3], due_us=10)
    store.keep_new(tables, all_of_them[3:], due_us=20)
    with tables.begin() as connection:

        def due(now_us: int | None, after: str = "", limit: int = 9) -> list[int]:
            found = store.due(connection, now_us, limit=limit, after=after)
            return [int(kept.sending.id[4:], 16) for kept in found]

        assert due(9) == []
        assert due(10) == [0, 1, 2]
        assert due(None) == [0, 1, 2, 3, 4]
        assert due(None, after=all_of_them[1].id, limit=2) == [2, 3]
        # What has no answer yet stays open.
        store.close(connection, [all_of_them[0].id])
        store.close(connection, [])
        assert due(10) == [0, 1, 2]
        store.decide(connection, [(s.id, accepted(s.id), True) for s in all_of_them[:2]], now_us=5)
        store.close(connection, [all_of_them[0].id])
        assert due(10) == [1, 2]


def test_a_wallets_payments_newest_first(tables: Tables) -> None:
    mine = [sending(number, made_us=number // 2) for number in range(5)]
    store.keep_new(tables, [*mine, sending(9, wallet="other")], due_us=10)
    with tables.begin() as connection:
        first = store.page(connection, "wal", before=None, limit=3)
        last = first[-1].sending
        rest = store.page(connection, "wal", before=(last.made_us, last.id), limit=3)
    assert [int(k.sending.id[4:], 16) for k in (*first, *rest)] == [4, 3, 2, 1, 0]


@pytest.mark.parametrize("now_us", [None, 7])
def test_what_is_due_is_found_by_when_it_is(tmp_path: Path, now_us: int | None) -> None:
    tables = open_money_tables(f"sqlite:///{tmp_path / 'bank.db'}")
    plan = plan_of(tables, lambda connection: store.due(connection, now_us, limit=9))
    assert "payments_due" in plan[0], plan
    tables.close()
