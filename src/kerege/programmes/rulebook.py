# SPDX-License-Identifier: Apache-2.0
"""A programme's rules, compiled: whether its money may go a way, and which rule says no. Pure.

This runs for every payment of a wallet that holds marked money. Which route it is hangs on what
few values there are of (kinds, categories, no identities), so it is found once for each and
remembered. The conditions of a route are asked in one expression; only when that is false is each
asked by itself, to name it.
"""

from collections.abc import Hashable
from typing import Final

from msgspec.structs import replace

from kerege.programmes.calendar import Days, Moment, seconds_left, spread_seconds
from kerege.programmes.cel import Expression, Reader, Together
from kerege.programmes.cel_values import Values
from kerege.programmes.context import MANY_VALUED
from kerege.programmes.document import Cap, Programme, Route
from kerege.programmes.outcome import Source
from kerege.programmes.situation import Allowed, Blocked, Situation

__all__ = ["BUILT_IN_RULES", "Rulebook"]

BUILT_IN_RULES: Final = (
    "starts",
    "ends",
    "funder",
    "contract",
    "obligations",
    "invoice",
    "groups",
)
"""Names of the rules every programme has; its own conditions and caps may not use them."""

_MAX_REMEMBERED: Final = 1024
"""Sets of values remembered: kinds, tiers, categories and regions multiply, memory may not."""

_NO_MOMENT: Final = Moment("", 0, 0, False)
"""Stands for the moment where no expression reads the clock."""


class _Way:
    """One route, compiled. `standing` conditions read few-valued names only, `moving` the rest."""

    __slots__ = (
        "conditions",
        "is_bounded",
        "most",
        "moving",
        "reader",
        "route",
        "standing",
        "when",
    )

    def __init__(self, route: Route) -> None:
        self.route = route
        self.when = Expression(route.when)
        self.conditions = tuple((one.name, Expression(one.cel)) for one in route.conditions)
        expressions = [expression for _, expression in self.conditions]
        self.reader = Reader(expressions)
        self.standing = tuple(one for one in expressions if one.names.isdisjoint(MANY_VALUED))
        self.moving = Together([one for one in expressions if one not in self.standing])
        self.most = min((cap.amount for cap in route.caps if cap.window == "payment"), default=None)
        self.is_bounded = self.most is not None or bool(route.groups)
        """Whether less than the whole amount may have to do."""


class Rulebook:
    """Implements `Rules` for one programme."""

    def __init__(self, programme: Programme) -> None:
        """Compile every expression; raises `RefusedExpression` for a text that `read_programme`
        would have refused."""
        self.programme = programme
        self._starts_us, self._ends_us = programme.starts_us, programme.ends_us
        self._ways = tuple(map(_Way, programme.routes))
        self._days = Days(programme.calendar)
        whens = [way.when for way in self._ways]
        standing = [one for way in self._ways for one in way.standing]
        self._reader = Reader([*whens, *standing])
        self._key = Values(self._reader.names).key
        self._remembers = self._reader.names.isdisjoint(MANY_VALUED)
        self._remembered: dict[tuple[Hashable, ...], tuple[_Way | None, bool]] = {}
        names = self._reader.names.union(*(way.reader.names for way in self._ways))
        self._reads_clock = any(name.startswith("at.") for name in names)

    def allow(self, situation: Situation) -> Allowed | None:
        """Whether the programme's money may go this way, and at most how much of it.
        `situation.amount` is at least 1."""
        if not self._starts_us <= situation.at_us < self._ends_us:
            return None
        moment = self._days.at(situation.at_us) if self._reads_clock else _NO_MOMENT
        way, stands = self._way(situation, moment)
        if way is None or not stands or _built_in(way.route, situation):
            return None
        most = _most(way, situation) if way.is_bounded else situation.amount
        if most > 0 and way.moving.hold(situation, moment):
            return Allowed(way.route, most)
        return None

    def judge(self, situation: Situation) -> Allowed | Blocked:
        """The same, or which rule says no."""
        return self.allow(situation) or self._why(situation)

    def _why(self, situation: Situation) -> Blocked:
        at_us = situation.at_us
        if not self._starts_us <= at_us < self._ends_us:
            return Blocked("", "starts" if at_us < self._starts_us else "ends")
        moment = self._days.at(at_us)
        way, _ = self._way(situation, moment)
        if way is None:
            return Blocked()
        rule = _built_in(way.route, situation)
        if rule:
            return Blocked(way.route.name, rule)
        if _most(way, situation) <= 0:
            return Blocked(way.route.name, "groups")
        return self._blocked(way, situation, moment)

    def window_s(self, cap: Cap | Source, *, at_us: int, counted: str) -> int:
        """See `Rules.window_s`."""
        left_s = seconds_left(cap.window, at_us, self.programme.calendar)
        return left_s and left_s + spread_seconds(counted.encode())

    def _way(self, situation: Situation, moment: Moment) -> tuple[_Way | None, bool]:
        """The route, and whether its standing conditions hold."""
        if not self._remembers:
            return self._find_way(situation, moment)
        key = self._key(situation, moment)
        found = self._remembered.get(key)
        if found is None:
            found = self._find_way(situation, moment)
            if len(self._remembered) >= _MAX_REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = found
        return found

    def _find_way(self, situation: Situation, moment: Moment) -> tuple[_Way | None, bool]:
        values = self._reader.values(situation, moment)
        for way in self._ways:
            if way.when.holds(values):
                return way, all(one.holds(values) for one in way.standing)
        return None, False

    def _blocked(self, way: _Way, situation: Situation, moment: Moment) -> Blocked:
        """Name the first condition that does not hold, and an amount with which all do."""
        values = way.reader.values(situation, moment)
        failing = (name for name, one in way.conditions if not one.holds(values))
        # Together they may be too much for the evaluator though each alone is not: the last is.
        rule = next(failing, way.conditions[-1][0])
        return Blocked(way.route.name, rule, self._limit(way, situation, moment))

    def _limit(self, way: _Way, situation: Situation, moment: Moment) -> int:
        """The largest smaller amount that goes the same way, of those which the figures in the
        conditions suggest; 0 if none does."""
        readers = [one for _, one in way.conditions if "payment.amount" in one.names]
        figures = {figure for one in readers for figure in one.numbers}
        near = {figure + step for figure in figures for step in (-1, 0)}
        for amount in sorted((one for one in near if 0 < one < situation.amount), reverse=True):
            smaller = replace(situation, amount=amount)
            found, stands = self._way(smaller, moment)
            if found is way and stands and way.moving.hold(smaller, moment):
                return min(amount, _most(way, smaller))
        return 0


def _built_in(route: Route, situation: Situation) -> str:
    """The rule of every programme that is not met, or nothing."""
    if route.arrival == "return" and not situation.payee.is_funder:
        return "funder"
    if not route.about:
        return ""
    if route.about == "invoice":
        return "" if situation.invoiced else "invoice"
    contract = situation.contract
    if contract is None or not (
        contract.is_buyer and contract.is_supplier and contract.of_programme
    ):
        return "contract"
    return "obligations" if contract.unmet else ""


def _most(way: _Way, situation: Situation) -> int:
    """Minor units that item groups and caps of one payment leave."""
    most = situation.amount
    if way.route.groups:
        groups = way.route.groups
        most = min(most, sum(item.amount for item in situation.items if item.group in groups))
    return most if way.most is None else min(most, way.most)
