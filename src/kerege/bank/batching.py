# SPDX-License-Identifier: Apache-2.0
"""Makes batches of orders: one at once where nothing is under way, larger ones under load.

A batch costs the bank and the core several milliseconds however small it is. So under load an order
waits for company: as many as came together last time, or a few milliseconds; and while a batch is
under way for longer, but never long, for that one may hang on a line that is down. Who comes alone
waits for nobody.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, Final, Generic, NamedTuple, TypeVar

from kerege.ledger.errors import Overloaded, StoreFailed

__all__ = ["COMPANY_S", "MANY", "MAX_WAITING", "Batching"]

COMPANY_S: Final = 0.25
"""How long an order waits at most while a batch is under way. Usually that is over sooner: it waits
no longer than the last batch took, or a little more."""

AGAIN_S: Final = 0.005
"""How long it waits at least for as many as came last time: those who had their answers then need
about so long to come again, or a part of the time a batch takes where everything is slow."""

_FEW: Final = 3
"""Orders that came together last time and are no sign of load."""

MANY: Final = 512
"""Orders that do not wait for more: what a batch costs whatever its size is then next to nothing
for each of them."""

_MAX_TAKEN: Final = 4_096
"""Orders in one batch, as many as the core takes at once."""

MAX_WAITING: Final = 65_536
"""Orders that may wait; beyond this a submitter is told to come again later."""

_WORKERS: Final = 3
"""Batches under way at once."""

_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")


class _Parcel(NamedTuple, Generic[_Item, _Answer]):
    """What one submitter brought together, and since when it waits."""

    items: Sequence[_Item]
    answers: Future[list[_Answer]]
    since_s: float


class Batching(Generic[_Item, _Answer]):
    """Takes items from any thread, hands batches of them to `begin` one after the other; what that
    returns waits for the answers, of several batches at once. An item that fails fails its batch.
    """

    def __init__(
        self,
        begin: Callable[[list[_Item]], Callable[[], Sequence[_Answer]]],
        *,
        company_s: float = COMPANY_S,
        again_s: float = AGAIN_S,
        workers: int = _WORKERS,
    ) -> None:
        self._begin = begin
        self._company_s = company_s
        self._again_s = again_s
        self._last_count = 0
        self._last_took_s = 0.0
        self._beginning = threading.Lock()
        self._change = threading.Condition()
        self._waiting: deque[_Parcel[_Item, _Answer]] = deque()
        self._count = 0
        self._under_way = 0
        self._closing = False
        self._threads = [
            threading.Thread(target=self._work, name=f"orders-{n}", daemon=True)
            for n in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def submit_all(self, items: Sequence[_Item]) -> Future[list[_Answer]]:
        """The answers to come, in the items' order. Raises `Overloaded`, or `StoreFailed` once
        closed."""
        parcel = _Parcel[_Item, _Answer](items, Future(), time.monotonic())
        with self._change:
            if self._closing:
                raise StoreFailed("the bank is closing", remedy="send the order again later")
            if self._count + len(items) > MAX_WAITING:
                raise Overloaded(
                    f"{self._count} orders are waiting already",
                    remedy="send the order again after a pause",
                )
            self._waiting.append(parcel)
            self._count += len(items)
            self._change.notify()
        return parcel.answers

    def close(self) -> None:
        """See through what waits, then end."""
        with self._change:
            self._closing = True
            self._change.notify_all()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while True:
            with self._beginning:
                batch = self._take()
                if batch is None:
                    return
                begun_s = time.monotonic()
                items = [item for parcel in batch for item in parcel.items]
                answers: Any = _tried(lambda items=items: self._begin(items))  # type: ignore[misc]
            if not isinstance(answers, Exception):
                answers = _tried(answers)
            with self._change:
                self._under_way -= 1
                self._last_took_s = time.monotonic() - begun_s
                self._change.notify()
            _tell(batch, answers)

    def _take(self) -> list[_Parcel[_Item, _Answer]] | None:
        """The next batch, once it need not wait any more; None when there will be no more."""
        with self._change:
            while (left_s := self._left_s()) != 0:
                if left_s is None and self._closing:
                    return None
                self._change.wait(left_s)
            batch = [self._waiting.popleft()]
            count = len(batch[0].items)
            while self._waiting and count + len(self._waiting[0].items) <= _MAX_TAKEN:
                batch.append(self._waiting.popleft())
                count += len(batch[-1].items)
            self._count -= count
            self._last_count = count
            self._under_way += 1
        return batch

    def _left_s(self) -> float | None:
        """How long the next batch still waits for company; None if there is nothing to send."""
        if not self._waiting:
            return None
        if self._count >= MANY or self._closing:
            return 0
        if self._under_way:
            waits_s = self._last_took_s * 1.5
        else:
            is_load = self._last_count > _FEW and self._count < self._last_count
            waits_s = max(self._again_s, self._last_took_s / 4) if is_load else 0
        waits_s = min(waits_s, self._company_s)
        return max(self._waiting[0].since_s + waits_s - time.monotonic(), 0)


def _tried(step: Callable[[], Any]) -> Any:
    try:
        return step()
    except Exception as failure:
        # The edge of this thread: whoever waits must hear of it, whatever it is.
        return failure


def _tell(batch: Sequence[_Parcel[Any, Any]], answers: Any) -> None:
    start = 0
    for parcel in batch:
        end = start + len(parcel.items)
        if isinstance(answers, Exception):
            parcel.answers.set_exception(answers)
        else:
            parcel.answers.set_result(list(answers[start:end]))
        start = end
