# SPDX-License-Identifier: Apache-2.0
"""What is odd about a programme that has sense, in words. Pure."""

from collections.abc import Mapping
from enum import StrEnum, unique
from typing import Final, Literal

from msgspec import Struct

from kerege.programmes import words_english, words_kazakh, words_russian
from kerege.programmes.document import LANGUAGES
from kerege.programmes.figures import fill_in

__all__ = ["SEVERITIES", "Finding", "FindingCode", "Severity", "found"]

Severity = Literal["error", "warning", "notice"]
"""An error is never meant: the programme cannot be activated with it. A warning may be meant. A
notice says what could not be looked into, or has no effect."""


@unique
class FindingCode(StrEnum):
    """What can be found, the worst first."""

    NOTHING_GIVEN = "nothing-given"
    ROUTE_NEVER = "route-never"
    ROUTE_COVERED = "route-covered"
    ROUTE_SHUT = "route-shut"
    MONEY_STUCK = "money-stuck"
    CALENDAR_SHUT = "calendar-shut"
    RETURN_ELSEWHERE = "return-elsewhere"
    CAP_ALWAYS_SPLITS = "cap-always-splits"
    CAP_IDLE = "cap-idle"
    TEXTS_SAME = "texts-same"
    CALENDAR_UNUSED = "calendar-unused"
    TAKES_OVER_NOTHING = "takes-over-nothing"
    NOT_CHECKED = "not-checked"


_C: Final = FindingCode

SEVERITIES: Final[Mapping[FindingCode, Severity]] = {
    _C.NOTHING_GIVEN: "error",
    _C.ROUTE_NEVER: "error",
    _C.ROUTE_COVERED: "error",
    _C.ROUTE_SHUT: "error",
    _C.MONEY_STUCK: "error",
    _C.CALENDAR_SHUT: "error",
    _C.RETURN_ELSEWHERE: "warning",
    _C.CAP_ALWAYS_SPLITS: "warning",
    _C.CAP_IDLE: "warning",
    _C.TEXTS_SAME: "warning",
    _C.CALENDAR_UNUSED: "notice",
    _C.TAKES_OVER_NOTHING: "notice",
    _C.NOT_CHECKED: "notice",
}

_WORDS: Final = {
    "kk": words_kazakh.FINDINGS,
    "ru": words_russian.FINDINGS,
    "en": words_english.FINDINGS,
}
_KINDS: Final = {
    "kk": words_kazakh.KINDS,
    "ru": words_russian.KINDS,
    "en": words_english.KINDS,
}


class Finding(Struct, frozen=True):
    """One thing to put right or to know of: `place` as in `$.routes[2].caps[0]`, `texts` by
    language."""

    code: FindingCode
    place: str
    severity: Severity
    texts: dict[str, str]


def found(code: FindingCode, place: str, *, kind: str = "", **figures: str) -> Finding:
    """A finding with its texts; `kind` of holder, if it is of one, is said in each language."""
    texts = {
        language: fill_in(
            _WORDS[language][code],
            figures | {"holder": _KINDS[language].get(kind, _KINDS[language]["other"])},
        )
        for language in LANGUAGES
    }
    return Finding(code, place, SEVERITIES[code], texts)
