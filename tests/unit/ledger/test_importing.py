# SPDX-License-Identifier: Apache-2.0
"""A ledger carried to another file is the same ledger, or nothing at all was touched."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from kerege.ledger.encoding import decode_order
from kerege.ledger.errors import ExportFault, LedgerNotEmpty, StoreFailed
from kerege.ledger.ids import UNMARKED, AccountId, Mark
from kerege.ledger.importing import import_ledger
from kerege.ledger.ledger import Ledger
from kerege.ledger.order import DeclareAsset, Order
from kerege.ledger.stores.sqlite import SqliteStore
from tests.exports import export_of, line_of, lines_of, make_busy, signed
from tests.ledgers import World, move, order_id


@pytest.fixture
def target(tmp_path: Path) -> Iterator[SqliteStore]:
    """A store in which nothing happened yet."""
    store = SqliteStore(tmp_path / "target")
    yield store
    store.close()


def all_orders(world: World) -> list[Order]:
    """Every order the ledger ever accepted."""
    batches = world.store.batches(first_leaf=0, limit=10**6)
    return [decode_order(o.body, o.evidence) for batch in batches for o in batch.orders]


def test_the_imported_ledger_is_the_same(world: World, target: SqliteStore) -> None:
    decided = make_busy(world)
    export = export_of(world.store)
    report = import_ledger(lambda: lines_of(export), target)
    assert report.orders == len(all_orders(world))
    ours = Ledger(target, world.clock.now_us)
    assert export_of(target) == export
    for order in [*all_orders(world), *decided]:
        assert ours.outcome(order.id) == world.ledger.outcome(order.id)
        assert ours.accepted(order.id) == world.ledger.accepted(order.id)
    for number in range(1, 6):
        account = AccountId(number)
        assert ours.account(account) == world.ledger.account(account)
        assert ours.cells(account) == world.ledger.cells(account)
        for mark in (UNMARKED, Mark(7)):
            key = (account, mark)
            assert ours.statement(key, limit=1000) == world.ledger.statement(key, limit=1000)
            for at_us in (0, 1_800_000_000_000_000, 1_800_000_006_000_000):
                assert ours.cell_at(key, at_us=at_us) == world.ledger.cell_at(key, at_us=at_us)


def test_orders_sent_again_get_their_first_outcome(world: World, target: SqliteStore) -> None:
    decided = [o for o in [*all_orders(world), *make_busy(world)] if any(o.id)]
    export = export_of(world.store)
    import_ledger(lambda: lines_of(export), target)
    before = world.ledger.post(decided)
    after = Ledger(target, world.clock.now_us).post(decided)
    assert after == before
    assert all(outcome.replayed for outcome in after)
    assert any(outcome.refusal for outcome in after)
    changed = [replace(order, evidence=b"other") for order in decided]
    names = {o.refusal.name for o in Ledger(target, world.clock.now_us).post(changed) if o.refusal}
    assert names == {"ID_HAS_OTHER_CONTENT"}
    assert export_of(target) == export


def test_both_go_on_alike(world: World, target: SqliteStore, tmp_path: Path) -> None:
    """New orders, pending transfers that expire, and a start from the file."""
    make_busy(world)
    export = export_of(world.store)
    import_ledger(lambda: lines_of(export), target)
    target.close()
    again = SqliteStore(tmp_path / "target")
    ours = Ledger(again, world.clock.now_us)
    world.clock.advance_us(4_000 * 1_000_000)
    orders = [world.order(move(4, 2, 5 + n)) for n in range(100)]
    assert ours.post(orders) == world.ledger.post(orders)
    assert ours.cells(AccountId(4))[UNMARKED].debits_pending == 0
    assert export_of(again) == export_of(world.store)
    again.close()


def test_a_ledger_of_refusals_only_is_carried_too(
    world: World, target: SqliteStore, tmp_path: Path
) -> None:
    source = SqliteStore(tmp_path / "source")
    order = Order(order_id(1), (move(1, 2, 3),))
    refused = Ledger(source, world.clock.now_us).post([order])
    export = export_of(source)
    source.close()
    import_ledger(lambda: lines_of(export), target)
    assert Ledger(target, world.clock.now_us).post([order]) == [replace(refused[0], replayed=True)]
    assert export_of(target) == export


@pytest.mark.parametrize("step", [DeclareAsset("KZT", 2), move(1, 2, 3)], ids=["used", "refused"])
def test_a_used_ledger_is_left_alone(world: World, target: SqliteStore, step: DeclareAsset) -> None:
    """Also one that has only refused so far: it remembers what it said."""
    Ledger(target, world.clock.now_us).post([Order(order_id(1), (step,))])
    before, export = export_of(target), export_of(world.store)
    with pytest.raises(LedgerNotEmpty) as refused:
        import_ledger(lambda: lines_of(export), target)
    assert refused.value.remedy
    assert export_of(target) == before


SPOILED: list[Callable[[list[bytes]], bytes]] = [
    lambda lines: b"".join(lines[:-1]),
    lambda lines: b"".join(lines[: len(lines) // 2]),
    lambda lines: b"".join(lines)[:-1],
    lambda lines: b"".join(lines).replace(b'["c",1,0,-9', b'["c",1,0,-8'),
    lambda lines: signed([*lines[:-2]]),
    lambda lines: signed([*lines[:-1], line_of(["c", 9, 0, 0, 0, 0, 0])]),
    lambda lines: b"",
]


@pytest.mark.parametrize("spoil", SPOILED)
def test_a_faulty_export_leaves_the_target_untouched(
    world: World, target: SqliteStore, spoil: Callable[[list[bytes]], bytes]
) -> None:
    make_busy(world)
    spoiled = spoil(lines_of(export_of(world.store)))
    with pytest.raises(ExportFault):
        import_ledger(lambda: lines_of(spoiled), target)
    assert export_of(target).count(b"\n") == 2
    export = export_of(world.store)
    import_ledger(lambda: lines_of(export), target)


def test_an_export_that_changes_while_imported(world: World, target: SqliteStore) -> None:
    """Another honest export, a truncated one, and one with an order put in its place."""
    first = export_of(world.store)
    make_busy(world)
    second = export_of(world.store)
    readings = iter([first, second])
    with pytest.raises(StoreFailed, match="changed") as failed:
        import_ledger(lambda: lines_of(next(readings)), target)
    assert "throw" in failed.value.remedy


def test_an_export_that_is_cut_while_imported(world: World, target: SqliteStore) -> None:
    make_busy(world)
    export = lines_of(export_of(world.store))
    garbage = [*export[:2], line_of(["o", "00", [1], "00" * 16, ""]), *export[3:]]
    readings = iter([export, garbage])
    with pytest.raises(StoreFailed, match="changed"):
        import_ledger(lambda: next(readings), target)
