# SPDX-License-Identifier: Apache-2.0
"""What the simulation found in the ledger, each as the smallest case that failed."""

import shutil
from pathlib import Path

from tests.ledgers import World, move


def test_balances_folded_after_a_crash_are_kept_at_a_clean_end(tmp_path: Path) -> None:
    # They were taken for written back, and lost when the tail moved past their transfers.
    world = World(tmp_path / "running")
    bank = world.issuer()
    people = [world.holder() for _ in range(10)]
    for person in people:
        world.must(move(bank, person, 300))
    for name in ("ledger", "ledger-wal"):
        shutil.copy(tmp_path / name.replace("ledger", "running"), tmp_path / name)
    world.ledger.close()

    crashed = World(tmp_path / "ledger")
    crashed.reopen()
    assert [crashed.balance(person) for person in people] == [300] * 10
    crashed.ledger.close()
