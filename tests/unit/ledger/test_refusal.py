# SPDX-License-Identifier: Apache-2.0
"""Every refusal, met through `Ledger.post`, with nothing changed and the promised memory."""

import pytest

from kerege.ledger.refusal import MALFORMED, PASSING, Refusal
from tests.ledgers import World
from tests.refusal_rows import ROWS


@pytest.mark.parametrize("refusal", Refusal, ids=lambda refusal: refusal.name)
def test_a_refused_order_changes_nothing(refusal: Refusal, world: World) -> None:
    order = ROWS[refusal](world)
    world_before = None if refusal is Refusal.TOO_MANY_ACCOUNTS else world.state()
    leaves_before = _leaves(world)
    (outcome,) = world.ledger.post([order])
    assert outcome.refusal is refusal
    assert (outcome.number, outcome.results, outcome.replayed) == (0, (), False)
    assert world_before is None or world.state() == world_before
    assert _leaves(world) == leaves_before


@pytest.mark.parametrize("refusal", Refusal, ids=lambda refusal: refusal.name)
def test_only_settled_refusals_are_remembered(refusal: Refusal, world: World) -> None:
    order = ROWS[refusal](world)
    (first,) = world.ledger.post([order])
    world.reopen()
    world.clock.advance_us(5)
    (second,) = world.ledger.post([order])
    assert second.refusal is refusal or refusal is Refusal.NOT_YET_VALID
    assert second.replayed is (refusal not in MALFORMED | PASSING)
    if second.replayed:
        assert (second.at_us, second.step) == (first.at_us, first.step)
        assert (second.found, second.limit) == (first.found, first.limit)


def test_the_rows_stand_in_order_of_precedence() -> None:
    assert list(ROWS) == list(Refusal)


def test_the_three_groups_follow_each_other() -> None:
    group = [2 if r not in MALFORMED | PASSING else int(r in PASSING) for r in Refusal]
    assert group == sorted(group)


def _leaves(world: World) -> int:
    with world.store.snapshot() as snapshot:
        return snapshot.leaves
