# SPDX-License-Identifier: Apache-2.0
"""A bell: threads ring it when there is something new, any number of coroutines wait for it.

Whoever waits has looked for news after taking `rung`, so no ring between the two is lost:

    rung = bell.rung
    page = fetch(after)
    if not page: await bell.wait(rung, timeout_s=15)
"""

import asyncio
import threading

__all__ = ["Bell"]


class Bell:
    """Rung from any thread; waited for in event loops."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rung = 0
        self.closed = False
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

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
        for loop, event in waiting:
            # A loop that was closed has nobody waiting in it any more.
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    async def wait(self, rung: int, *, timeout_s: float) -> bool:
        """Wait until it has been rung more than `rung` times; False if that did not happen."""
        entry = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            if self._rung != rung or self.closed:
                return True
            self._waiting.add(entry)
        try:
            await asyncio.wait_for(entry[1].wait(), timeout_s)
        except TimeoutError:
            return False
        finally:
            with self._lock:
                self._waiting.discard(entry)
        return True
