# SPDX-License-Identifier: Apache-2.0
"""Chains long enough for milestones, over several stripes, against arithmetic."""

from collections.abc import Iterator

import pytest

from kerege.ledger.account import Cell
from kerege.ledger.ids import UNMARKED, Mark
from kerege.ledger.order import Transfer
from kerege.ledger.stores.postgres_history import cell_at, movements
from tests.unit.ledger.stores.postgres_world import ARU, TAX, World

BATCHES, EACH = 12, 30
OF_TAX = (TAX, UNMARKED)


@pytest.fixture
def world(pg_url: str) -> Iterator[World]:
    """The collector gets 1 unit 30 times a second, for 12 seconds, over several stripes."""
    world = World(pg_url)
    for number in range(BATCHES):
        world.clock.advance_us(1_000_000)
        if number % 3 == 0:
            world.change_stripe()
        world.ledger.post([world.order(Transfer(ARU, TAX, 1)) for _ in range(EACH)])
    yield world
    world.store.close()


def test_running_balances_go_down_one_by_one_over_all_stripes(world: World) -> None:
    with world.connections.use() as connection:
        found = movements(connection, OF_TAX, None, 1_000)
    total = BATCHES * EACH
    assert [m.after.balance for m in found] == list(range(total, 0, -1))
    assert [m.after.version for m in found] == list(range(total, 0, -1))
    assert [m.seq for m in found] == sorted((m.seq for m in found), reverse=True)
    assert all(m.after.last_seq == m.seq for m in found)


def test_a_page_begins_anywhere(world: World) -> None:
    with world.connections.use() as connection:
        whole = movements(connection, OF_TAX, None, 1_000)
        for place in range(0, len(whole) - 1, 23):
            page = movements(connection, OF_TAX, whole[place].seq, 5)
            assert page == whole[place + 1 : place + 6]


def test_a_balance_at_any_second(world: World) -> None:
    with world.connections.use() as connection:
        for second in range(BATCHES + 2):
            at_us = 1_000_000 * (second + 1)
            cell = cell_at(connection, OF_TAX, at_us=at_us)
            assert cell.balance == cell.version == min(second, BATCHES) * EACH
            assert cell_at(connection, (ARU, UNMARKED), at_us=at_us).balance == 1_000 - cell.balance
        assert cell_at(connection, (TAX, Mark(5)), at_us=1_000_000) == Cell()
