# SPDX-License-Identifier: Apache-2.0
"""What the ledger says of the past is what a replay of its transfers says."""

import shutil
from pathlib import Path
from random import Random

import pytest

from kerege.ledger.account import EMPTY_CELL, Cell, CellKey
from kerege.ledger.ids import AccountId, Mark
from kerege.ledger.ledger import MAX_STATEMENT
from kerege.ledger.order import Kind, Order, PendingRef
from tests.ledgers import START_US, World, move, resolve

INSTANTS = 30


class Replay:
    """Cells after every instant, told from outcomes alone."""

    def __init__(self) -> None:
        self.now: dict[CellKey, Cell] = {}
        self.then: list[dict[CellKey, Cell]] = []
        self.movements: dict[CellKey, list[tuple[int, int, Cell]]] = {}

    def take(self, debit: int, credit: int, mark: int, posted: int, held: int) -> None:
        for account, sign in ((debit, -1), (credit, 1)):
            key = (AccountId(account), Mark(mark))
            was = self.now.get(key, EMPTY_CELL)
            out, into = (held, 0) if sign < 0 else (0, held)
            self.now[key] = cell = Cell(
                was.balance + sign * posted,
                was.debits_pending + out,
                was.credits_pending + into,
                was.version + 1,
            )
            self.movements.setdefault(key, []).append((sign * posted, held, cell))

    def mark_instant(self) -> None:
        self.then.append(dict(self.now))


def _posted(chance: Random, world: World, replay: Replay) -> None:
    """A batch of payments, reservations and captures between few accounts."""
    orders: list[Order] = []
    effects: list[tuple[int, int, int, int, int]] = []
    for _ in range(chance.choice([3, 20, 90])):
        debit, credit = chance.sample(range(1, 5), 2)
        mark, amount = chance.randrange(2), chance.randint(1, 50)
        order = world.order(move(debit, credit, amount, mark))
        effect = (amount, 0)
        if chance.random() < 0.2:
            reserved = move(debit, credit, amount, mark, kind=Kind.PENDING, timeout_s=10**6)
            own_id = world.next_id()
            take = resolve(reserved, PendingRef(own_id), Kind.CAPTURE_PART, amount)
            order = Order(own_id, (reserved, take))
            effects += [(debit, credit, mark, 0, amount), (debit, credit, mark, amount, -amount)]
        else:
            effects.append((debit, credit, mark, *effect))
        orders.append(order)
    assert all(outcome.accepted for outcome in world.ledger.post(orders))
    for effect_of_one in effects:
        replay.take(*effect_of_one)


def _bare(cell: Cell) -> Cell:
    """Without the position, which a replay does not know."""
    return Cell(cell.balance, cell.debits_pending, cell.credits_pending, cell.version)


@pytest.mark.parametrize("seed", range(2))
def test_every_instant_and_every_statement_agree_with_a_replay(seed: int, tmp_path: Path) -> None:
    chance, world, replay = Random(seed), World(tmp_path / "ledger"), Replay()
    for _ in range(3):
        account = world.holder()
        for mark in (0, 1):
            world.must(move(1, account, 10**6, mark))
            replay.take(1, account, mark, 10**6, 0)
    for _ in range(INSTANTS):
        replay.mark_instant()
        world.clock.advance_us(10)
        _posted(chance, world, replay)
    replay.mark_instant()
    assert max(cell.version for cell in replay.now.values()) > 200
    _check(world, replay, chance)
    for name in ("ledger", "ledger-wal"):
        shutil.copy(tmp_path / name, tmp_path / f"copy{name.removeprefix('ledger')}")
    before = world.state()
    world.reopen()
    assert world.state() == before
    _check(world, replay, chance)
    world.ledger.close()
    copy = World(tmp_path / "copy")
    assert copy.state() == before
    _check(copy, replay, chance)
    copy.ledger.close()


def _check(world: World, replay: Replay, chance: Random) -> None:
    for key, movements in replay.movements.items():
        for instant, cells in enumerate(replay.then):
            for late in (0, 9):
                found = world.ledger.cell_at(key, at_us=START_US + instant * 10 + late)
                assert _bare(found) == cells.get(key, EMPTY_CELL)
        _check_statement(world, key, movements, chance)


def _check_statement(
    world: World, key: CellKey, movements: list[tuple[int, int, Cell]], chance: Random
) -> None:
    whole = world.ledger.statement(key, limit=MAX_STATEMENT)
    assert [(m.change, m.held, _bare(m.after)) for m in whole] == movements[::-1]
    paged = []
    before: int | None = None
    while page := world.ledger.statement(key, before_seq=before, limit=chance.randint(1, 70)):
        paged += page
        before = page[-1].seq
    assert paged == whole
    for place in chance.sample(range(len(whole)), 5):
        (found,) = world.ledger.statement(key, before_seq=whole[place].seq + 1, limit=1)
        assert found == whole[place]
