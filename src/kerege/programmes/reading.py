# SPDX-License-Identifier: Apache-2.0
"""Reading a programme before anybody signs it: its form and its sense. Pure.

What has no sense at all is refused here, with its place. What has sense but is hardly meant (a
route nothing reaches, money that gets stuck) is told by `kerege.programmes.checking`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from msgspec import Struct

from kerege.programmes.cel import Expression, RefusedExpression, Together
from kerege.programmes.document import (
    LANGUAGES,
    Calendar,
    MalformedProgramme,
    Programme,
    Route,
    Texts,
    decode_programme,
)
from kerege.programmes.figures import (
    CAP_FIGURES,
    CONDITION_FIGURES,
    SUMMARY_FIGURES,
    text_faults,
)
from kerege.programmes.outcome import outcome_faults
from kerege.programmes.rulebook import BUILT_IN_RULES

__all__ = ["RESERVED_RULES", "ProgrammeFault", "faults_of", "read_programme"]

RESERVED_RULES: Final = frozenset({*BUILT_IN_RULES, "balance", "hold-ends", "suspended"})
"""Names of rules no condition or cap may take: refusals with them mean something else."""


class ProgrammeFault(Struct, frozen=True):
    """One fault: where (`$.routes[2].when`) and what, in English, for who writes programmes."""

    place: str
    what: str


def read_programme(text: bytes) -> Programme:
    """The programme in a JSON text; raises `MalformedProgramme` with its first fault."""
    programme = decode_programme(text)
    for fault in _faults_in(programme):
        raise MalformedProgramme(
            fault.what, place=fault.place, remedy="see docs/formats/programme.md"
        )
    return programme


def faults_of(text: bytes) -> list[ProgrammeFault]:
    """Every fault of a text, none if `read_programme` takes it. One of form hides the others."""
    try:
        programme = decode_programme(text)
    except MalformedProgramme as fault:
        return [ProgrammeFault(fault.place or "$", fault.message)]
    return list(_faults_in(programme))


def _faults_in(programme: Programme) -> Iterator[ProgrammeFault]:
    if programme.starts_us >= programme.ends_us:
        yield ProgrammeFault("$.ends_us", "is not after its start")
    if programme.funder in programme.changers:
        yield ProgrammeFault("$.changers", "names the funder, who may change it anyway")
    yield from _repeated(programme.changers, "$.changers")
    yield from _faults_of_calendar(programme.calendar, "$.calendar")
    yield from _faults_of_texts(programme.title, frozenset(), "$.title")
    yield from _faults_of_texts(programme.summary, SUMMARY_FIGURES, "$.summary")
    yield from _repeated([route.name for route in programme.routes], "$.routes", ".name")
    for index, route in enumerate(programme.routes):
        yield from _faults_of_route(route, f"$.routes[{index}]")
    if programme.outcome is not None:
        for place, what in outcome_faults(programme.outcome, programme.funder):
            yield ProgrammeFault(f"$.outcome{place}", what)
    yield from _faults_of_vat(programme)


def _faults_of_vat(programme: Programme) -> Iterator[ProgrammeFault]:
    if programme.vat is None:
        return
    starts = [(rate.name, rate.from_us) for rate in programme.vat.rates]
    for index, start in enumerate(starts):
        if start in starts[:index]:
            what = f"{start[0]} has another rate from that instant"
            yield ProgrammeFault(f"$.vat.rates[{index}]", what)
    if not any(route.arrival == "return" for route in programme.routes):
        yield ProgrammeFault("$.routes", "none brings VAT to the budget: one must return it")


def _repeated(names: Sequence[object], place: str, member: str = "") -> Iterator[ProgrammeFault]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield ProgrammeFault(f"{place}[{index}]{member}", f"{name} stands there twice")


def _faults_of_calendar(calendar: Calendar, place: str) -> Iterator[ProgrammeFault]:
    if list(calendar.weekdays) != sorted(set(calendar.weekdays)):
        yield ProgrammeFault(f"{place}.weekdays", "are not in order, each once")
    for member, dates in (("closed", calendar.closed), ("opened", calendar.opened)):
        for index, text in enumerate(dates):
            if not _is_date(text):
                yield ProgrammeFault(f"{place}.{member}[{index}]", f"there is no {text}")
        if list(dates) != sorted(set(dates)):
            yield ProgrammeFault(f"{place}.{member}", "are not in order, each once")
    for text in sorted(set(calendar.closed) & set(calendar.opened)):
        yield ProgrammeFault(f"{place}.opened", f"{text} is both closed and opened")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _faults_of_texts(texts: Texts, figures: frozenset[str], place: str) -> Iterator[ProgrammeFault]:
    for language in LANGUAGES:
        if language not in texts:
            yield ProgrammeFault(f"{place}.{language}", "is missing")
            continue
        for what in text_faults(texts[language], figures):
            yield ProgrammeFault(f"{place}.{language}", what)


def _faults_of_route(route: Route, place: str) -> Iterator[ProgrammeFault]:
    yield from _faults_of_texts(route.texts, frozenset(), f"{place}.texts")
    yield from _faults_of_cel(route.when, f"{place}.when")
    yield from _repeated(route.groups, f"{place}.groups")
    for index, one in enumerate(route.conditions):
        here = f"{place}.conditions[{index}]"
        yield from _faults_of_cel(one.cel, f"{here}.cel")
        yield from _faults_of_texts(one.texts, CONDITION_FIGURES, f"{here}.texts")
    for index, cap in enumerate(route.caps):
        yield from _faults_of_texts(cap.texts, CAP_FIGURES, f"{place}.caps[{index}].texts")
    yield from _faults_of_names(route, place)
    yield from _faults_together(route, place)


def _faults_of_cel(text: str, place: str) -> Iterator[ProgrammeFault]:
    try:
        Expression(text)
    except RefusedExpression as refused:
        column = f", {refused.place}" if refused.place else ""
        yield ProgrammeFault(f"{place}{column}", refused.message)


def _faults_of_names(route: Route, place: str) -> Iterator[ProgrammeFault]:
    names = [one.name for one in route.conditions] + [cap.name for cap in route.caps]
    for name, times in Counter(names).items():
        if times > 1:
            yield ProgrammeFault(place, f"{name} names {times} of its rules")
        if name in RESERVED_RULES:
            yield ProgrammeFault(place, f"{name} is the name of a rule every programme has")


def _faults_together(route: Route, place: str) -> Iterator[ProgrammeFault]:
    """Conditions that are right one by one can be too deep together."""
    try:
        expressions = [Expression(one.cel) for one in route.conditions]
    except RefusedExpression:
        return
    try:
        Together(expressions)
    except RefusedExpression as refused:
        yield ProgrammeFault(f"{place}.conditions", f"together: {refused.message}")
