# SPDX-License-Identifier: Apache-2.0
"""Trying a batch again: what a session raises, and how long to wait.

A batch that is posted twice takes effect once, because the ids of its orders tell what was
already done. So the answer to any passing trouble, even a connection lost while the commit
was under way, is to post it again from the beginning.
"""

import time
from typing import Final

from kerege.ledger.errors import StoreFailed

__all__ = ["MAX_ATTEMPTS", "Retry"]

MAX_ATTEMPTS: Final = 9
"""Of one batch. With the pauses between them some three seconds: longer than a server takes
to restart, shorter than a caller is willing to wait."""

_FIRST_PAUSE_S: Final = 0.01
_LONGEST_PAUSE_S: Final = 1.0
_SPREAD: Final = 16


class Retry(Exception):
    """The batch was not confirmed for a passing reason: try it again from the beginning.

    `trouble` names the reason for a person; `stagger` is any number that differs between
    those who may be in each other's way, so that they do not come back at the same instant.
    """

    def __init__(self, trouble: str, *, stagger: int = 0) -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.stagger = stagger

    def pause(self, attempts: int) -> None:
        """Wait before the next attempt, `attempts` having been made; raises `StoreFailed` if
        they were enough."""
        if attempts >= MAX_ATTEMPTS:
            raise StoreFailed(
                f"the database did not take the batch in {attempts} attempts: {self.trouble}",
                remedy="see that the database is up and not overloaded, then send the same"
                " orders again",
            ) from self.__cause__
        time.sleep(pause_s(attempts, self.stagger))


def pause_s(attempts: int, stagger: int) -> float:
    """Seconds to wait after `attempts`: doubling, and up to as much again by `stagger`."""
    longest = min(_FIRST_PAUSE_S * (1 << (attempts - 1)), _LONGEST_PAUSE_S)
    return longest * (1 + stagger % _SPREAD / _SPREAD) / 2
