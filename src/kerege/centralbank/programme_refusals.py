# SPDX-License-Identifier: Apache-2.0
"""How often a programme's rules kept payments from its money: counts by day, for its funder.

Refusals are not in the log, so these are counted as they are answered, in memory, and written every
few seconds. A crash loses the last of them: they are counts for people, and no money hangs on them.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from kerege.centralbank.stores.programmes import count_refusals, read_refusals
from kerege.payments import Verdict
from kerege.runtime.tables import Tables

__all__ = ["MAX_COUNTED", "RefusalCounts"]

MAX_COUNTED: Final = 10_000
"""Rules and days counted between two writings: programmes have tens of rules."""

_OBLIGATIONS: Final = "obligations/"
"""How rules begin that name an obligation of a contract, not a rule of the programme."""

_DAY_US: Final = 24 * 3600 * 1_000_000


class RefusalCounts:
    """Counts refusals that name a programme's rule. Safe among threads and nodes."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._counts: Counter[tuple[str, str, int]] = Counter()
        self._lock = threading.Lock()

    def note(self, verdicts: Iterable[Verdict], *, now_us: int) -> None:
        """Count verdicts as they are given; repeats of an earlier one do not count."""
        rules = [one.rule for one in verdicts if one.rule and not one.replayed]
        if not rules:
            return
        with self._lock:
            for rule in rules:
                programme, _, place = rule.partition("/")
                if place.startswith(_OBLIGATIONS):
                    # Their names are chosen by whoever signs contracts, and without end.
                    place = _OBLIGATIONS.rstrip("/")
                key = (programme, place, now_us // _DAY_US)
                if key in self._counts or len(self._counts) < MAX_COUNTED:
                    self._counts[key] += 1

    def flush(self) -> None:
        """Write what was counted; raises `DatabaseUnavailable` and keeps it then."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        if not counts:
            return
        try:
            with self._tables.begin() as connection:
                count_refusals(connection, counts)
        except BaseException:
            with self._lock:
                self._counts += counts
            raise

    def read(self, programme: str, *, from_us: int, until_us: int) -> Mapping[str, int]:
        """Counts by rule (`route/condition`) of the days (UTC) that a period touches."""
        self.flush()
        with self._tables.read() as connection:
            return read_refusals(
                connection,
                programme,
                first_day=from_us // _DAY_US,
                last_day=max(until_us - 1, from_us) // _DAY_US,
            )
