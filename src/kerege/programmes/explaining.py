# SPDX-License-Identifier: Apache-2.0
"""Programmes and their refusals in words: Kazakh, Russian, English. Pure.

A programme brings the words of its own rules; those of the built-in ones are in `words_english`,
`words_kazakh` and `words_russian`.
"""

from collections.abc import Callable, Mapping
from typing import Final, Literal

from msgspec import Struct

from kerege.programmes import words_english, words_kazakh, words_russian
from kerege.programmes.calendar import Days
from kerege.programmes.document import Cap, Condition, Programme, Route
from kerege.programmes.figures import fill_in
from kerege.programmes.situation import Blocked

__all__ = [
    "DescribedProgramme",
    "DescribedRoute",
    "DescribedRule",
    "Reason",
    "describe_programme",
    "explain_blocked",
    "rule_in_words",
]

Language = Literal["kk", "ru", "en"]

FormatAmount = Callable[[int], str]
"""Prints minor units of the programme's asset as the reader is used to."""

_RULES: Final[Mapping[Language, Mapping[str, tuple[str, str]]]] = {
    "kk": words_kazakh.RULES,
    "ru": words_russian.RULES,
    "en": words_english.RULES,
}
_NO_ROUTE: Final[Mapping[Language, tuple[str, str]]] = {
    "kk": words_kazakh.NO_ROUTE,
    "ru": words_russian.NO_ROUTE,
    "en": words_english.NO_ROUTE,
}
_LIMITS: Final[Mapping[Language, str]] = {
    "kk": words_kazakh.LIMITS,
    "ru": words_russian.LIMITS,
    "en": words_english.LIMITS,
}
_ARRIVALS: Final[Mapping[Language, Mapping[str, str]]] = {
    "kk": words_kazakh.ARRIVALS,
    "ru": words_russian.ARRIVALS,
    "en": words_english.ARRIVALS,
}
_WINDOWS: Final[Mapping[Language, Mapping[tuple[str, str], str]]] = {
    "kk": words_kazakh.WINDOWS,
    "ru": words_russian.WINDOWS,
    "en": words_english.WINDOWS,
}


class Reason(Struct, frozen=True):
    """Why money may not go: which rule of which route, what it says, what would satisfy it. For a
    programme's own rules `text` says both, and `remedy` the amount that would have passed."""

    route: str
    rule: str
    text: str
    remedy: str


class DescribedRule(Struct, frozen=True):
    """A condition or a cap in words; `told` is the machine part, or the cap's figure in words."""

    name: str
    text: str
    told: str


class DescribedRoute(Struct, frozen=True):
    """One route in words."""

    name: str
    text: str
    when: str
    arrival: str
    about: str
    groups: tuple[str, ...]
    rules: tuple[DescribedRule, ...]


class DescribedProgramme(Struct, frozen=True):
    """A whole programme in words."""

    id: str
    version: int
    title: str
    summary: str
    budget: str
    starts: str
    ends: str
    routes: tuple[DescribedRoute, ...]


def explain_blocked(
    programme: Programme, blocked: Blocked, language: Language, *, format_amount: FormatAmount
) -> Reason:
    """Why `blocked`, an answer of the programme's rules or of a cap of its, is a no."""
    limit = format_amount(blocked.limit)
    remedy = fill_in(_LIMITS[language], {"limit": limit}) if blocked.limit else ""
    route = next((one for one in programme.routes if one.name == blocked.route), None)
    own = _own_rule(route, blocked.rule) if route else None
    if own is not None:
        figures = {"limit": limit} if blocked.limit else {}
        if isinstance(own, Cap):
            figures |= {"limit": limit, "cap": format_amount(own.amount)}
        return Reason(blocked.route, own.name, fill_in(own.texts[language], figures), remedy)
    text, what_next = _RULES[language].get(blocked.rule, _NO_ROUTE[language])
    dates = _dates(programme)
    return Reason(blocked.route, blocked.rule, fill_in(text, dates), fill_in(what_next, dates))


def rule_in_words(
    programme: Programme, route: str, rule: str, language: Language, *, format_amount: FormatAmount
) -> str:
    """What a rule that kept money back says, whatever the payment was; empty for none there is.

    A cap whose own words name what is left says its figure alone: what was left then is not known.
    """
    found = next((one for one in programme.routes if one.name == route), None)
    own = _own_rule(found, rule) if found else None
    if own is None:
        known = _RULES[language].get(rule, ("", ""))[0] if rule else _NO_ROUTE[language][0]
        return fill_in(known, _dates(programme))
    if isinstance(own, Condition):
        return fill_in(own.texts[language], {})
    described = _described_cap(own, language, format_amount)
    return described.told if "{limit}" in own.texts[language] else described.text


def _own_rule(route: Route, name: str) -> Condition | Cap | None:
    rules: tuple[Condition | Cap, ...] = (*route.conditions, *route.caps)
    return next((one for one in rules if one.name == name), None)


def _dates(programme: Programme) -> dict[str, str]:
    """The first local day of a programme and its last."""
    days = Days(programme.calendar)
    return {
        "starts": days.at(programme.starts_us).date,
        "ends": days.at(programme.ends_us - 1).date,
    }


def describe_programme(
    programme: Programme, language: Language, *, format_amount: FormatAmount
) -> DescribedProgramme:
    """A programme in words, with the figures its texts name filled in."""
    budget = format_amount(programme.budget)
    dates = _dates(programme)
    return DescribedProgramme(
        id=programme.id,
        version=programme.version,
        title=programme.title[language],
        summary=fill_in(programme.summary[language], {"budget": budget, **dates}),
        budget=budget,
        starts=dates["starts"],
        ends=dates["ends"],
        routes=tuple(_described(route, language, format_amount) for route in programme.routes),
    )


def _described(route: Route, language: Language, format_amount: FormatAmount) -> DescribedRoute:
    conditions = [
        DescribedRule(one.name, fill_in(one.texts[language], {}), one.cel)
        for one in route.conditions
    ]
    caps = [_described_cap(cap, language, format_amount) for cap in route.caps]
    return DescribedRoute(
        name=route.name,
        text=route.texts[language],
        when=route.when,
        arrival=_ARRIVALS[language][route.arrival],
        about=route.about,
        groups=route.groups,
        rules=(*conditions, *caps),
    )


def _described_cap(cap: Cap, language: Language, format_amount: FormatAmount) -> DescribedRule:
    amount = format_amount(cap.amount)
    text = fill_in(cap.texts[language], {"cap": amount})
    told = fill_in(_WINDOWS[language][cap.of, cap.window], {"cap": amount})
    return DescribedRule(cap.name, text, told)
