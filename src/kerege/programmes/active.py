# SPDX-License-Identifier: Apache-2.0
"""A programme in force: its mark and the state of its life. Pure."""

from typing import Protocol

from msgspec import Struct

from kerege.ledger.ids import AccountId, Mark
from kerege.programmes.document import Cap, Programme
from kerege.programmes.outcome import Source
from kerege.programmes.situation import Allowed, Blocked, Situation

__all__ = ["ActiveProgramme", "Rules"]


class Rules(Protocol):
    """A programme's compiled rules."""

    def allow(self, situation: Situation) -> Allowed | None:
        """Whether the programme's money may go this way, and how much of it."""

    def judge(self, situation: Situation) -> Allowed | Blocked:
        """The same, and why not."""

    def window_s(self, cap: Cap | Source, *, at_us: int, counted: str) -> int:
        """Seconds until what `cap` counts from `at_us` on is free again, 0: never. `counted`, whom
        it counts, spreads these instants: a million caps must not come back in one."""


class ActiveProgramme(Struct, frozen=True, kw_only=True):
    """What the money of one mark lives under.

    `budget` is the allowance account of what may still be marked; `suspended`: its money rests.
    """

    mark: Mark
    terms: Programme
    rules: Rules
    budget: AccountId
    suspended: bool = False
    closed: bool = False

    def is_over(self, now_us: int) -> bool:
        """Whether its money goes to its funder and nowhere else: its terms ended or it was
        closed."""
        return self.closed or now_us >= self.terms.ends_us
