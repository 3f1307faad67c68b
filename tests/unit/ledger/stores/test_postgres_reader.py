# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterator

import pytest

from kerege.ledger.account import Role, Status
from kerege.ledger.ids import AccountId, Mark
from kerege.ledger.order import Kind, SetStatus, Transfer
from kerege.ledger.stores.postgres_reader import (
    account_info,
    cells_by_mark,
    declared_assets,
    due_pendings,
    holders_of,
    marked_cells,
)
from tests.unit.ledger.stores.postgres_world import ARU, BEK, ISSUER, TAX, World


@pytest.fixture
def world(pg_url: str) -> Iterator[World]:
    world = World(pg_url)
    yield world
    world.store.close()


def test_an_account_with_its_owner_and_present_rules(world: World) -> None:
    world.post(SetStatus(TAX, Status.CREDITS_FROZEN))
    with world.connections.use() as connection:
        info = account_info(connection, TAX)
        assert info is not None
        assert (info.owner, info.opened_at_us) == ("tax", 1_000_000)
        assert (info.account.role, info.account.status) == (Role.COLLECTOR, Status.CREDITS_FROZEN)
        assert account_info(connection, AccountId(99)) is None
        assert declared_assets(connection) == [("KZT", 2)]


def test_cells_are_the_sum_of_their_stripes(world: World) -> None:
    for mark in (0, 0, 6):
        world.change_stripe()
        world.post(Transfer(ISSUER, TAX, 5, mark=mark))  # type: ignore[arg-type]
    with world.connections.use() as connection:
        cells = cells_by_mark(connection, TAX)
        assert {mark: (cell.balance, cell.version) for mark, cell in cells.items()} == {
            0: (10, 2),
            6: (5, 1),
        }
        assert cells_by_mark(connection, AccountId(99)) == {}


def test_marked_cells_and_holders_of_a_mark(world: World) -> None:
    for account, mark, amount in ((ARU, 6, 5), (TAX, 6, 7), (TAX, 6, 1), (BEK, 8, 2)):
        world.change_stripe()
        world.post(Transfer(ISSUER, account, amount, mark=Mark(mark)))
    world.post(Transfer(BEK, ARU, 2, mark=Mark(8)))
    marked = world.ledger.marked([ARU, BEK, TAX])
    assert {key: cell.balance for key, cell in marked.items()} == {
        (ARU, 6): 5,
        (ARU, 8): 2,
        (BEK, 8): 0,
        (TAX, 6): 8,
    }
    assert [account for account, _ in world.ledger.holders(Mark(6))] == [ISSUER, ARU, TAX]
    with world.connections.use() as connection:
        assert marked_cells(connection, [AccountId(99)]) == {}
        assert [one[0] for one in holders_of(connection, Mark(8), ISSUER, 9)] == [ARU]
        assert [one[0] for one in holders_of(connection, Mark(6), ARU, 1)] == [TAX]
        assert holders_of(connection, Mark(0), AccountId(0), 9) == []


def test_what_is_due_comes_oldest_first(world: World) -> None:
    for seconds in (3, 1, 2):
        world.post(Transfer(ARU, BEK, 5, kind=Kind.PENDING, timeout_s=seconds))
    with world.connections.use() as connection:
        assert due_pendings(connection, 1_999_999, 10) == []
        due = due_pendings(connection, 3_000_000, 10)
        assert [pending.expires_at_us for pending in due] == [2_000_000, 3_000_000]
        assert len(due_pendings(connection, 9_000_000, 2)) == 2
