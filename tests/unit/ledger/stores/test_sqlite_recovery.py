# SPDX-License-Identifier: Apache-2.0
"""What a file tells when it is opened again, after a clean end and after none."""

import shutil
from pathlib import Path

from kerege.ledger.account import Role, Status
from kerege.ledger.order import DeclareAsset
from kerege.ledger.stores.sqlite_files import open_connection, open_schema
from kerege.ledger.stores.sqlite_recovery import recover
from tests.ledgers import World, move


def _busy(world: World) -> None:
    world.must(DeclareAsset("XAU-G", 4))
    everyone = world.collector()
    world.open(Role.CONVERTER)
    world.open(Role.ISSUER, floor=None, asset="XAU-G")
    for amount in (500, 700):
        payer = world.holder(amount, mark=7, ceiling=10**6, floor=-50)
        world.must(move(payer, everyone, 100, 7), move(payer, everyone, 20))
        world.reserve(payer, everyone, 30, mark=7)
        world.freeze(payer, Status.CREDITS_FROZEN)


def test_a_closed_ledger_opens_as_it_was(tmp_path: Path) -> None:
    world = World(tmp_path / "ledger")
    _busy(world)
    before = world.state()
    world.reopen()
    assert world.store.recovered_rows == 0
    assert world.state() == before
    assert world.post(move(1, 2, 5)).accepted
    world.ledger.close()


def test_a_ledger_left_without_farewell_opens_as_it_was(tmp_path: Path) -> None:
    world = World(tmp_path / "ledger")
    _busy(world)
    before = world.state()
    for name in ("ledger", "ledger-wal"):
        shutil.copy(tmp_path / name, tmp_path / f"copy{name.removeprefix('ledger')}")
    world.ledger.close()
    copy = World(tmp_path / "copy")
    assert copy.store.recovered_rows > 0
    assert copy.state() == before
    copy.ledger.close()


def test_an_empty_file_begins_at_nothing(tmp_path: Path) -> None:
    connection = open_connection(tmp_path / "ledger")
    open_schema(connection, tmp_path / "ledger")
    found = recover(connection)
    connection.close()
    assert (found.next_account, found.next_batch, found.next_leaf) == (1, 0, 0)
    assert (found.assets, found.cells.count, found.newest_id) == ([], 0, b"")
