# SPDX-License-Identifier: Apache-2.0
"""Token buckets: how much each of many callers may ask for, and how long to wait. No clock here.

A caller has `burst` tokens at first and gets `per_s` a second, never more than `burst`. State is
the process's own: with several processes on one database each grants the rate, and a proxy that
spreads requests evenly makes that the sum. What must hold exactly (an institution's orders, money)
is not counted here.
"""

import threading
from collections import OrderedDict
from typing import Final

__all__ = ["MAX_CALLERS", "Rates"]

MAX_CALLERS: Final = 20_000
"""Callers remembered, some 200 bytes each; beyond that the one not heard of the longest is
forgotten, and starts with a full bucket. Someone with as many addresses is a matter for the
network in front."""

_US: Final = 1_000_000


class Rates:
    """Buckets by caller. Safe among threads."""

    def __init__(self, *, per_s: float, burst: float, max_callers: int = MAX_CALLERS) -> None:
        """Grant `per_s` tokens a second, `burst` at once."""
        if per_s <= 0 or burst < 1:
            raise ValueError(f"a rate of {per_s} a second, {burst} at once, grants nothing")
        self._per_s = per_s
        self._burst = burst
        self._max_callers = max_callers
        self._lock = threading.Lock()
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def look(self, caller: str, *, now_us: int) -> float:
        """In how many seconds a token will be there; takes none."""
        with self._lock:
            full_in_s = self._full_at.get(caller, 0.0) - now_us / _US
        return max(0.0, (1 - self._burst) / self._per_s + full_in_s)

    def take(self, caller: str, *, now_us: int, tokens: float = 1) -> float:
        """Take `tokens`; 0 if they were there, else in how many seconds they will be.

        More than `burst` are granted as `burst` would be, and paid back afterwards: a large
        request waits no longer than for a full bucket, but empties it for as long as it should.
        """
        now_s = now_us / _US
        with self._lock:
            # One number is a bucket: when it will be full again.
            full_at = max(self._full_at.pop(caller, 0.0), now_s)
            there = self._burst - (full_at - now_s) * self._per_s
            short = min(tokens, self._burst) - there
            granted = short <= 1e-9
            self._full_at[caller] = full_at + tokens / self._per_s if granted else full_at
            if len(self._full_at) > self._max_callers:
                self._full_at.popitem(last=False)
        return 0.0 if granted else short / self._per_s
