# SPDX-License-Identifier: Apache-2.0
"""A batch decided: the answers' order, and refusals that are remembered. The equality of
columns and rules has property tests."""

import pytest

from kerege.ledger import deciding
from kerege.ledger.refusal import Refusal
from tests.ledgers import World, move


@pytest.mark.parametrize("few_steps", [0, 10**9])
def test_answers_come_in_the_order_of_the_orders(
    few_steps: int, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "_FEW_STEPS", few_steps)
    rich, poor, payee = world.holder(10**6), world.holder(5), world.holder()
    orders = [
        world.order(move(rich if n % 3 else poor, payee, n + 1, code=n % 7)) for n in range(100)
    ]
    found = world.ledger.post(orders)
    assert [outcome.order_id for outcome in found] == [order.id for order in orders]
    numbers = [outcome.number for outcome in found if outcome.accepted]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    refused = {outcome.refusal for outcome in found if not outcome.accepted}
    assert refused == {Refusal.EXCEEDS_BALANCE}
    again = world.ledger.post(orders)
    assert all(outcome.replayed for outcome in again)


def test_hubs_do_not_serialise_a_batch(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A payer who runs dry contends only with those it pays, not with all who pay the same shop."""
    asked: list[int] = []
    by_rules = deciding._decide_by_rules

    def watched(*given: object) -> object:
        asked.append(len(given[2]))  # type: ignore[arg-type]
        return by_rules(*given)  # type: ignore[arg-type]

    shop, dry = world.collector(), world.holder(5)
    payers = [world.holder(100) for _ in range(60)]
    monkeypatch.setattr(deciding, "_decide_by_rules", watched)
    orders = [world.order(move(payer, shop, 10)) for payer in [*payers, dry]]
    assert sum(outcome.accepted for outcome in world.ledger.post(orders)) == 60
    assert asked == [1]
