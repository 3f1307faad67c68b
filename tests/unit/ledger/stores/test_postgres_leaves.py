# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from kerege.ledger.order import Transfer
from kerege.ledger.request import Request
from kerege.ledger.stores.interface import Retry
from kerege.ledger.stores.postgres_leaves import all_leaves_assigned, assign_leaves, count_leaves
from tests.unit.ledger.stores.postgres_world import ARU, BEK, ISSUER, TAX, World


@pytest.fixture
def world(pg_url: str) -> Iterator[World]:
    world = World(pg_url)
    yield world
    world.store.close()


def test_leaves_follow_batches_and_are_given_once(world: World) -> None:
    with world.connections.use() as connection:
        assert count_leaves(connection) == 0
        assign_leaves(connection)
        assert count_leaves(connection) == 2
        world.post(Transfer(ARU, BEK, 1))
        assign_leaves(connection)
        assign_leaves(connection)
        rows = connection.execute("SELECT first_leaf FROM batches ORDER BY batch").fetchall()
    assert rows == [(0,), (1,), (2,)]


def test_a_batch_that_has_its_number_but_is_not_committed_is_waited_for(world: World) -> None:
    slow = world.order(Transfer(ARU, BEK, 1))
    with world.connections.use() as connection, world.store.session() as session:
        session.load(Request.of_orders([slow]))
        session.number(0)
        with pytest.raises(Retry), world.connections.use() as impatient:
            assign_leaves(impatient)
    with world.connections.use() as connection:
        assign_leaves(connection)
        assert count_leaves(connection) == 2


def test_nobody_commits_while_leaves_are_given_out(world: World) -> None:
    with ThreadPoolExecutor(1) as pool:
        with world.connections.use() as connection, all_leaves_assigned(connection):
            waiting = pool.submit(world.post, Transfer(ARU, BEK, 1))
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.2)
        waiting.result(timeout=10)


def test_many_assigners_and_writers_leave_no_gap(world: World) -> None:
    orders = [world.order(Transfer(ISSUER, TAX, 1)) for _ in range(60)]
    with ThreadPoolExecutor(6) as pool:
        posted = [pool.submit(world.ledger.post, [order]) for order in orders]
        read = [
            pool.submit(world.store.batches, first_leaf=leaf, limit=10) for leaf in range(0, 60, 4)
        ]
        for writing in posted:
            writing.result()
        for reading in read:
            reading.result()
    batches = world.store.batches(first_leaf=0, limit=100)
    assert [b.first_leaf for b in batches] == list(range(62))
    assert [b.batch for b in batches] == sorted(b.batch for b in batches)
