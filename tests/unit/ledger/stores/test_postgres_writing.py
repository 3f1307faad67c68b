# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterator

import pytest

from kerege.errors import InvariantViolation
from kerege.ledger.account import Role, Status
from kerege.ledger.ids import UNMARKED, Mark
from kerege.ledger.order import OpenAccount, SetLimits, SetStatus, Transfer
from tests.unit.ledger.stores.postgres_world import ARU, BEK, ISSUER, TAX, World


@pytest.fixture
def world(pg_url: str) -> Iterator[World]:
    world = World(pg_url)
    yield world
    world.store.close()


def _rows(world: World, account: int) -> list[tuple[object, ...]]:
    with world.connections.use() as connection:
        return connection.execute(
            "SELECT mark, stripe, balance, has_marks, status, ceiling FROM balances"
            " WHERE account = %s ORDER BY mark, stripe",
            (account,),
        ).fetchall()


def test_a_holder_has_one_row_a_collector_one_a_stripe(world: World) -> None:
    assert _rows(world, ARU) == [(0, 0, 1000, False, 0, None)]
    assert [row[1] for row in _rows(world, TAX)] == list(range(1, 17))


def test_an_account_opened_and_used_in_one_batch_is_written_once(world: World) -> None:
    world.ledger.post(
        [
            world.order(
                OpenAccount("KZT", Role.HOLDER, "can"), OpenAccount("KZT", Role.COLLECTOR, "shop")
            ),
            world.order(Transfer(ARU, 5, 10), Transfer(ISSUER, 6, 4, mark=Mark(2))),  # type: ignore[arg-type]
            world.order(SetStatus(5, Status.DEBITS_FROZEN)),  # type: ignore[arg-type]
        ]
    )
    assert _rows(world, 5) == [(0, 0, 10, False, 1, None)]
    shop = _rows(world, 6)
    assert len(shop) == 17
    assert [row for row in shop if row[3]] == [(0, 1, 0, True, 0, None)]
    assert shop[-1][:3] == (2, 1, 4)


def test_limits_reach_every_stripe_and_a_first_mark_its_lock(world: World) -> None:
    world.post(SetStatus(TAX, Status.DEBITS_FROZEN), SetLimits(BEK, 0, 5000))
    world.post(Transfer(ISSUER, BEK, 4, mark=Mark(2)))
    assert {row[4] for row in _rows(world, TAX)} == {1}
    assert _rows(world, BEK) == [(0, 0, 1000, True, 0, 5000), (2, 0, 4, False, 0, None)]


def test_a_balance_that_vanished_stops_the_ledger(world: World) -> None:
    with world.connections.use() as connection:
        connection.execute(
            "CREATE RULE lose AS ON UPDATE TO balances WHERE old.account = 3 DO INSTEAD NOTHING"
        )
        connection.commit()
    with pytest.raises(InvariantViolation):
        world.ledger.post([world.order(Transfer(ARU, BEK, 1))])
    assert world.ledger.cells(ARU)[UNMARKED].balance == 1000


def test_limits_and_what_they_allow_change_in_one_batch(world: World) -> None:
    world.post(SetLimits(ARU, 0, 1_000))
    wider = world.order(SetLimits(ARU, -100, 5_000), Transfer(ISSUER, ARU, 3_000))
    narrower = world.order(Transfer(ARU, BEK, 4_050), SetLimits(ARU, -50, 0))
    for orders in ([wider], [narrower]):
        assert all(outcome.accepted for outcome in world.ledger.post(orders))
    assert _rows(world, ARU) == [(0, 0, -50, False, 0, 0)]
    assert world.ledger.cells(ARU)[UNMARKED].version == 3
