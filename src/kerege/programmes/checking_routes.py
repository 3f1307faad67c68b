# SPDX-License-Identifier: Apache-2.0
"""What the routes of a programme do, found by trying every payment they can tell apart. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from kerege.programmes.cel import Expression, Reader, RefusedExpression, Together
from kerege.programmes.document import Route
from kerege.programmes.findings import Finding, FindingCode, found
from kerege.programmes.worlds import (
    MAX_WORLDS,
    MAX_WORLDS_OF_ROUTE,
    Domains,
    World,
    count_worlds,
    domains_of,
    worlds,
)

__all__ = ["TriedRoute", "condition_findings", "travel_findings"]

_FUNDER: Final = "is_funder"

Holder = tuple[tuple[str, Any], ...]
"""What the routes can tell of a wallet: members of a party with their values, sorted."""


class TriedRoute:
    """One route compiled for trying: `expressions` are its `when` and its conditions."""

    __slots__ = ("expressions", "place", "route")

    def __init__(self, route: Route, index: int) -> None:
        """Compile a route that `read_programme` takes."""
        self.route = route
        self.place = f"$.routes[{index}]"
        self.expressions = tuple(
            map(Expression, (route.when, *(condition.cel for condition in route.conditions)))
        )


def condition_findings(tried: TriedRoute) -> Iterator[Finding]:
    """Whether a route's `when` and conditions can all hold, and with amounts below its caps."""
    passing = _passing_amounts(tried.expressions)
    if passing is None:
        yield found(FindingCode.NOT_CHECKED, tried.place)
        return
    if not passing:
        if len(tried.expressions) > 1:
            yield found(FindingCode.ROUTE_SHUT, f"{tried.place}.conditions")
        return
    for index, cap in enumerate(tried.route.caps):
        if cap.window == "payment" and min(passing) > cap.amount:
            yield found(FindingCode.CAP_ALWAYS_SPLITS, f"{tried.place}.caps[{index}]")


def _passing_amounts(expressions: Sequence[Expression]) -> set[int] | None:
    """Amounts of the tried payments for which all hold; `None` if they cannot be tried."""
    domains = domains_of(expressions)
    if not _can_be_tried(expressions, domains, MAX_WORLDS_OF_ROUTE):
        return None
    try:
        together = Together(expressions)
    except RefusedExpression:  # too deep with one more
        return None
    return {
        world.situation.amount
        for world in worlds(domains)
        if together.hold(world.situation, world.moment)
    }


def _can_be_tried(expressions: Sequence[Expression], domains: Domains, most: int) -> bool:
    return all(one.is_plain for one in expressions) and count_worlds(domains) <= most


def travel_findings(routes: Sequence[TriedRoute]) -> Iterator[Finding]:
    """Routes nothing takes, money nobody is given, and money that does not get out again."""
    whens = [tried.expressions[0] for tried in routes]
    domains = domains_of(whens, both_sides=True)
    if not _can_be_tried(whens, domains, MAX_WORLDS):
        yield found(FindingCode.NOT_CHECKED, "$.routes")
        return
    travels = _Travels(routes)
    for world in worlds(domains):
        travels.add(world)
    yield from travels.findings()


class _Travels:
    """Who can bring money to whom, and by which routes."""

    def __init__(self, routes: Sequence[TriedRoute]) -> None:
        self._routes = routes
        self._whens = [tried.expressions[0] for tried in routes]
        self._reader = Reader(self._whens)
        self._held: set[int] = set()
        self._taken: set[int] = set()
        self._elsewhere: dict[int, Holder] = {}
        self._onward: dict[Holder, dict[Holder, int]] = {}
        self._out: set[Holder] = set()
        self._knows_funder = any(name.endswith(_FUNDER) for name in self._reader.names)

    def add(self, world: World) -> None:
        """Send one payment the way it goes."""
        values = self._reader.values(world.situation, world.moment)
        held = [index for index, when in enumerate(self._whens) if when.holds(values)]
        self._held.update(held)
        if not held:
            return
        index = held[0]
        self._taken.add(index)
        payer, payee = _holder("payer", world), _holder("payee", world)
        arrival = self._routes[index].route.arrival
        if arrival == "keep":
            self._onward.setdefault(payer, {}).setdefault(payee, index)
        elif arrival == "return" and not world.situation.payee.is_funder:
            self._elsewhere.setdefault(index, payee)
        else:
            self._out.add(payer)

    def findings(self) -> Iterator[Finding]:
        """What the payments showed."""
        for index, tried in enumerate(self._routes):
            if index not in self._held:
                yield found(FindingCode.ROUTE_NEVER, f"{tried.place}.when")
            elif index not in self._taken:
                yield found(FindingCode.ROUTE_COVERED, f"{tried.place}.when")
        for index, payee in self._elsewhere.items():
            place = f"{self._routes[index].place}.when"
            yield found(FindingCode.RETURN_ELSEWHERE, place, example=_told(payee))
        if self._knows_funder and not any(map(_is_funder, {*self._onward, *self._out})):
            yield found(FindingCode.NOTHING_GIVEN, "$.routes")
            return
        yield from self._stuck()

    def _stuck(self) -> Iterator[Finding]:
        """Holders that money comes to, and from which no way leads out; one of each kind."""
        way_out = self._with_way_out()
        told: set[tuple[int, str]] = set()
        for payee, index in self._reached().items():
            kind = str(dict(payee).get("kind", ""))
            if payee in way_out or _is_funder(payee) or (index, kind) in told:
                continue
            told.add((index, kind))
            place = f"{self._routes[index].place}.arrival"
            yield found(FindingCode.MONEY_STUCK, place, kind=kind, example=_told(payee))

    def _with_way_out(self) -> set[Holder]:
        found_out = set(self._out)
        while True:
            more = {
                payer
                for payer, payees in self._onward.items()
                if payer not in found_out and any(p in found_out or _is_funder(p) for p in payees)
            }
            if not more:
                return found_out
            found_out |= more

    def _reached(self) -> dict[Holder, int]:
        """Whom marked money can come to from the funder, and the route by which it comes."""
        begin = [one for one in self._onward if _is_funder(one) or not self._knows_funder]
        reached: dict[Holder, int] = {}
        while begin:
            for payee, index in self._onward.get(begin.pop(), {}).items():
                if payee not in reached:
                    reached[payee] = index
                    begin.append(payee)
        return reached


def _holder(side: str, world: World) -> Holder:
    prefix = f"{side}."
    return tuple(
        (name.removeprefix(prefix), value)
        for name, value in world.values.items()
        if name.startswith(prefix)
    )


def _is_funder(holder: Holder) -> bool:
    return (_FUNDER, True) in holder


def _told(holder: Holder) -> str:
    members = [f"{name} {_shown(value)}" for name, value in holder if name != _FUNDER]
    return ", ".join(members) or "…"


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'
