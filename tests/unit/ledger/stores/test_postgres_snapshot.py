# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.ledger.auditing import audit
from kerege.ledger.export_reading import read_export
from kerege.ledger.exporting import export_lines
from kerege.ledger.ids import UNMARKED, Mark
from kerege.ledger.importing import import_ledger
from kerege.ledger.order import Kind, Transfer
from kerege.ledger.stores.opening import open_store
from tests.postgres import Server
from tests.unit.ledger.stores.postgres_world import ARU, BEK, ISSUER, TAX, World


@pytest.fixture
def world(pg_url: str) -> Iterator[World]:
    world = World(pg_url)
    world.post(Transfer(ARU, TAX, 5), Transfer(ISSUER, BEK, 7, mark=Mark(4)))
    world.change_stripe()
    world.post(Transfer(BEK, TAX, 5), Transfer(BEK, ARU, 9, kind=Kind.PENDING, timeout_s=1))
    world.ledger.post([world.order(Transfer(ARU, BEK, 10_000))])
    yield world
    world.store.close()


def _salt(order_id: bytes) -> bytes:
    return order_id


def test_a_snapshot_stays_as_it_was_while_the_ledger_goes_on(world: World) -> None:
    with world.store.snapshot() as snapshot:
        world.post(Transfer(ARU, TAX, 100))
        cells = dict(snapshot.cells())
        assert cells[TAX, UNMARKED].balance == 10
        assert snapshot.leaves == 4
        assert len([o for b in snapshot.batches(first_leaf=0, limit=99) for o in b.orders]) == 4
        assert len(list(snapshot.refusals())) == 1
    assert world.ledger.cells(TAX)[UNMARKED].balance == 110


def test_an_export_is_imported_and_audited_by_either_store(
    world: World, pg_server: Server, tmp_path: Path
) -> None:
    world.clock.advance_us(5_000_000)
    assert world.ledger.expire() == 1
    with world.store.snapshot() as snapshot:
        lines = list(export_lines(snapshot, salt_of=_salt))
    report = audit(read_export(lines))
    with pg_server.fresh_database() as url:
        for target in (url, f"sqlite:///{tmp_path / 'copy.db'}"):
            store = open_store(target)
            assert import_ledger(lambda: lines, store) == report
            with store.snapshot() as copied:
                again = list(export_lines(copied, salt_of=_salt))
            assert sorted(again[:-1]) == sorted(lines[:-1])
            assert store.outcome(world.order().id) is None
            store.close()
