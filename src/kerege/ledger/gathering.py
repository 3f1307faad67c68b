# SPDX-License-Identifier: Apache-2.0
"""Group commit: orders from many submitters, decided and made durable together.

A durable commit costs the same for one order as for thousands. Submitters leave their
orders here; workers take whatever has gathered, post it as one batch, and answer everyone
in it. While one worker waits for the disk another decides the next batch.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import nullcontext, suppress
from functools import partial
from types import TracebackType
from typing import Any, Final, Generic, NamedTuple, Self, TypeVar

from kerege.ledger.errors import Overloaded, StoreFailed
from kerege.ledger.ledger import Ledger
from kerege.ledger.order import Order
from kerege.ledger.outcome import Outcome

__all__ = ["MAX_GATHERED", "MAX_WAITING", "Gatherer", "Gathering"]

MAX_GATHERED: Final = 4_096
"""Orders taken for one batch: more would make the first of them wait for the last."""

MAX_WAITING: Final = 65_536
"""Orders that may wait; beyond this a submitter is told to come again later."""

_WORKERS: Final = 2

_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")
_T = TypeVar("_T")


class _Parcel(NamedTuple, Generic[_Item]):
    """Items that one submitter brought together, and what tells it their answers: a list of
    them, or the only one's if it came `alone`. In an event loop that is a future of the loop."""

    items: Sequence[_Item]
    answers: Future[Any] | asyncio.Future[Any]
    alone: bool


class Gathering(Generic[_Item, _Answer]):
    """Takes items from any thread and hands them in batches to `begin`, which decides them and
    returns what waits for the answers, one an item.

    Items are begun in the order they were submitted, unless `in_order` is given up so that
    `workers` begin at once.
    """

    def __init__(
        self,
        begin: Callable[[list[_Item]], Callable[[], Sequence[_Answer]]],
        *,
        workers: int = _WORKERS,
        in_order: bool = True,
    ) -> None:
        self._begin_batch = begin
        self._deciding = threading.Lock() if in_order else nullcontext()
        self._waiting: deque[_Parcel[_Item]] = deque()
        self._count = 0
        self._change = threading.Condition()
        self._closing = False
        self._threads = [
            threading.Thread(target=self._work, name=f"ledger-gatherer-{n}", daemon=True)
            for n in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def submit_all(self, items: Sequence[_Item]) -> Future[list[_Answer]]:
        """The answers to come, in the items' order; they raise `StoreFailed` if the database did
        not confirm.

        Raises `Overloaded` when too many items wait, `StoreFailed` once closed.
        """
        future: Future[list[_Answer]] = Future()
        self._put(_Parcel(items, future, alone=False))
        return future

    def submit(self, item: _Item) -> Future[_Answer]:
        """`submit_all` for one item."""
        future: Future[_Answer] = Future()
        self._put(_Parcel((item,), future, alone=True))
        return future

    def submit_here(self, item: _Item) -> asyncio.Future[_Answer]:
        """`submit` in an event loop: the answer is awaited there."""
        future: asyncio.Future[_Answer] = asyncio.get_running_loop().create_future()
        self._put(_Parcel((item,), future, alone=True))
        return future

    def submit_all_here(self, items: Sequence[_Item]) -> asyncio.Future[list[_Answer]]:
        """`submit_all` in an event loop."""
        future: asyncio.Future[list[_Answer]] = asyncio.get_running_loop().create_future()
        self._put(_Parcel(items, future, alone=False))
        return future

    def _put(self, parcel: _Parcel[_Item]) -> None:
        count = len(parcel.items)
        with self._change:
            if self._closing:
                raise StoreFailed("the ledger is closing", remedy="send the order again later")
            if self._count + count > MAX_WAITING:
                raise Overloaded(
                    f"{self._count} orders are waiting already",
                    remedy="send the order again after a pause",
                )
            self._waiting.append(parcel)
            self._count += count
            self._change.notify()

    def close(self) -> None:
        """Post what waits, then end the workers. The ledger stays open."""
        with self._change:
            self._closing = True
            self._change.notify_all()
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _work(self) -> None:
        while True:
            with self._deciding:
                batch = self._take()
                if batch is None:
                    return
                items = [item for parcel in batch for item in parcel.items]
                waiting = self._try(batch, partial(self._begin_batch, items))
            if waiting is not None:
                self._answer(batch, waiting)

    def _answer(
        self,
        batch: list[_Parcel[_Item]],
        waiting: Callable[[], Sequence[_Answer]],
    ) -> None:
        answers = self._try(batch, waiting)
        if answers is None:
            return
        start = 0
        told = []
        for parcel in batch:
            end = start + len(parcel.items)
            told.append((parcel, answers[start] if parcel.alone else list(answers[start:end])))
            start = end
        _tell(told)

    def _try(self, batch: list[_Parcel[_Item]], step: Callable[[], _T]) -> _T | None:
        try:
            return step()
        except Exception as failure:
            # The edge of this thread: whoever waits must hear of it, whatever it is.
            _tell([(parcel, failure) for parcel in batch])
            return None

    def _take(self) -> list[_Parcel[_Item]] | None:
        """The next batch, without what was cancelled; None when there will be no more."""
        with self._change:
            while not self._waiting:
                if self._closing:
                    return None
                self._change.wait()
            taken = [self._waiting.popleft()]
            count = len(taken[0].items)
            while self._waiting and count + len(self._waiting[0].items) <= MAX_GATHERED:
                taken.append(self._waiting.popleft())
                count += len(taken[-1].items)
            self._count -= count
        return [parcel for parcel in taken if _is_awaited(parcel.answers)]


def _is_awaited(answers: Future[Any] | asyncio.Future[Any]) -> bool:
    if isinstance(answers, Future):
        return answers.set_running_or_notify_cancel()
    return not answers.cancelled()


def _tell(told: Sequence[tuple[_Parcel[Any], Any]]) -> None:
    """Give everyone their answers, or the failure; each event loop is woken once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
    for parcel, answer in told:
        if isinstance(parcel.answers, Future):
            _settle(parcel.answers, answer)
        else:
            by_loop.setdefault(parcel.answers.get_loop(), []).append((parcel.answers, answer))
    for loop, answers in by_loop.items():
        # A loop that was closed has nobody waiting in it any more.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle_all, answers)


def _settle_all(answers: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, answer in answers:
        if not future.done():
            _settle(future, answer)


def _settle(future: Future[Any] | asyncio.Future[Any], answer: Any) -> None:
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)


class Gatherer(Gathering[Order, Outcome]):
    """Takes orders from any thread and posts them to `ledger` in batches.

    Orders are decided in the order they were submitted, unless `in_order` is given up so
    that `workers` decide at once, as PostgreSQL can: one for each connection. Two are
    enough for an embedded store, where one decides while the other waits for the disk.
    """

    def __init__(self, ledger: Ledger, *, workers: int = _WORKERS, in_order: bool = True) -> None:
        super().__init__(
            lambda orders: ledger.begin(orders).outcomes, workers=workers, in_order=in_order
        )
