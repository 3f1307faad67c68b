# SPDX-License-Identifier: Apache-2.0
"""A view answers as the ledger did at one instant, whatever its writer does meanwhile."""

import threading
from pathlib import Path

import pytest

from kerege.ledger.errors import SchemaTooNew, StoreFailed
from kerege.ledger.ids import UNMARKED, AccountId, Mark
from kerege.ledger.ledger import Ledger
from kerege.ledger.order import Order
from kerege.ledger.stores.sqlite_files import open_connection
from kerege.ledger.stores.sqlite_view import SqliteView
from tests.exports import audit_bytes, export_of, make_busy
from tests.ledgers import World, move, order_id


def test_a_view_answers_as_the_ledger(world: World) -> None:
    decided = make_busy(world)
    view = SqliteView(world.path)
    seen = Ledger(view, world.clock.now_us)
    for order in decided:
        assert seen.outcome(order.id) == world.ledger.outcome(order.id)
        assert seen.accepted(order.id) == world.ledger.accepted(order.id)
    everyone = [AccountId(number) for number in range(1, 6)]
    assert seen.marked(everyone) == world.ledger.marked(everyone) != {}
    assert seen.holders(Mark(7)) == world.ledger.holders(Mark(7)) != []
    for account in everyone:
        assert seen.account(account) == world.ledger.account(account)
        assert seen.cells(account) == world.ledger.cells(account)
        for mark in (UNMARKED, Mark(7), Mark(9)):
            key = (account, mark)
            assert seen.statement(key) == world.ledger.statement(key)
            page = world.ledger.statement(key, limit=3)
            if page:
                cursor = page[-1].seq
                assert seen.statement(key, before_seq=cursor) == world.ledger.statement(
                    key, before_seq=cursor
                )
            at_us = 1_800_000_000_000_000
            assert seen.cell_at(key, at_us=at_us) == world.ledger.cell_at(key, at_us=at_us)
    assert view.assets() == world.store.assets()
    assert export_of(view) == export_of(world.store)
    view.close()


def test_a_view_stays_at_its_instant(world: World) -> None:
    make_busy(world)
    before = export_of(world.store)
    view = SqliteView(world.path)
    outcome = world.must(move(1, 2, 5))
    world.reopen()
    assert export_of(view) == before
    assert view.outcome(outcome.order_id) is None
    view.close()
    again = SqliteView(world.path)
    assert again.outcome(outcome.order_id) is not None
    again.close()


def test_views_opened_while_orders_are_posted_add_up(world: World) -> None:
    shop, stop = world.collector(), threading.Event()

    def post_on() -> None:
        number = 10_000
        while not stop.is_set():
            orders = [Order(order_id(number + n), (move(1, shop, 1, n % 2),)) for n in range(50)]
            world.ledger.post(orders)
            number += 50

    poster = threading.Thread(target=post_on)
    poster.start()
    try:
        for _ in range(12):
            view = SqliteView(world.path)
            audit_bytes(export_of(view))
            view.close()
    finally:
        stop.set()
        poster.join()


def test_a_view_takes_no_orders(world: World) -> None:
    view = SqliteView(world.path)
    with pytest.raises(StoreFailed, match="for reading"):
        Ledger(view, world.clock.now_us).post([world.order(move(1, 2, 3))])
    view.close()


def test_what_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="no such ledger"):
        SqliteView(tmp_path / "missing")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StoreFailed, match="no such ledger"):
        SqliteView(tmp_path)
    for content in (b"", b"hello", b"SQLite format 3\0" + bytes(500)):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(StoreFailed):
            SqliteView(tmp_path / "file")


def test_a_ledger_of_the_future(world: World) -> None:
    world.ledger.close()
    connection = open_connection(world.path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(SchemaTooNew):
        SqliteView(world.path)
