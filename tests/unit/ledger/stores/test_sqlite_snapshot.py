# SPDX-License-Identifier: Apache-2.0
"""A snapshot keeps the balances of its instant."""

from kerege.ledger.ids import UNMARKED, AccountId, Mark
from tests.ledgers import World, move


def test_a_snapshot_does_not_see_what_comes_after(world: World) -> None:
    aru = world.holder(500, mark=7)
    with world.store.snapshot() as snapshot:
        world.must(move(1, aru, 40))
        world.post(move(aru, 1, 10**6))
        leaves = snapshot.leaves
        cells = dict(snapshot.cells())
        batches = snapshot.batches(first_leaf=0, limit=10**6)
        assert list(snapshot.refusals()) == []
    assert sum(len(batch.orders) for batch in batches) == leaves == 4
    assert list(cells) == [(1, 0), (2, 0), (1, 7), (2, 7)]
    assert cells[aru, Mark(7)].balance == 500
    assert cells[aru, UNMARKED].balance == 0
    assert world.balance(aru) == 40
    with world.store.snapshot() as snapshot:
        assert dict(snapshot.cells())[AccountId(aru), UNMARKED].balance == 40
        assert snapshot.leaves == 5
        assert len(list(snapshot.refusals())) == 1


def test_two_snapshots_of_two_instants(world: World) -> None:
    aru = world.holder(500)
    with world.store.snapshot() as first:
        world.must(move(aru, 1, 100))
        with world.store.snapshot() as second:
            balances = [dict(s.cells())[aru, UNMARKED].balance for s in (first, second)]
    assert balances == [500, 400]
