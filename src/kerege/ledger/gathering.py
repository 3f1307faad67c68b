# SPDX-License-Identifier: Apache-2.0
"""Group commit: orders from many submitters, decided and made durable together.

A durable commit costs the same for one order as for thousands. Submitters leave their
orders here; workers take whatever has gathered, post it as one batch, and answer everyone
in it. While one worker waits for the disk another decides the next batch.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext
from types import TracebackType
from typing import Final, TypeVar

from kerege.ledger.errors import Overloaded, StoreFailed
from kerege.ledger.ledger import Ledger, Posting
from kerege.ledger.order import Order
from kerege.ledger.outcome import Outcome

__all__ = ["MAX_GATHERED", "MAX_WAITING", "Gatherer"]

MAX_GATHERED: Final = 4_096
"""Orders taken for one batch: more would make the first of them wait for the last."""

MAX_WAITING: Final = 65_536
"""Orders that may wait; beyond this a submitter is told to come again later."""

_WORKERS: Final = 2

_Batch = list[tuple[Order, Future[Outcome]]]
_T = TypeVar("_T")


class Gatherer:
    """Takes orders from any thread and posts them to `ledger` in batches.

    Orders are decided in the order they were submitted, unless `in_order` is given up so
    that `workers` decide at once, as PostgreSQL can: one for each connection. Two are
    enough for an embedded store, where one decides while the other waits for the disk.
    """

    def __init__(self, ledger: Ledger, *, workers: int = _WORKERS, in_order: bool = True) -> None:
        self._ledger = ledger
        self._deciding = threading.Lock() if in_order else nullcontext()
        self._waiting: deque[tuple[Order, Future[Outcome]]] = deque()
        self._change = threading.Condition()
        self._closing = False
        self._threads = [
            threading.Thread(target=self._work, name=f"ledger-gatherer-{n}", daemon=True)
            for n in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, order: Order) -> Future[Outcome]:
        """The outcome to come; it raises `StoreFailed` if the database did not confirm.

        Raises `Overloaded` when too many orders wait, `StoreFailed` once closed.
        """
        future: Future[Outcome] = Future()
        with self._change:
            if self._closing:
                raise StoreFailed("the ledger is closing", remedy="send the order again later")
            if len(self._waiting) >= MAX_WAITING:
                raise Overloaded(
                    f"{MAX_WAITING} orders are waiting already",
                    remedy="send the order again after a pause",
                )
            self._waiting.append((order, future))
            self._change.notify()
        return future

    def close(self) -> None:
        """Post what waits, then end the workers. The ledger stays open."""
        with self._change:
            self._closing = True
            self._change.notify_all()
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> "Gatherer":
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
                posting = self._begin(batch)
            if posting is not None:
                self._answer(batch, posting)

    def _begin(self, batch: _Batch) -> Posting | None:
        orders = [order for order, _ in batch]
        return self._try(batch, lambda: self._ledger.begin(orders))

    def _answer(self, batch: _Batch, posting: Posting) -> None:
        outcomes = self._try(batch, posting.outcomes)
        if outcomes is not None:
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                future.set_result(outcome)

    def _try(self, batch: _Batch, step: Callable[[], _T]) -> _T | None:
        try:
            return step()
        except Exception as failure:
            # The edge of this thread: whoever waits must hear of it, whatever it is.
            for _, future in batch:
                future.set_exception(failure)
            return None

    def _take(self) -> _Batch | None:
        """The next batch, without what was cancelled; None when there will be no more."""
        with self._change:
            while not self._waiting:
                if self._closing:
                    return None
                self._change.wait()
            count = min(len(self._waiting), MAX_GATHERED)
            taken = [self._waiting.popleft() for _ in range(count)]
        return [item for item in taken if item[1].set_running_or_notify_cancel()]
