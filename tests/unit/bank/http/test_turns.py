# SPDX-License-Identifier: Apache-2.0
"""Turns of a loop: over together, back together, failures to everyone they concern."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from threading import Thread

import pytest

from kerege.bank.http.turns import Turns


class Far:
    """What is on the other side: answers from a thread."""

    def __init__(self) -> None:
        self.parcels: list[list[int]] = []

    def submit_all(self, items: Sequence[int]) -> list[Future[int]]:
        self.parcels.append(list(items))
        if -1 in items:
            raise ZeroDivisionError
        futures: list[Future[int]] = [Future() for _ in items]
        Thread(target=self._answer, args=(items, futures)).start()
        return futures

    @staticmethod
    def _answer(items: Sequence[int], futures: list[Future[int]]) -> None:
        for item, future in zip(items, futures, strict=True):
            if item == 0:
                future.set_exception(KeyError("none"))
            else:
                future.set_result(item * 10)


def test_one_turn_goes_over_together() -> None:
    far = Far()

    async def ask() -> list[int]:
        turns = Turns(far.submit_all)
        found = await asyncio.gather(*(turns.hand_in(n) for n in (1, 2, 3)))
        return [*found, await turns.hand_in(4)]

    assert asyncio.run(ask()) == [10, 20, 30, 40]
    assert far.parcels == [[1, 2, 3], [4]]


def test_one_failure_is_one_items() -> None:
    async def ask() -> list[int | BaseException]:
        turns = Turns(Far().submit_all)
        return await asyncio.gather(*(turns.hand_in(n) for n in (0, 5)), return_exceptions=True)

    failed, fine = asyncio.run(ask())
    assert isinstance(failed, KeyError)
    assert fine == 50


def test_what_is_not_taken_fails_and_the_next_turn_goes_on() -> None:
    async def ask() -> int:
        turns = Turns(Far().submit_all)
        waiting = [turns.hand_in(n) for n in (1, -1)]
        for each in waiting:
            with pytest.raises(ZeroDivisionError):
                await each
        return await turns.hand_in(6)

    assert asyncio.run(ask()) == 60


def test_who_went_away_is_passed_over() -> None:
    async def ask() -> int:
        turns = Turns(Far().submit_all)
        gone, there = turns.hand_in(1), turns.hand_in(2)
        gone.cancel()
        return await there

    assert asyncio.run(ask()) == 20
