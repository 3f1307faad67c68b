# SPDX-License-Identifier: Apache-2.0
"""Group commit: orders from many submitters, decided and made durable together.

A durable commit costs the same for one order as for thousands. Submitters leave their
orders here; workers take whatever has gathered, post it as one batch, and answer everyone
in it. While one worker waits for the disk another decides the next batch.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import nullcontext
from functools import partial
from types import TracebackType
from typing import Final, Generic, Self, TypeVar

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
        self._waiting: deque[tuple[_Item, Future[_Answer]]] = deque()
        self._change = threading.Condition()
        self._closing = False
        self._threads = [
            threading.Thread(target=self._work, name=f"ledger-gatherer-{n}", daemon=True)
            for n in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, item: _Item) -> Future[_Answer]:
        """The answer to come; it raises `StoreFailed` if the database did not confirm.

        Raises `Overloaded` when too many orders wait, `StoreFailed` once closed.
        """
        future: Future[_Answer] = Future()
        with self._change:
            if self._closing:
                raise StoreFailed("the ledger is closing", remedy="send the order again later")
            if len(self._waiting) >= MAX_WAITING:
                raise Overloaded(
                    f"{MAX_WAITING} orders are waiting already",
                    remedy="send the order again after a pause",
                )
            self._waiting.append((item, future))
            self._change.notify()
        return future

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
                items = [item for item, _ in batch]
                waiting = self._try(batch, partial(self._begin_batch, items))
            if waiting is not None:
                self._answer(batch, waiting)

    def _answer(
        self,
        batch: list[tuple[_Item, Future[_Answer]]],
        waiting: Callable[[], Sequence[_Answer]],
    ) -> None:
        answers = self._try(batch, waiting)
        if answers is not None:
            for (_, future), answer in zip(batch, answers, strict=True):
                future.set_result(answer)

    def _try(self, batch: list[tuple[_Item, Future[_Answer]]], step: Callable[[], _T]) -> _T | None:
        try:
            return step()
        except Exception as failure:
            # The edge of this thread: whoever waits must hear of it, whatever it is.
            for _, future in batch:
                future.set_exception(failure)
            return None

    def _take(self) -> list[tuple[_Item, Future[_Answer]]] | None:
        """The next batch, without what was cancelled; None when there will be no more."""
        with self._change:
            while not self._waiting:
                if self._closing:
                    return None
                self._change.wait()
            count = min(len(self._waiting), MAX_GATHERED)
            taken = [self._waiting.popleft() for _ in range(count)]
        return [item for item in taken if item[1].set_running_or_notify_cancel()]


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
