# SPDX-License-Identifier: Apache-2.0
"""Many submitters, few batches, an answer for everyone."""

import threading
from concurrent.futures import Future
from typing import Any

import pytest

from kerege.ledger.errors import Overloaded, StoreFailed
from kerege.ledger.gathering import MAX_WAITING, Gatherer
from kerege.ledger.order import Order
from kerege.ledger.outcome import Outcome
from tests.ledgers import World, move

PATIENCE_S = 20


def test_everyone_gets_their_own_outcome(world: World) -> None:
    payer, payee = world.holder(100), world.holder()
    orders = [world.order(move(payer, payee, amount)) for amount in (30, 80, 40)]
    with Gatherer(world.ledger, workers=1) as gatherer:
        futures = [gatherer.submit(order) for order in orders]
        outcomes = [future.result(PATIENCE_S) for future in futures]
    assert [outcome.order_id for outcome in outcomes] == [order.id for order in orders]
    assert [outcome.accepted for outcome in outcomes] == [True, False, True]


def test_closing_posts_what_waits_and_takes_no_more(world: World) -> None:
    payer, payee = world.holder(100), world.holder()
    gatherer = Gatherer(world.ledger)
    futures = [gatherer.submit(world.order(move(payer, payee, 1))) for _ in range(50)]
    gatherer.close()
    assert all(future.result(0).accepted for future in futures)
    with pytest.raises(StoreFailed, match="closing"):
        gatherer.submit(world.order(move(payer, payee, 1)))


class _Held:
    """A ledger that posts only when let."""

    def __init__(self, world: World) -> None:
        self.world, self.go, self.began = world, threading.Event(), threading.Event()

    def post(self, orders: list[Order]) -> list[Outcome]:
        self.began.set()
        self.go.wait(PATIENCE_S)
        return self.world.ledger.post(orders)


def _held(world: World) -> tuple[Any, Gatherer, Future[Outcome]]:
    """A gatherer whose one worker is busy."""
    ledger: Any = _Held(world)
    gatherer = Gatherer(ledger, workers=1)
    first = gatherer.submit(world.order(move(1, world.holder(), 1)))
    assert ledger.began.wait(PATIENCE_S)
    return ledger, gatherer, first


def test_submitters_who_change_their_minds_do_not_stop_the_work(world: World) -> None:
    payee = world.holder()
    ledger, gatherer, first = _held(world)
    changed = [gatherer.submit(world.order(move(1, payee, 1))) for _ in range(5)]
    assert all(future.cancel() for future in changed)
    ledger.go.set()
    assert first.result(PATIENCE_S).accepted
    while gatherer._waiting:
        threading.Event().wait(0.01)
    later = gatherer.submit(world.order(move(1, payee, 10)))
    assert later.result(PATIENCE_S).accepted
    gatherer.close()
    assert world.balance(payee) == 10


def test_too_many_who_wait_are_told_to_come_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MAX_WAITING == 65_536
    monkeypatch.setattr("kerege.ledger.gathering.MAX_WAITING", 3)
    ledger, gatherer, _ = _held(world)
    order = world.order(move(1, 2, 1))
    for _ in range(3):
        gatherer.submit(order)
    with pytest.raises(Overloaded):
        gatherer.submit(order)
    ledger.go.set()
    gatherer.close()


def test_a_failure_reaches_everyone_in_the_batch(world: World) -> None:
    ledger, gatherer, first = _held(world)
    second = gatherer.submit(world.order(move(1, 2, 1)))
    world.ledger.close()
    ledger.go.set()
    for future in (first, second):
        with pytest.raises(StoreFailed):
            future.result(PATIENCE_S)
    gatherer.close()
