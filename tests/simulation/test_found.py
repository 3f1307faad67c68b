# SPDX-License-Identifier: Apache-2.0
"""What the simulation found in the ledger, each as the smallest case that failed."""

import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from kerege.ledger.account import MAX_AMOUNT, MAX_BALANCE, Role
from kerege.ledger.expiry import expiry_of
from kerege.ledger.ids import OWN_IDS, OrderId
from kerege.ledger.order import Order, SetLimits
from kerege.ledger.refusal import Refusal
from tests.ledgers import World, move
from tests.simulation.hostile import CHANGES, FRAMES, GOOD, TRANSFERS


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


def test_nobody_can_take_the_id_under_which_a_hold_will_expire(tmp_path: Path) -> None:
    # Whoever made a hold could, and then no order was ever answered again.
    world = World(tmp_path / "ledger")
    aru, shop = world.holder(500), world.collector()
    _, ref = world.reserve(aru, shop, 100, timeout_s=5)
    (pending,) = world.store._must_read().pendings([ref]).values()
    expiry = expiry_of(pending)
    (taken,) = world.ledger.post([Order(expiry.id, (move(aru, shop, 1),))])
    assert taken.refusal is Refusal.ORDER_ID_INVALID

    world.clock.advance_us(10_000_000)
    assert world.post(move(aru, shop, 500)).accepted


def test_own_ids_are_refused_in_large_batches_too(tmp_path: Path) -> None:
    world = World(tmp_path / "ledger")
    aru = world.holder(500)
    orders = [world.order(move(1, aru, 1)) for _ in range(60)]
    own = Order(OrderId(OWN_IDS + bytes(8)), orders[0].steps)
    outcomes = world.ledger.post([*orders, own])
    assert [o.refusal for o in outcomes] == [None] * 60 + [Refusal.ORDER_ID_INVALID]


@pytest.mark.parametrize("beside", [0, 60])
def test_a_malformed_order_is_refused_by_name_alone_and_in_company(
    tmp_path: Path, beside: int
) -> None:
    # In large batches a bool passed for an amount, and a list for an id broke the batch.
    world = World(tmp_path / "ledger")
    world.holder(), world.holder()
    for bad, refusal in _malformed(world):
        good = [world.order(move(1, 2, 1)) for _ in range(beside)]
        outcomes = world.ledger.post([*good, bad, *good])
        assert outcomes[beside].refusal is refusal, bad
        assert all(outcome.accepted for outcome in outcomes[:beside])
        assert all(outcome.replayed for outcome in outcomes[beside + 1 :])


def test_figures_of_a_refusal_fit_the_database(tmp_path: Path) -> None:
    # The sum over marks passed 64 bits, and the batch could never be written.
    world = World(tmp_path / "ledger")
    aru = world.holder()
    for mark in (1, 2, 3):
        for _ in range(4):
            world.must(move(1, aru, MAX_AMOUNT, mark))
    outcome = world.post(SetLimits(aru, 0, 5))
    assert outcome.refusal is Refusal.CEILING_BELOW_HOLDING


def test_no_cell_passes_the_largest_balance_by_way_of_an_overdraft(tmp_path: Path) -> None:
    # With a ceiling only the sum over marks was looked at, and an overdraft lowers it.
    world = World(tmp_path / "ledger")
    aru, other = world.holder(floor=-MAX_BALANCE, ceiling=MAX_BALANCE), world.holder()
    for _ in range(4):
        world.must(move(aru, other, MAX_AMOUNT))
        world.must(move(1, aru, MAX_AMOUNT, 1))
    refused = world.post(move(world.open(Role.ISSUER, floor=None), aru, 5, 1))
    assert refused.refusal is Refusal.BALANCE_OVERFLOW
    assert refused.limit == MAX_BALANCE - 4 * MAX_AMOUNT


def _malformed(world: World) -> list[tuple[Order, Refusal]]:
    found = [(world.order(replace(GOOD, **change)), refusal) for change, refusal in TRANSFERS]
    found += [(replace(world.order(GOOD), **change), refusal) for change, refusal in FRAMES]
    return found + [(world.order(change), refusal) for change, refusal in CHANGES]
