# SPDX-License-Identifier: Apache-2.0
"""The only clock: microseconds since 1970-01-01 UTC, never going back.

Rules never ask for the time; a shell asks here and hands `now_us` down.
"""

import threading
import time
from collections.abc import Callable
from typing import Protocol

__all__ = ["LATEST_US", "Clock", "ManualClock", "SystemClock"]

LATEST_US = (1 << 48) * 1_000 - 1
"""Microseconds; the last instant a UUIDv7's 48-bit milliseconds can hold, in the year 10889."""


class Clock(Protocol):
    """Something that tells the time."""

    def now_us(self) -> int:
        """Microseconds since 1970-01-01 UTC; at least what any earlier call returned."""
        ...


class SystemClock:
    """The machine's clock. When the machine's time is set back, ours stands until it catches up.

    `read_ns` is the source, nanoseconds since 1970; it may jump either way. Safe among threads.
    """

    def __init__(self, read_ns: Callable[[], int] = time.time_ns) -> None:
        self._read_ns = read_ns
        self._latest_us = 0
        self._lock = threading.Lock()

    def now_us(self) -> int:
        """Microseconds since 1970-01-01 UTC; at least what any earlier call returned."""
        with self._lock:
            self._latest_us = max(self._latest_us, self._read_ns() // 1_000)
            return self._latest_us


class ManualClock:
    """A clock that moves only when told: the twin for tests and simulation.

    Raises `ValueError` if `start_us` lies outside 0 to `LATEST_US`.
    """

    def __init__(self, start_us: int = 0) -> None:
        self._now_us = 0
        self._lock = threading.Lock()
        self.advance_us(start_us)

    def now_us(self) -> int:
        """The instant it was last moved to."""
        return self._now_us

    def advance_us(self, step_us: int) -> None:
        """Move forward by `step_us` microseconds.

        Raises `ValueError` if that would go back or past `LATEST_US`: a fault of the test.
        """
        if step_us < 0:
            raise ValueError(f"a clock never goes back, asked to move by {step_us} microseconds")
        with self._lock:
            if self._now_us + step_us > LATEST_US:
                raise ValueError(f"the last instant is {LATEST_US} microseconds since 1970")
            self._now_us += step_us
