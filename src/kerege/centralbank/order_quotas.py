# SPDX-License-Identifier: Apache-2.0
"""How many orders each institution may bring: its quota in the register, counted by a process."""

import threading

from kerege.centralbank.register_participants import Participant, Quota
from kerege.service import Problem, Rates, require_rate

__all__ = ["OrderQuotas"]


class OrderQuotas:
    """One bucket for each institution, made anew when its quota changes. Safe among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[Quota, Rates]] = {}

    def take(self, participant: Participant, count: int, *, now_us: int) -> None:
        """Let `count` orders through; raises `Problem` 429."""
        quota = participant.quota
        if quota.orders_per_s < 1 or quota.burst < 1:
            raise Problem("too_many_requests", "this institution has no quota for orders")
        with self._lock:
            known = self._buckets.get(participant.id)
            if known is None or known[0] != quota:
                rates = Rates(per_s=quota.orders_per_s, burst=quota.burst)
                known = self._buckets[participant.id] = (quota, rates)
        require_rate(known[1], participant.id, now_us=now_us, tokens=count)
