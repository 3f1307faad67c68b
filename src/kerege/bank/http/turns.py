# SPDX-License-Identifier: Apache-2.0
"""Between an event loop and threads: what requests hand in during one turn of the loop goes over
together, and answers come back together. One by one, each would wake a thread, and then the loop.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

__all__ = ["Turns"]

_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")
_Pair = tuple[asyncio.Future[_Answer], Future[_Answer]]


class Turns(Generic[_Item, _Answer]):
    """Hands items to `submit_all`, which gives a future for each. For one event loop at a time."""

    def __init__(self, submit_all: Callable[[Sequence[_Item]], Sequence[Future[_Answer]]]) -> None:
        self._submit_all = submit_all
        self._waiting: list[tuple[_Item, asyncio.Future[_Answer]]] = []
        self._lock = threading.Lock()
        self._answered: list[_Pair[_Answer]] = []

    def hand_in(self, item: _Item) -> asyncio.Future[_Answer]:
        """The answer to come; it raises what `submit_all` or the item's future raises."""
        loop = asyncio.get_running_loop()
        awaited: asyncio.Future[_Answer] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._hand_over, loop)
        self._waiting.append((item, awaited))
        return awaited

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            futures = self._submit_all([item for item, _ in waiting])
        except Exception as failure:
            # The edge of this turn: whoever waits must hear of it, whatever it is.
            for _, awaited in waiting:
                if not awaited.done():
                    awaited.set_exception(failure)
            return
        for (_, awaited), future in zip(waiting, futures, strict=True):
            future.add_done_callback(self._bring_back(loop, awaited))

    def _bring_back(
        self, loop: asyncio.AbstractEventLoop, awaited: asyncio.Future[_Answer]
    ) -> Callable[[Future[_Answer]], None]:
        def bring(future: Future[_Answer]) -> None:
            with self._lock:
                self._answered.append((awaited, future))
                first = len(self._answered) == 1
            # A loop that was closed has nobody waiting in it any more.
            if first and not loop.is_closed():
                loop.call_soon_threadsafe(self._answer)

        return bring

    def _answer(self) -> None:
        with self._lock:
            answered, self._answered = self._answered, []
        for awaited, future in answered:
            # Whoever asked may have gone.
            if awaited.done():
                continue
            failure = future.exception()
            if failure is None:
                awaited.set_result(future.result())
            else:
                awaited.set_exception(failure)
