# SPDX-License-Identifier: Apache-2.0
"""Batches of orders: alone at once, together under load, never waiting long."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import pytest

from kerege.bank import batching
from kerege.bank.batching import Batching
from kerege.ledger import Overloaded, StoreFailed

SOON_S = 5.0
FOREVER_S = 60.0


class Works:
    """A `begin` that doubles numbers, and holds back answers until it is told."""

    def __init__(self, *, held: bool = False) -> None:
        self.batches: list[list[int]] = []
        self.begun = threading.Semaphore(0)
        self.go = threading.Semaphore(0 if held else 1_000)

    def begin(self, items: list[int]) -> Callable[[], Sequence[int]]:
        self.batches.append(items)
        self.begun.release()

        def answers() -> Sequence[int]:
            assert self.go.acquire(timeout=SOON_S)
            return [2 * item for item in items]

        return answers


def result(future: Future[list[int]]) -> list[int]:
    return future.result(SOON_S)


def test_who_comes_alone_waits_for_nobody() -> None:
    works = Works()
    batches = Batching(works.begin, company_s=FOREVER_S, again_s=FOREVER_S)
    assert [result(batches.submit_all([n])) for n in (1, 2)] == [[2], [4]]
    batches.close()
    assert works.batches == [[1], [2]]


def test_what_comes_while_a_batch_is_under_way_goes_together() -> None:
    works = Works(held=True)
    batches = Batching(works.begin, company_s=FOREVER_S)
    first = batches.submit_all([1])
    assert works.begun.acquire(timeout=SOON_S)
    batches._last_took_s = FOREVER_S
    later = [batches.submit_all([n, n + 1]) for n in (2, 4)]
    assert not works.begun.acquire(timeout=0.05)
    works.go.release(3)
    assert [result(each) for each in (first, *later)] == [[2], [4, 6], [8, 10]]
    batches.close()
    assert works.batches == [[1], [2, 3, 4, 5]]


def test_a_batch_that_hangs_does_not_stop_the_next() -> None:
    works = Works(held=True)
    batches = Batching(works.begin, company_s=0.01)
    batches._last_took_s = FOREVER_S
    futures = [batches.submit_all([1])]
    assert works.begun.acquire(timeout=SOON_S)
    futures.append(batches.submit_all([2]))
    assert works.begun.acquire(timeout=SOON_S)
    works.go.release(2)
    assert [result(each) for each in futures] == [[2], [4]]
    batches.close()


def test_many_do_not_wait() -> None:
    works = Works(held=True)
    batches = Batching(works.begin, company_s=FOREVER_S)
    batches._last_took_s = FOREVER_S
    futures = [batches.submit_all([1])]
    assert works.begun.acquire(timeout=SOON_S)
    futures.append(batches.submit_all(range(batching.MANY)))
    assert works.begun.acquire(timeout=SOON_S)
    works.go.release(2)
    assert [len(result(each)) for each in futures] == [1, batching.MANY]
    batches.close()


def test_under_load_those_who_were_answered_are_waited_for() -> None:
    works = Works()
    batches = Batching(works.begin, again_s=FOREVER_S)
    assert result(batches.submit_all(range(5))) == [0, 2, 4, 6, 8]
    parts = [batches.submit_all([n]) for n in range(5)]
    assert [result(each) for each in parts] == [[0], [2], [4], [6], [8]]
    assert works.batches[1:] == [[0, 1, 2, 3, 4]]
    alone = batches.submit_all([7])
    batches.close()
    assert result(alone) == [14]


def test_but_not_long() -> None:
    works = Works()
    batches = Batching(works.begin, again_s=0.01)
    assert len(result(batches.submit_all(range(5)))) == 5
    assert result(batches.submit_all([1])) == [2]
    batches.close()


@pytest.mark.parametrize("late", [False, True])
def test_whoever_waits_hears_of_a_failure(late: bool) -> None:
    def fail() -> Sequence[int]:
        raise ZeroDivisionError

    def begin(_: list[int]) -> Callable[[], Sequence[int]]:
        return fail if late else fail()  # type: ignore[return-value]

    batches = Batching(begin)
    for _ in range(5):  # the workers live on
        assert isinstance(batches.submit_all([1]).exception(SOON_S), ZeroDivisionError)
    batches.close()


def test_too_many() -> None:
    works = Works(held=True)
    batches = Batching(works.begin, company_s=FOREVER_S)
    batches._last_took_s = FOREVER_S
    first = batches.submit_all([1])
    assert works.begun.acquire(timeout=SOON_S)
    with pytest.raises(Overloaded):
        batches.submit_all(range(batching.MAX_WAITING + 1))
    works.go.release(1)
    assert result(first) == [2]
    batches.close()
    with pytest.raises(StoreFailed):
        batches.submit_all([1])
