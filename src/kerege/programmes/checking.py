# SPDX-License-Identifier: Apache-2.0
"""Looking a programme over before it is activated: what in it is hardly meant. Pure.

What routes do is found by trying: every payment that the expressions can tell apart is made up
(`worlds`), and goes the way the rules send it.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from kerege.programmes.calendar import Days
from kerege.programmes.checking_routes import TriedRoute, condition_findings, travel_findings
from kerege.programmes.document import Cap, MalformedProgramme, Programme, Texts, Window
from kerege.programmes.findings import Finding, FindingCode, found

__all__ = ["check_programme", "check_sound"]

_ORDER: Final = {code: place for place, code in enumerate(FindingCode)}
_LONGER: Final[tuple[Window, ...]] = ("payment", "day", "week", "month", "life")


def check_programme(programme: Programme) -> list[Finding]:
    """What is odd about a programme that `read_programme` takes, the worst first."""
    routes = [TriedRoute(route, index) for index, route in enumerate(programme.routes)]
    findings = [
        *travel_findings(routes),
        *(finding for route in routes for finding in condition_findings(route)),
        *_calendar_findings(programme, routes),
        *_cap_findings(programme),
        *_text_findings(programme),
    ]
    if programme.takes_over and programme.version == 1:
        findings.append(found(FindingCode.TAKES_OVER_NOTHING, "$.takes_over"))
    return sorted(findings, key=lambda finding: (_ORDER[finding.code], finding.place))


def check_sound(programme: Programme) -> None:
    """Raise `MalformedProgramme` with the first error that `check_programme` finds, if there is
    one; warnings may be meant."""
    for finding in check_programme(programme):
        if finding.severity == "error":
            raise MalformedProgramme(
                finding.texts["en"], place=finding.place, remedy="see `kerege programme check`"
            )


def _calendar_findings(programme: Programme, routes: list[TriedRoute]) -> Iterator[Finding]:
    days = Days(programme.calendar)
    first, last = days.day(programme.starts_us), days.day(programme.ends_us - 1)
    asks = any("at.open" in one.names for route in routes for one in route.expressions)
    if asks and not any(days.is_open(day) for day in range(first, last + 1)):
        yield found(FindingCode.CALENDAR_SHUT, "$.calendar")
    if not asks and (programme.calendar.weekdays or programme.calendar.closed):
        yield found(FindingCode.CALENDAR_UNUSED, "$.calendar")


def _cap_findings(programme: Programme) -> Iterator[Finding]:
    for route_index, route in enumerate(programme.routes):
        for index, cap in enumerate(route.caps):
            place = f"$.routes[{route_index}].caps[{index}]"
            others = [other for other in route.caps if other is not cap]
            if cap.window == "payment" and cap.amount >= programme.budget:
                yield found(FindingCode.CAP_IDLE, place, why="$.budget")
            elif first := next((other for other in others if _binds_first(other, cap)), None):
                yield found(FindingCode.CAP_IDLE, place, why=first.name)


def _binds_first(one: Cap, other: Cap) -> bool:
    """Whether what `one` allows is always allowed by `other`: it counts at least as much of the
    same money, for at least as long, and allows no more."""
    wider = one.of in (other.of, "all") or other.of == "pair" or other.window == "payment"
    longer = _LONGER.index(one.window) >= _LONGER.index(other.window)
    # A week may lie in two months, so a month's cap says nothing of a week.
    longer = longer and (one.window, other.window) != ("month", "week")
    twins = (one.of, one.window, one.amount) == (other.of, other.window, other.amount)
    return wider and longer and one.amount <= other.amount and not twins


def _text_findings(programme: Programme) -> Iterator[Finding]:
    for place, texts in _all_texts(programme):
        for one, other in combinations(texts, 2):
            if texts[one] == texts[other]:
                yield found(FindingCode.TEXTS_SAME, f"{place}.{other}")


def _all_texts(programme: Programme) -> Iterator[tuple[str, Texts]]:
    yield "$.title", programme.title
    yield "$.summary", programme.summary
    for index, route in enumerate(programme.routes):
        place = f"$.routes[{index}]"
        yield f"{place}.texts", route.texts
        for number, condition in enumerate(route.conditions):
            yield f"{place}.conditions[{number}].texts", condition.texts
        for number, cap in enumerate(route.caps):
            yield f"{place}.caps[{number}].texts", cap.texts
