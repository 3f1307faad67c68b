# SPDX-License-Identifier: Apache-2.0
"""Many submitters at once: everyone gets their own answer, in their own order, or a named error."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence, Set
from concurrent.futures import Future
from functools import partial

import pytest

from kerege.ledger import gathering
from kerege.ledger.errors import Overloaded, StoreFailed
from kerege.ledger.gathering import Gatherer
from kerege.ledger.ids import AccountId
from kerege.ledger.ledger import Ledger, Posting
from kerege.ledger.order import Order
from kerege.ledger.outcome import Outcome
from tests.ledgers import World, move, order_id

ANSWER_S = 20
"""Seconds after which an answer is not coming: far beyond any of these tests."""


def pay(number: int, payer: int, payee: int, amount: int = 1) -> Order:
    return Order(order_id(1_000 + number), (move(payer, payee, amount),))


def answers(futures: Sequence[Future[Outcome]]) -> list[Outcome]:
    return [future.result(ANSWER_S) for future in futures]


class GatedLedger(Ledger):
    """A ledger whose batches wait at a gate before they are decided."""

    def __init__(self, world: World) -> None:
        super().__init__(world.store, world.clock.now_us)
        self.gate = threading.Event()
        self.arrived = threading.Semaphore(0)
        self.batches: list[list[bytes]] = []
        self.failing: Exception | None = None

    def begin(self, orders: Sequence[Order], *, attempts: Set[int] = frozenset()) -> Posting:
        self.arrived.release()
        self.gate.wait(ANSWER_S)
        self.batches.append([order.id for order in orders])
        if self.failing is not None:
            raise self.failing
        return super().begin(orders, attempts=attempts)


@pytest.fixture
def gated(world: World) -> Iterator[GatedLedger]:
    ledger = GatedLedger(world)
    yield ledger
    ledger.gate.set()


def test_everyone_gets_their_own_outcome(world: World) -> None:
    shop, payers = world.collector(), [world.holder(100) for _ in range(8)]
    found: dict[int, list[Outcome]] = {}

    def submit_all(place: int, payer: AccountId) -> None:
        orders = [pay(1_000 * place + n, payer, shop) for n in range(40)]
        found[place] = answers([gatherer.submit(order) for order in orders])

    with Gatherer(world.ledger) as gatherer:
        run_at_once([partial(submit_all, place, payer) for place, payer in enumerate(payers)])
    for place in range(8):
        ids = [order_id(1_000 + 1_000 * place + n) for n in range(40)]
        assert [outcome.order_id for outcome in found[place]] == ids
        assert all(outcome.accepted for outcome in found[place])
    assert world.balance(shop) == 8 * 40


def run_at_once(actions: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=action) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(ANSWER_S)


def test_orders_are_decided_as_submitted_without_waiting_for_answers(world: World) -> None:
    """Each pays on what the one before it brought: out of turn it would be refused for good."""
    purses = [world.holder(), world.holder()]
    world.must(move(1, purses[0], 5))
    with Gatherer(world.ledger) as gatherer:
        futures = [
            gatherer.submit(pay(number, purses[number % 2], purses[1 - number % 2], 5))
            for number in range(600)
        ]
        outcomes = answers(futures)
    assert [outcome.refusal for outcome in outcomes] == [None] * 600
    numbers = [outcome.number for outcome in outcomes]
    assert numbers == sorted(numbers)


def test_what_gathers_while_one_batch_is_decided_becomes_one_batch(
    world: World, gated: GatedLedger
) -> None:
    aru, shop = world.holder(100), world.collector()
    with Gatherer(gated) as gatherer:
        futures = [gatherer.submit(pay(0, aru, shop))]
        assert gated.arrived.acquire(timeout=ANSWER_S)
        futures += [gatherer.submit(pay(n, aru, shop)) for n in range(1, 20)]
        gated.gate.set()
        assert all(outcome.accepted for outcome in answers(futures))
    assert [len(batch) for batch in gated.batches] == [1, 19]


def test_a_batch_takes_no_more_than_its_measure(
    world: World, gated: GatedLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MAX_GATHERED", 4)
    aru, shop = world.holder(100), world.collector()
    with Gatherer(gated, workers=1) as gatherer:
        futures = [gatherer.submit(pay(0, aru, shop))]
        assert gated.arrived.acquire(timeout=ANSWER_S)
        futures += [gatherer.submit(pay(n, aru, shop)) for n in range(1, 11)]
        gated.gate.set()
        answers(futures)
    assert [len(batch) for batch in gated.batches] == [1, 4, 4, 2]


def test_too_many_waiting_orders_are_sent_away(
    world: World, gated: GatedLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MAX_WAITING", 3)
    aru, shop = world.holder(100), world.collector()
    with Gatherer(gated, workers=1) as gatherer:
        futures = [gatherer.submit(pay(0, aru, shop))]
        assert gated.arrived.acquire(timeout=ANSWER_S)
        futures += [gatherer.submit(pay(n, aru, shop)) for n in range(1, 4)]
        with pytest.raises(Overloaded) as refused:
            gatherer.submit(pay(4, aru, shop))
        assert refused.value.remedy
        gated.gate.set()
        assert all(outcome.accepted for outcome in answers(futures))
        assert gatherer.submit(pay(4, aru, shop)).result(ANSWER_S).accepted
    assert world.ledger.outcome(order_id(1_004)) is not None


def test_closing_answers_everybody_and_takes_no_more(world: World, gated: GatedLedger) -> None:
    aru, shop = world.holder(100), world.collector()
    gatherer = Gatherer(gated)
    futures = [gatherer.submit(pay(n, aru, shop)) for n in range(30)]
    threading.Timer(0.05, gated.gate.set).start()
    gatherer.close()
    assert all(future.done() for future in futures)
    assert all(outcome.accepted for outcome in answers(futures))
    with pytest.raises(StoreFailed):
        gatherer.submit(pay(99, aru, shop))
    gatherer.close()


def test_closing_without_orders_returns(world: World) -> None:
    Gatherer(world.ledger).close()


def test_a_failure_reaches_all_of_its_batch_and_the_next_orders_work(
    world: World, gated: GatedLedger
) -> None:
    aru, shop = world.holder(100), world.collector()
    gated.failing = StoreFailed("the disk is full")
    with Gatherer(gated) as gatherer:
        futures = [gatherer.submit(pay(n, aru, shop)) for n in range(3)]
        gated.gate.set()
        for future in futures:
            with pytest.raises(StoreFailed, match="the disk is full"):
                future.result(ANSWER_S)
        gated.failing = None
        again = [gatherer.submit(pay(n, aru, shop)) for n in range(3)]
        assert all(outcome.accepted and not outcome.replayed for outcome in answers(again))
    assert world.balance(shop) == 3


def test_a_disk_that_fails_later_reaches_all_of_its_batch(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    aru, shop = world.holder(100), world.collector()

    def fail(*_: object) -> None:
        raise OSError("the disk is gone")

    with Gatherer(world.ledger) as gatherer:
        with monkeypatch.context() as patch:
            patch.setattr("kerege.ledger.stores.sqlite_writer._write_batch", fail)
            futures = [gatherer.submit(pay(n, aru, shop)) for n in range(5)]
            for future in futures:
                with pytest.raises(StoreFailed):
                    future.result(ANSWER_S)
        again = answers([gatherer.submit(pay(n, aru, shop)) for n in range(5)])
    assert [outcome.replayed for outcome in again] == [False] * 5
    assert world.balance(shop) == 5


def test_cancelled_orders_are_not_posted_and_stop_nobody(world: World, gated: GatedLedger) -> None:
    aru, shop = world.holder(100), world.collector()
    with Gatherer(gated, workers=1) as gatherer:
        first = gatherer.submit(pay(0, aru, shop))
        assert gated.arrived.acquire(timeout=ANSWER_S)
        given_up = [gatherer.submit(pay(n, aru, shop)) for n in range(1, 4)]
        assert all(future.cancel() for future in given_up)
        gated.gate.set()
        assert first.result(ANSWER_S).accepted
        # All that waited was cancelled: the worker must go on all the same.
        assert gatherer.submit(pay(9, aru, shop)).result(ANSWER_S).accepted
    assert all(world.ledger.outcome(order_id(1_000 + n)) is None for n in range(1, 4))
    assert world.balance(shop) == 2


def test_a_repeat_in_the_same_batch_gets_the_first_outcome(
    world: World, gated: GatedLedger
) -> None:
    aru, shop = world.holder(100), world.collector()
    with Gatherer(gated) as gatherer:
        futures = [gatherer.submit(pay(0, aru, shop)) for _ in range(5)]
        gated.gate.set()
        outcomes = answers(futures)
    assert len({outcome.number for outcome in outcomes}) == 1
    assert world.balance(shop) == 1


def test_out_of_order_workers_answer_everybody_too(world: World) -> None:
    payers, shop = [world.holder(100) for _ in range(4)], world.collector()
    with Gatherer(world.ledger, workers=4, in_order=False) as gatherer:
        futures = [gatherer.submit(pay(n, payers[n % 4], shop)) for n in range(200)]
        assert all(outcome.accepted for outcome in answers(futures))
    assert world.balance(shop) == 200


async def _awaited(gatherer: Gatherer, orders: Sequence[Order]) -> list[bool]:
    one = gatherer.submit_here(orders[0])
    rest = gatherer.submit_all_here(orders[1:])
    return [outcome.accepted for outcome in [await one, *await rest]]


def test_an_event_loop_awaits_answers(world: World) -> None:
    aru, shop = world.holder(2), world.collector()
    orders = [pay(n, aru, shop) for n in range(3)]
    with Gatherer(world.ledger) as gatherer:
        assert asyncio.run(_awaited(gatherer, orders)) == [True, True, False]


async def _abandoned(gatherer: Gatherer, order: Order, gate: threading.Event) -> Outcome:
    gatherer.submit_here(order).cancel()
    gate.set()
    return await gatherer.submit_here(order)


def test_an_answer_nobody_awaits_any_more_is_no_trouble(gated: GatedLedger, world: World) -> None:
    aru, shop = world.holder(2), world.collector()
    with Gatherer(gated) as gatherer:
        assert asyncio.run(_abandoned(gatherer, pay(0, aru, shop), gated.gate)).accepted


async def _alone(gatherer: Gatherer, order: Order) -> Outcome:
    return await gatherer.submit_here(order)


def test_a_failure_reaches_an_event_loop(gated: GatedLedger, world: World) -> None:
    aru, shop = world.holder(2), world.collector()
    gated.failing = StoreFailed("no disk", remedy="mend it")
    gated.gate.set()
    with Gatherer(gated) as gatherer, pytest.raises(StoreFailed):
        asyncio.run(_alone(gatherer, pay(0, aru, shop)))
