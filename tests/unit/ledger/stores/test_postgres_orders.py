# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterator

import pytest

from kerege.errors import InvariantViolation
from kerege.ledger.account import Role
from kerege.ledger.encoding import encode_order
from kerege.ledger.order import Kind, OpenAccount, Transfer
from kerege.ledger.refusal import Refusal
from kerege.ledger.stores.postgres_orders import known_orders, refusals_after, stored_batches
from tests.unit.ledger.stores.postgres_world import ARU, BEK, World


@pytest.fixture
def world(pg_url: str) -> Iterator[World]:
    world = World(pg_url)
    yield world
    world.store.close()


def test_known_orders_have_the_outcome_their_callers_got(world: World) -> None:
    orders = [
        world.order(Transfer(ARU, BEK, 3)),
        world.order(OpenAccount("KZT", Role.HOLDER, "can"), Transfer(ARU, BEK, 5000)),
        world.order(OpenAccount("KZT", Role.HOLDER, "can"), Transfer(ARU, BEK, 4)),
        world.order(Transfer(ARU, BEK, 6, kind=Kind.PENDING, timeout_s=5)),
    ]
    outcomes = world.ledger.post(orders)
    assert [outcome.refusal for outcome in outcomes] == [None, Refusal.EXCEEDS_BALANCE, None, None]
    with world.connections.use() as connection:
        known = known_orders(connection, [o.id for o in orders] + [b"\xee" * 16])
        assert [known[order.id].outcome for order in orders] == outcomes
        assert [outcome for outcome, _ in refusals_after(connection)] == [outcomes[1]]


def test_batches_are_whole_and_begin_where_the_leaf_is(world: World) -> None:
    posted = [world.order(Transfer(ARU, BEK, 1)) for _ in range(5)]
    world.ledger.post(posted)
    world.store.batches(first_leaf=0, limit=1)
    with world.connections.use() as connection:
        (batch,) = stored_batches(connection, first_leaf=4, limit=1)
        assert (batch.first_leaf, len(batch.orders)) == (2, 5)
        assert [order.body for order in batch.orders] == [encode_order(order) for order in posted]
        assert stored_batches(connection, first_leaf=7, limit=10) == []


def test_an_order_missing_from_its_batch_is_noticed(world: World) -> None:
    world.store.batches(first_leaf=0, limit=1)
    with world.connections.use() as connection:
        connection.execute("DELETE FROM orders WHERE steps = 2")
        with pytest.raises(InvariantViolation, match="0 orders, 1 recorded"):
            stored_batches(connection, first_leaf=0, limit=10)
