# SPDX-License-Identifier: Apache-2.0
"""Time-ordered 16-byte ids: UUID version 7, RFC 9562 section 5.7.

    48 bits  milliseconds since 1970-01-01 UTC
     4 bits  version, 7
    12 bits  counter, high part       (rand_a)
     2 bits  variant, 0b10
    30 bits  counter, low part        (rand_b)
    32 bits  random                   (rand_b)

The counter of 42 bits is the fixed-length dedicated counter of section 6.2, method 1: each
millisecond seeds it at random with its highest bit zero, each further id adds one, and an
overflow borrows the next millisecond. Ids of one maker therefore always grow, as 16 bytes and
as text, and an index on them grows at its end. Ids are unique, not secret.
"""

import threading

from kerege.runtime.clock import LATEST_US, Clock
from kerege.runtime.randomness import Randomness

__all__ = ["ID_BYTES", "IdMaker"]

ID_BYTES = 16

_COUNTER_BITS = 42
_TAIL_BITS = 32
_LOW_BITS = 30
_VERSION = 7 << 76
_VARIANT = 0b10 << 62


class IdMaker:
    """Makes ids from a clock and randomness. Safe among threads; each process has its own."""

    def __init__(self, clock: Clock, randomness: Randomness) -> None:
        self._clock = clock
        self._randomness = randomness
        self._lock = threading.Lock()
        self._last_ms = -1
        self._counter = 0

    def make(self) -> bytes:
        """A new id of 16 bytes, greater than every id this maker made before.

        Raises `OverflowError` past the year 10889, when 48 bits of milliseconds are used up.
        """
        with self._lock:
            self._step(self._clock.now_us() // 1_000)
            moment, counter = self._last_ms, self._counter
        tail = int.from_bytes(self._randomness.draw(_TAIL_BITS // 8))
        high, low = counter >> _LOW_BITS, counter & ((1 << _LOW_BITS) - 1)
        number = moment << 80 | _VERSION | high << 64 | _VARIANT | low << _TAIL_BITS | tail
        return number.to_bytes(ID_BYTES)

    def _step(self, now_ms: int) -> None:
        """Set moment and counter for the next id, which must follow the last one."""
        if now_ms > self._last_ms:
            self._last_ms, self._counter = now_ms, self._seed()
        else:
            self._counter += 1
            if self._counter >> _COUNTER_BITS:
                self._last_ms, self._counter = self._last_ms + 1, self._seed()
        if self._last_ms > LATEST_US // 1_000:
            raise OverflowError("an id cannot hold a time past the year 10889")

    def _seed(self) -> int:
        """A random start with the highest bit zero, so that a millisecond has room to count."""
        return int.from_bytes(self._randomness.draw(6)) >> (48 - _COUNTER_BITS + 1)
