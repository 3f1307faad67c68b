# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterator

import pytest

from kerege.ledger.account import Role
from kerege.ledger.ids import Mark, OrderId
from kerege.ledger.order import Kind, OpenAccount, Order, PendingRef, Step, Transfer
from kerege.ledger.request import Request
from kerege.ledger.state import ABSENT, BALANCE, FLAGS, VERSION
from kerege.ledger.stores.postgres_loading import Held, load
from kerege.ledger.stores.postgres_stripes import StripedAccounts
from tests.unit.ledger.stores.postgres_world import ARU, BEK, ISSUER, TAX, World


@pytest.fixture
def world(pg_url: str) -> Iterator[World]:
    world = World(pg_url)
    yield world
    world.store.close()


def _load(world: World, *steps: Step, stripe: int = 3) -> Held:
    request = Request.of_orders([world.order(*steps)])
    with world.connections.use() as connection:
        return load(connection, request, StripedAccounts(), stripe)


def test_accounts_come_as_rows_and_unknown_ones_as_absent(world: World) -> None:
    loaded = _load(world, Transfer(ARU, BEK, 1), Transfer(ARU, 99, 1)).loaded  # type: ignore[arg-type]
    assert loaded.accounts.tolist() == [ARU, BEK, 99]
    assert loaded.state[:, BALANCE].tolist() == [1000, 1000, 0]
    assert [int(flags) & ABSENT for flags in loaded.state[:, FLAGS]] == [0, 0, ABSENT]


def test_one_stripe_where_that_is_enough_all_where_the_balance_matters(world: World) -> None:
    for _ in range(3):
        world.post(Transfer(ARU, TAX, 10))
        world.change_stripe()
    whole = _load(world, Transfer(TAX, ARU, 1))
    assert whole.loaded.state[1, [BALANCE, VERSION]].tolist() == [30, 3]
    parts = [_load(world, Transfer(ARU, TAX, 1), stripe=stripe) for stripe in range(1, 17)]
    assert sum(int(held.loaded.state[1, BALANCE]) for held in parts) == 30
    assert [
        int(held.stripes_of(held.loaded.accounts, held.loaded.state[:, FLAGS])[1]) for held in parts
    ] == list(range(1, 17))


def test_marked_cells_of_what_is_named_come_along(world: World) -> None:
    world.post(Transfer(ISSUER, ARU, 5, mark=Mark(8)), Transfer(ISSUER, TAX, 6, mark=Mark(8)))
    held = _load(world, Transfer(ARU, TAX, 1), Transfer(TAX, ARU, 1))
    assert {key: cell.balance for key, cell in held.loaded.marked.items()} == {
        (ARU, 8): 5,
        (TAX, 8): 6,
    }


def test_pendings_and_known_orders_that_are_named_are_found(world: World) -> None:
    made = world.post(Transfer(ARU, BEK, 5, kind=Kind.PENDING, timeout_s=9))
    ref, none = PendingRef(made.id), PendingRef(made.id, step=1)
    voids = (
        Transfer(ARU, BEK, 0, kind=Kind.VOID, pending=ref),
        Transfer(ARU, BEK, 0, kind=Kind.VOID, pending=none),
    )
    malformed = Order(OrderId(b"short"), voids)
    request = Request.of_orders([Order(made.id, voids), malformed, world.order(*voids)])
    with world.connections.use() as connection:
        loaded = load(connection, request, StripedAccounts(), 1).loaded
    assert list(loaded.pendings) == [ref]
    assert list(loaded.known) == [made.id]


def test_the_next_account_is_only_given_to_those_who_open(world: World) -> None:
    assert _load(world, OpenAccount("KZT", Role.HOLDER, "can")).loaded.next_account == 5
    assert _load(world, Transfer(ARU, BEK, 1)).loaded.next_account > 2**36 - 1
