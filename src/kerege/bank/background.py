# SPDX-License-Identifier: Apache-2.0
"""What a bank node does while nobody asks: read the core's events, see open orders through.

Each job is a thread that does its work again and again, and waits after a failure: the work is made
so that it may be repeated. A failure is logged, never fatal: the database or the core come back.
"""

import threading
from collections.abc import Callable
from typing import Final

from kerege.bank.core_line import CoreUnreachable
from kerege.service import log_fault

__all__ = ["Job"]

_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0


class Job:
    """A thread that calls `work` until it is stopped; `work` returns the seconds to wait then."""

    def __init__(
        self, name: str, work: Callable[[], float], *, first_pause_s: float = _FIRST_PAUSE_S
    ) -> None:
        """After a failure it waits `first_pause_s`, then twice as long each time."""
        self._work = work
        self._first_pause_s = first_pause_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, *, wait_s: float) -> None:
        """End after what is under way, or after `wait_s` without it."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(wait_s)

    def _run(self) -> None:
        pause_s = self._first_pause_s
        while not self._stop.is_set():
            try:
                wait_s = self._work()
                pause_s = self._first_pause_s
            except Exception as fault:
                # The last frame of this thread: the work goes on, whatever it was.
                if not isinstance(fault, CoreUnreachable):
                    log_fault(fault)
                wait_s, pause_s = pause_s, min(pause_s * 2, _LONGEST_PAUSE_S)
            self._stop.wait(wait_s)
