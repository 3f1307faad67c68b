# SPDX-License-Identifier: Apache-2.0
"""A programme in force: its mark and the state of its life. Pure."""

from typing import Protocol

from msgspec import Struct

from kerege.ledger.ids import AccountId, Mark
from kerege.programmes.document import Programme
from kerege.programmes.situation import Allowed, Blocked, Situation

__all__ = ["ActiveProgramme", "Rules"]


class Rules(Protocol):
    """A programme's compiled rules."""

    def judge(self, situation: Situation) -> Allowed | Blocked:
        """Whether the programme's money may go this way."""


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
