# SPDX-License-Identifier: Apache-2.0
"""Orders from an instant on: none younger is left out, wherever pages end."""

import pytest

from kerege.centralbank import order_log
from kerege.centralbank.order_log import SLACK_US, orders_since
from tests.ledgers import START_US, World, move


@pytest.mark.parametrize("page", [1, 2, 1_000])
def test_nothing_younger_is_left_out(
    world: World, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_log, "PAGE", page)
    aru = world.holder()
    for _ in range(5):
        world.clock.advance_us(SLACK_US * 10)
        world.must(move(1, aru, 1))
    all_of_them = [stored.id for _, stored in orders_since(world.store, 0)]
    assert len(all_of_them) == len(set(all_of_them)) >= 5
    since_us = START_US + SLACK_US * 35
    found = [at_us for at_us, _ in orders_since(world.store, since_us)]
    assert [at_us for at_us in found if at_us >= since_us] == [
        START_US + SLACK_US * 40,
        START_US + SLACK_US * 50,
    ]
