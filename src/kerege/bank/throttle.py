# SPDX-License-Identifier: Apache-2.0
"""How often somebody may do something: counters per subject in fixed windows, shared by all nodes.

A window begins at a multiple of its length, so at its edge up to twice the number may pass within
one length; rules are chosen with that in mind. A subject is stored as a hash only.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from kerege.bank import throttle_store as store
from kerege.runtime.clock import Clock
from kerege.runtime.tables import Tables

__all__ = ["AskedTooOften", "Rule", "Throttle"]

_SECOND_US: Final = 1_000_000


class Rule(Struct, frozen=True):
    """At most `limit` times in each window of `window_s` seconds, counted under `name`."""

    name: str
    limit: int
    window_s: int


class AskedTooOften(Struct, frozen=True):
    """No answer for `wait_s` seconds."""

    wait_s: int


class Throttle:
    """Counts what was done. Safe among threads and processes."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    def wait_s(self, subject: bytes, rules: Iterable[Rule]) -> int:
        """Count once under each rule: 0 if all allow it, else the seconds until the worst one does.

        What is refused counts too: whoever goes on knocking does not get in sooner.
        """
        now_us = self._clock.now_us()
        waits = [0]
        with self._tables.begin() as connection:
            for rule in sorted(rules, key=lambda rule: rule.name):
                window_us = rule.window_s * _SECOND_US
                begins_us = now_us - now_us % window_us
                used = store.count_once(
                    connection, rule.name, hashlib.sha256(subject).digest(), begins_us
                )
                if used > rule.limit:
                    waits.append(-((now_us - begins_us - window_us) // _SECOND_US))
        return max(waits)

    def look_s(self, subject: bytes, rules: Iterable[Rule]) -> int:
        """`wait_s` without counting: 0 while all rules leave room for one more."""
        now_us = self._clock.now_us()
        waits = [0]
        hashed = hashlib.sha256(subject).digest()
        with self._tables.read() as connection:
            for rule in rules:
                window_us = rule.window_s * _SECOND_US
                begins_us = now_us - now_us % window_us
                if store.used(connection, rule.name, hashed, begins_us) >= rule.limit:
                    waits.append(-((now_us - begins_us - window_us) // _SECOND_US))
        return max(waits)

    def tidy(self, *, older_than_s: int) -> int:
        """Remove counters whose window began more than `older_than_s` seconds ago; say how many."""
        before_us = self._clock.now_us() - older_than_s * _SECOND_US
        with self._tables.begin() as connection:
            return store.remove_before(connection, before_us)
