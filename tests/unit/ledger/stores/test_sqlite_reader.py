# SPDX-License-Identifier: Apache-2.0
"""Questions about what is durable: batches in the log's order, pending transfers, the past."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.ledger.account import Cell
from kerege.ledger.encoding import decode_order, encode_order
from kerege.ledger.ids import AccountId
from kerege.ledger.order import Order, PendingRef
from kerege.ledger.stores.sqlite_reader import Reader
from tests.ledgers import START_US, World, move, order_id


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "ledger")
    yield world
    world.ledger.close()


def _reader(world: World) -> Reader:
    reader = world.store._reader
    assert reader is not None
    return reader


def _some(world: World) -> list[Order]:
    """Batches of 1, 3 and 2 orders of every sort after the founding three."""
    payer, payee = world.holder(100), world.holder()
    sizes, orders = (1, 3, 2), []
    for size in sizes:
        batch = [world.order(move(payer, payee, n + 1), evidence=b"e" * n) for n in range(size)]
        world.clock.advance_us(1)
        world.ledger.post([*batch, world.order(move(payer, payee, 10**6))])
        orders += batch
    return orders


def test_batches_come_whole_and_in_order(world: World) -> None:
    orders = _some(world)
    everything = _reader(world).batches(first_leaf=0, limit=10**6)
    stored = [order for batch in everything for order in batch.orders]
    assert [decode_order(s.body, s.evidence) for s in stored[-6:]] == orders
    assert [s.body for s in stored[-6:]] == [encode_order(order) for order in orders]
    leaves = [batch.first_leaf for batch in everything]
    assert leaves == [sum(len(b.orders) for b in everything[:n]) for n in range(len(leaves))]
    for leaf in range(len(stored) + 3):
        found = _reader(world).batches(first_leaf=leaf, limit=1)
        holding = [b for b in everything if b.first_leaf <= leaf < b.first_leaf + len(b.orders)]
        assert list(found) == holding
    assert _reader(world).batches(first_leaf=0, limit=2) == everything[:2]


def test_outcomes_are_read_back_as_they_were_given(world: World) -> None:
    orders = _some(world)
    known = _reader(world).known([order.id for order in orders] + [order_id(10**9)])
    assert set(known) == {order.id for order in orders}
    for order in orders:
        (again,) = world.ledger.post([order])
        assert known[order.id].outcome.results == again.results
        assert known[order.id].outcome.number == again.number


def test_due_transfers_come_oldest_first_and_no_more_than_asked(world: World) -> None:
    payer, payee = world.holder(100), world.holder()
    refs = [world.reserve(payer, payee, 1, timeout_s=t)[1] for t in (3, 1, 2)]
    reader = _reader(world)
    second = 1_000_000
    assert reader.next_due_us() == START_US + second
    assert reader.due(START_US + second - 1, 9) == []
    assert [p.ref for p in reader.due(START_US + 9 * second, 2)] == [refs[1], refs[2]]
    assert set(reader.pendings([refs[0], PendingRef(refs[0].order_id, 1)])) == {refs[0]}


def test_positions_follow_time(world: World) -> None:
    reader = _reader(world)
    assert reader.position_after(START_US - 1) == 0
    world.clock.advance_us(10)
    world.must(move(1, world.holder(), 5))
    assert reader.position_after(START_US) < reader.position_after(START_US + 10)


def test_a_walk_ends_at_the_first_movement(world: World) -> None:
    payee = world.holder(7)
    key = (payee, move(1, 2, 3).mark)
    (movement,) = _reader(world).walk(key, world.cell(payee).last_seq, world.cell(payee))
    assert (movement.change, movement.counterparty) == (7, world.issuer())
    assert list(_reader(world).walk(key, 0, Cell())) == []
    assert _reader(world).milestone_from(key, 0) is None
    assert _reader(world).account(AccountId(99)) is None
