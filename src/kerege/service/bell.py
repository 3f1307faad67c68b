# SPDX-License-Identifier: Apache-2.0
"""A bell: threads ring it when there is something new, any number of coroutines and threads wait.

Whoever waits has looked for news after taking `rung`, so no ring between the two is lost:

    rung = bell.rung
    page = fetch(after)
    if not page: await bell.wait(rung, timeout_s=15)
"""

import asyncio
import threading

__all__ = ["Bell"]


class Bell:
    """Rung from any thread; waited for in event loops and threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rung = 0
        self.closed = False
        self._waiting: set[_Sleeper] = set()

    @property
    def rung(self) -> int:
        """How often it was rung."""
        return self._rung

    def close(self) -> None:
        """Wake everyone who waits for the last time: nobody waits from now on."""
        self.closed = True
        self.ring()

    def ring(self) -> None:
        """Wake everyone who waits."""
        with self._lock:
            self._rung += 1
            waiting, self._waiting = self._waiting, set()
        for sleeper in waiting:
            sleeper.wake()

    async def wait(self, rung: int, *, timeout_s: float) -> bool:
        """Wait until it has been rung more than `rung` times; False if that did not happen."""
        sleeper = _InLoop()
        if not self._lies_down(sleeper, rung):
            return True
        try:
            await asyncio.wait_for(sleeper.rings.wait(), timeout_s)
        except TimeoutError:
            return False
        finally:
            self._gets_up(sleeper)
        return True

    def wait_in_thread(self, rung: int, *, timeout_s: float) -> bool:
        """`wait` for a thread of its own."""
        sleeper = _InThread()
        if not self._lies_down(sleeper, rung):
            return True
        try:
            return sleeper.rings.wait(timeout_s)
        finally:
            self._gets_up(sleeper)

    def _lies_down(self, sleeper: "_Sleeper", rung: int) -> bool:
        with self._lock:
            if self._rung != rung or self.closed:
                return False
            self._waiting.add(sleeper)
        return True

    def _gets_up(self, sleeper: "_Sleeper") -> None:
        with self._lock:
            self._waiting.discard(sleeper)


class _InLoop:
    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.rings = asyncio.Event()

    def wake(self) -> None:
        # A loop that was closed has nobody waiting in it any more.
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.rings.set)


class _InThread:
    def __init__(self) -> None:
        self.rings = threading.Event()

    def wake(self) -> None:
        self.rings.set()


_Sleeper = _InLoop | _InThread
