# SPDX-License-Identifier: Apache-2.0
"""Passing trouble with PostgreSQL: how long to wait before a batch is tried again."""

from time import sleep
from typing import Final

from kerege.ledger.errors import StoreFailed
from kerege.ledger.stores.interface import Retry

__all__ = ["MAX_ATTEMPTS", "PostgresRetry", "pause_s"]

MAX_ATTEMPTS: Final = 9
"""Of one batch. With the pauses between them some three seconds: longer than a server takes
to restart, shorter than a caller is willing to wait."""

_FIRST_PAUSE_S: Final = 0.01
_LONGEST_PAUSE_S: Final = 1.0
_SPREAD: Final = 16


class PostgresRetry(Retry):
    """`trouble` names the reason for a person; `stagger` is any number that differs between
    those who may be in each other's way, so that they do not come back at the same instant.
    """

    def __init__(self, trouble: str, *, stagger: int = 0) -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.stagger = stagger

    def pause(self, attempts: int) -> None:
        """See `Retry.pause`."""
        if attempts >= MAX_ATTEMPTS:
            raise StoreFailed(
                f"the database did not take the batch in {attempts} attempts: {self.trouble}",
                remedy="see that the database is up and not overloaded, then send the same"
                " orders again",
            ) from self.__cause__
        sleep(pause_s(attempts, self.stagger))


def pause_s(attempts: int, stagger: int) -> float:
    """Seconds to wait after `attempts`: doubling, and up to as much again by `stagger`."""
    longest = min(_FIRST_PAUSE_S * (1 << (attempts - 1)), _LONGEST_PAUSE_S)
    return longest * (1 + stagger % _SPREAD / _SPREAD) / 2
