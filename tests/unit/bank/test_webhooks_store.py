# SPDX-License-Identifier: Apache-2.0
"""Statements of webhooks: what is due is claimed once, what was given up is listed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.bank import webhooks_store as store
from kerege.bank.desk_store import open_desk_tables
from kerege.bank.webhooks_store import Delivery, Webhook
from kerege.runtime.tables import Tables
from tests.query_plans import plan_of

HOOK = Webhook(
    id="hook_1",
    customer="c",
    url="https://a.example/",
    kinds=("moved",),
    made_us=1,
    cursor=0,
    paused=False,
)


def delivery(notice: int, *, next_us: int = 0, dead: bool = False) -> Delivery:
    return Delivery(webhook="hook_1", notice=notice, tries=0, next_us=next_us, dead=dead)


@pytest.fixture(params=["sqlite", "postgres"])
def tables(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tables]:
    url = f"sqlite:///{tmp_path}/bank.db"
    made = open_desk_tables(url if request.param == "sqlite" else request.getfixturevalue("pg_url"))
    with made.begin() as connection:
        store.insert_webhook(connection, HOOK)
    yield made
    made.close()


def test_a_webhook_is_found_as_it_was_added(tables: Tables) -> None:
    with tables.read() as connection:
        assert store.find_webhook(connection, "hook_1") == HOOK
        assert store.webhooks_of(connection, "c") == [HOOK]
        assert store.count_of_customer(connection, "c") == 1
        assert store.find_webhook(connection, "hook_2") is None


def test_what_is_due_is_claimed_once(tables: Tables) -> None:
    with tables.begin() as connection:
        store.insert_deliveries(connection, [delivery(1), delivery(2, next_us=99)])
    with tables.begin() as connection:
        [(claimed, url)] = store.claim_due(connection, now_us=10, until_us=70, limit=9)
    assert (claimed.notice, url) == (1, HOOK.url)
    with tables.begin() as connection:
        assert store.claim_due(connection, now_us=10, until_us=70, limit=9) == []
        assert len(store.claim_due(connection, now_us=70, until_us=170, limit=9)) == 1


def test_a_paused_webhook_waits(tables: Tables) -> None:
    with tables.begin() as connection:
        store.insert_deliveries(connection, [delivery(1)])
        store.set_paused(connection, "hook_1", paused=True)
        assert store.claim_due(connection, now_us=10, until_us=70, limit=9) == []


def test_dead_ones_are_listed_and_forgotten(tables: Tables) -> None:
    with tables.begin() as connection:
        store.insert_deliveries(connection, [delivery(1, dead=True, next_us=5), delivery(2)])
        assert [each.notice for each in store.dead_of(connection, "hook_1", limit=9)] == [1]
        assert store.waiting_by_webhook(connection) == {"hook_1": 1}
        store.delete_old_dead(connection, before_us=6)
        assert store.dead_of(connection, "hook_1", limit=9) == []


def test_removing_takes_deliveries_along(tables: Tables) -> None:
    with tables.begin() as connection:
        store.insert_deliveries(connection, [delivery(1)])
        store.delete_webhook(connection, "hook_1")
        assert store.waiting_by_webhook(connection) == {}


def test_deliveries_change_and_go(tables: Tables) -> None:
    with tables.begin() as connection:
        store.insert_deliveries(connection, [delivery(1)])
        failed = Delivery(webhook="hook_1", notice=1, tries=3, next_us=9, dead=True, fault="x")
        store.update_delivery(connection, failed)
        assert store.dead_of(connection, "hook_1", limit=9) == [failed]
        store.delete_delivery(connection, "hook_1", 1)
        assert store.dead_of(connection, "hook_1", limit=9) == []
        store.set_cursors(connection, {"hook_1": 7})
        found = store.find_webhook(connection, "hook_1")
        assert found is not None
        assert found.cursor == 7


def test_notices_are_looked_at_only_where_a_webhook_wants_them(tmp_path: Path) -> None:
    tables = open_desk_tables(f"sqlite:///{tmp_path}/bank.db")
    plan = plan_of(tables, lambda connection: store.has_work(connection, now_us=5))
    notices = [step for step in plan if "notices" in step]
    assert notices
    assert all("notices_of_customer" in step for step in notices), plan
    tables.close()
