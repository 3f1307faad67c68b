# SPDX-License-Identifier: Apache-2.0
"""Programmes as the register knows them, and what the money of each mark lives under."""

import threading
from collections.abc import Callable, Mapping
from enum import StrEnum, unique
from typing import Final

from msgspec import Struct

from kerege.ledger import AccountId, Mark
from kerege.payments.ids import WalletId
from kerege.programmes import ActiveProgramme, Programme
from kerege.programmes.active import Rules

__all__ = [
    "MAX_MARKS",
    "MAX_PROGRAMMES",
    "Activated",
    "ProgrammeBook",
    "ProgrammeRecord",
    "ProgrammeState",
    "RulesOf",
]

MAX_PROGRAMMES: Final = 1_000
"""Programmes of one core, closed ones too: a country has tens, and every node keeps them all."""

MAX_MARKS: Final = 4_096
"""Marks of one core: the rules behind each are compiled and kept in memory by every node."""

RulesOf = Callable[[Programme], Rules]
"""Compiles a programme's rules."""


@unique
class ProgrammeState(StrEnum):
    """The life of a programme."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    """Its money rests where it is, and does not return either."""
    CLOSED = "closed"
    """Its money is returning to the funder; nothing is marked any more."""
    SETTLED = "settled"
    """Closed, and all its money is back."""

    @property
    def is_over(self) -> bool:
        """Whether it ended for good."""
        return self in (ProgrammeState.CLOSED, ProgrammeState.SETTLED)


class Activated(Struct, frozen=True):
    """A version in force: its terms, the proposal that put them in force, and when (µs)."""

    terms: Programme
    proposal: str
    at_us: int


class ProgrammeRecord(Struct, frozen=True, kw_only=True):
    """One programme. `budget` is the account of what may still be marked; `marks` are all it ever
    had, each with the version its money lives under, the newest mark (of new money) last.

    `changed_by` is the proposal of the last change of state, `authority` and `reason` its ground;
    empty before the first.
    """

    id: str
    asset: str
    funder: WalletId
    budget: AccountId
    state: ProgrammeState
    newest: Activated
    marks: Mapping[Mark, Activated]
    changed_by: str = ""
    authority: str = ""
    reason: str = ""

    @property
    def mark(self) -> Mark:
        """The mark that new money gets."""
        return max(self.marks)


class ProgrammeBook:
    """Programmes by mark with compiled rules, each version compiled once. Safe among threads."""

    def __init__(self, rules_of: RulesOf) -> None:
        self._rules_of = rules_of
        self._rules: dict[tuple[str, int], Rules] = {}
        self._lock = threading.Lock()
        self._read: tuple[Mapping[str, ProgrammeRecord], Mapping[Mark, ActiveProgramme]] = ({}, {})

    def by_mark(self, records: Mapping[str, ProgrammeRecord]) -> Mapping[Mark, ActiveProgramme]:
        """What the money of each mark lives under; the same answer for the same `records`."""
        read = self._read
        if read[0] is records:
            return read[1]
        with self._lock:
            self._read = (records, self._compile(records))
            return self._read[1]

    def _compile(self, records: Mapping[str, ProgrammeRecord]) -> dict[Mark, ActiveProgramme]:
        rules: dict[tuple[str, int], Rules] = {}
        found: dict[Mark, ActiveProgramme] = {}
        for record in records.values():
            for mark, activated in record.marks.items():
                version = record.id, activated.terms.version
                known = rules.get(version) or self._rules.get(version)
                rules[version] = known or self._rules_of(activated.terms)
                found[mark] = ActiveProgramme(
                    mark=mark,
                    terms=activated.terms,
                    rules=rules[version],
                    budget=record.budget,
                    suspended=record.state is ProgrammeState.SUSPENDED,
                    closed=record.state.is_over,
                )
        self._rules = rules
        return dict(sorted(found.items()))
