# SPDX-License-Identifier: Apache-2.0
"""The log gets every accepted order once, in order, from wherever it asks."""

from collections.abc import Sequence

import pytest

from kerege.centralbank.leaves import LedgerLeaves
from kerege.ledger.stored import StoredBatch
from kerege.translog.leaf import commit_record, salt_for
from tests.exports import SALT_KEY, make_busy
from tests.ledgers import World, move


def entries_of(world: World) -> list[bytes]:
    """Commitments to every accepted order, one by one."""
    batches = world.store.batches(first_leaf=0, limit=10**6)
    return [
        commit_record(order.record(batch.at_us), salt=salt_for(SALT_KEY, order.id))
        for batch in batches
        for order in batch.orders
    ]


def test_any_stretch_of_leaves(world: World) -> None:
    make_busy(world)
    leaves, entries = LedgerLeaves(world.store, SALT_KEY), entries_of(world)
    assert leaves.pending(0, 10**6) == entries
    for first in range(len(entries) + 2):
        for limit in (0, 1, 2, 7, 61, len(entries)):
            assert leaves.pending(first, limit) == entries[first : first + limit]


def test_leaves_grow_with_the_ledger_and_never_change(world: World) -> None:
    leaves = LedgerLeaves(world.store, SALT_KEY)
    before = leaves.pending(0, 10**6)
    assert leaves.pending(len(before), 5) == []
    shop = world.collector()
    world.must(move(1, shop, 5))
    after = leaves.pending(0, 10**6)
    assert after[: len(before)] == before
    assert leaves.pending(len(before), 5) == after[len(before) :]
    assert len(after) == len(before) + 2


def test_refused_and_repeated_orders_have_no_leaf(world: World) -> None:
    shop, leaves = world.collector(), LedgerLeaves(world.store, SALT_KEY)
    order = world.order(move(1, shop, 5))
    world.ledger.post([order])
    before = leaves.pending(0, 10**6)
    world.ledger.post([order, world.order(move(shop, 1, 50))])
    assert leaves.pending(0, 10**6) == before


def test_another_salt_key_gives_other_leaves(world: World) -> None:
    (ours,) = LedgerLeaves(world.store, SALT_KEY).pending(0, 1)
    (theirs,) = LedgerLeaves(world.store, bytes(32)).pending(0, 1)
    assert ours != theirs


@pytest.mark.parametrize("limit", [1, 3, 64])
def test_a_log_that_asks_in_pieces_gets_the_whole(world: World, limit: int) -> None:
    make_busy(world)
    leaves = LedgerLeaves(world.store, SALT_KEY)
    found: list[bytes] = []
    while more := leaves.pending(len(found), limit):
        found += more
    assert found == entries_of(world)


def test_a_log_far_behind_does_not_take_the_whole_ledger_into_memory(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = world.holder()
    for _ in range(150):
        world.must(move(1, holder, 1), move(holder, 1, 1))
    taken: list[int] = []
    batches = world.store.batches

    def watched(*, first_leaf: int, limit: int) -> Sequence[StoredBatch]:
        found = batches(first_leaf=first_leaf, limit=limit)
        taken.append(sum(len(batch.orders) for batch in found))
        return found

    monkeypatch.setattr(world.store, "batches", watched)
    assert len(LedgerLeaves(world.store, SALT_KEY).pending(0, 65_536)) == sum(taken) > 150
    assert max(taken) <= 64
