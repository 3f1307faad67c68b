# SPDX-License-Identifier: Apache-2.0
"""The embedded store answers everything the interface asks."""

from pathlib import Path

from kerege.ledger.stores import Snapshot, Store
from tests.ledgers import World


def test_the_embedded_store_is_a_store(tmp_path: Path) -> None:
    world = World(tmp_path / "ledger")
    store: Store = world.store
    asked = [name for name in vars(Store) if not name.startswith("_")]
    assert all(callable(getattr(store, name)) for name in asked)
    with store.snapshot() as snapshot:
        taken: Snapshot = snapshot
        assert taken.leaves == 2
        assert len(list(taken.cells())) == 1
        assert list(taken.refusals()) == []
    store.close()
