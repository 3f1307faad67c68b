# SPDX-License-Identifier: Apache-2.0
"""The embedded store under threads, failures and interruptions."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from kerege.ledger.errors import StoreFailed
from kerege.ledger.stores import sqlite_writer
from kerege.ledger.stores.sqlite import SqliteStore
from tests.ledgers import World, move


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "ledger")
    yield world
    world.ledger.close()


def _fail(monkeypatch: pytest.MonkeyPatch, *, persisted: bool) -> None:
    """Let the next write fail, before or after it took effect."""
    write = sqlite_writer.write_job

    def failing(connection: apsw.Connection, job: sqlite_writer.Job) -> None:
        monkeypatch.setattr(sqlite_writer, "write_job", write)
        if persisted:
            write(connection, job)
        raise apsw.IOError("no reply from the disk")

    monkeypatch.setattr(sqlite_writer, "write_job", failing)


@pytest.mark.parametrize("persisted", [True, False])
def test_after_a_failed_write_the_same_orders_can_be_sent_again(
    persisted: bool, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    payer, payee = world.holder(100), world.holder()
    order = world.order(move(payer, payee, 60))
    _fail(monkeypatch, persisted=persisted)
    with pytest.raises(StoreFailed):
        world.ledger.post([order])
    (outcome,) = world.ledger.post([order])
    assert (outcome.accepted, outcome.replayed) == (True, persisted)
    assert world.balance(payee) == 60


def test_an_interruption_while_cells_change_does_not_stay_in_memory(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    payer, payee = world.holder(100), world.holder()
    order = world.order(move(payer, payee, 60))
    with monkeypatch.context() as patch:
        patch.setattr(SqliteStore, "_milestone_rows", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            world.ledger.post([order])
    (outcome,) = world.ledger.post([order])
    assert (outcome.accepted, outcome.replayed) == (True, False)
    assert (world.balance(payer), world.balance(payee)) == (40, 60)


def _interrupt(*_: Any) -> Any:
    raise KeyboardInterrupt


def test_a_ledger_is_closed_once_and_for_all(tmp_path: Path) -> None:
    world = World(tmp_path / "ledger")
    order = world.order(move(1, 2, 5))
    world.ledger.close()
    world.ledger.close()
    with pytest.raises(StoreFailed, match="closed"):
        world.ledger.post([order])
    with pytest.raises(StoreFailed, match="closed"):
        world.ledger.account(world.issuer())
    World(tmp_path / "ledger").ledger.close()


def test_a_broken_ledger_once_closed_stays_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path / "ledger")
    order = world.order(move(1, world.holder(), 5))
    _fail(monkeypatch, persisted=False)
    with pytest.raises(StoreFailed):
        world.ledger.post([order])
    world.ledger.close()
    with pytest.raises(StoreFailed, match="closed"):
        world.ledger.post([order])
    World(tmp_path / "ledger").ledger.close()


def test_many_threads_post_at_once(world: World) -> None:
    payer, payee = world.holder(10**6), world.collector()
    orders = [[world.order(move(payer, payee, 1)) for _ in range(60)] for _ in range(8)]
    accepted: list[int] = []

    def post(mine: list[Any]) -> None:
        for start in range(0, len(mine), 7):
            found = world.ledger.post(mine[start : start + 7])
            accepted.append(sum(outcome.accepted for outcome in found))

    threads = [threading.Thread(target=post, args=(mine,)) for mine in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(accepted) == world.balance(payee) == 480


def test_refusals_alone_leave_the_file_able_to_begin(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "ledger")
    store.close()
    world = World(tmp_path / "ledger")
    for _ in range(3):
        assert not world.post(move(1, 999, 1)).accepted
    world.reopen()
    assert world.post(move(1, world.holder(), 1)).accepted
    world.ledger.close()
