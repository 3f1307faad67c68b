# SPDX-License-Identifier: Apache-2.0
"""Refusals for people and for machines: a stable code, an HTTP status, words. Pure.

The words are in `texts_english`, `texts_kazakh` and `texts_russian`; `$found` and `$limit`
in them stand for the two figures that were compared.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from string import Template
from typing import Final, Literal

from msgspec import Struct

from kerege.ledger.errors import NothingToExplain
from kerege.ledger.outcome import Outcome
from kerege.ledger.refusal import MALFORMED, Refusal
from kerege.ledger.texts_english import TEXTS as ENGLISH
from kerege.ledger.texts_kazakh import TEXTS as KAZAKH
from kerege.ledger.texts_russian import TEXTS as RUSSIAN

__all__ = [
    "HTTP_STATUS",
    "LANGUAGES",
    "Explanation",
    "Language",
    "code_of",
    "explain",
    "format_instant",
]

Language = Literal["kk", "ru", "en"]

LANGUAGES: Final[Mapping[Language, Mapping[Refusal, tuple[str, str]]]] = {
    "kk": KAZAKH,
    "ru": RUSSIAN,
    "en": ENGLISH,
}
"""By language, what each refusal says and what would satisfy it."""

_R: Final = Refusal

_MALFORMED, _FORBIDDEN, _CONFLICT, _GONE = 400, 403, 409, 410
_PRECONDITION_FAILED, _TOO_LARGE, _NOT_PROCESSABLE = 412, 413, 422

_STATUS_OF_SETTLED: Final[Mapping[int, tuple[Refusal, ...]]] = {
    _FORBIDDEN: (_R.DEBITS_FROZEN, _R.CREDITS_FROZEN),
    _CONFLICT: (
        _R.ID_HAS_OTHER_CONTENT,
        _R.NOT_YET_VALID,
        _R.ASSET_EXISTS,
        _R.DEBIT_ACCOUNT_CLOSED,
        _R.CREDIT_ACCOUNT_CLOSED,
        _R.PENDING_ALREADY_CAPTURED,
        _R.PENDING_ALREADY_VOIDED,
        _R.ACCOUNT_CLOSED,
        _R.ACCOUNT_NOT_EMPTY,
        _R.FLOOR_ABOVE_BALANCE,
        _R.CEILING_BELOW_HOLDING,
    ),
    _GONE: (_R.EXPIRED, _R.PENDING_EXPIRED),
    _PRECONDITION_FAILED: (_R.BALANCE_NOT_AS_EXPECTED, _R.VERSION_NOT_AS_EXPECTED),
    _TOO_LARGE: (_R.TOO_MANY_STEPS, _R.EVIDENCE_TOO_LARGE),
    _NOT_PROCESSABLE: (
        _R.ASSET_UNKNOWN,
        _R.DEBIT_ACCOUNT_UNKNOWN,
        _R.CREDIT_ACCOUNT_UNKNOWN,
        _R.ASSETS_MUST_MATCH,
        _R.PENDING_NOT_FOUND,
        _R.PENDING_IS_OF_OTHER_ACCOUNTS,
        _R.EXCEEDS_PENDING,
        _R.EXCEEDS_BALANCE,
        _R.EXCEEDS_CEILING,
        _R.BALANCE_OVERFLOW,
        _R.ACCOUNT_UNKNOWN,
        _R.LIMITS_UNSUITABLE,
        _R.TOO_MANY_ACCOUNTS,
    ),
}

HTTP_STATUS: Final[Mapping[Refusal, int]] = dict.fromkeys(MALFORMED, _MALFORMED) | {
    refusal: status for status, refusals in _STATUS_OF_SETTLED.items() for refusal in refusals
}
"""400 malformed, 403 frozen, 409 in conflict with what happened before, 410 too late,
412 expectation not met, 413 too large, 422 understood but against the ledger's rules."""

_AMOUNTS: Final = frozenset(
    {
        _R.BALANCE_NOT_AS_EXPECTED,
        _R.EXCEEDS_PENDING,
        _R.EXCEEDS_BALANCE,
        _R.EXCEEDS_CEILING,
        _R.BALANCE_OVERFLOW,
        _R.FLOOR_ABOVE_BALANCE,
        _R.CEILING_BELOW_HOLDING,
    }
)
_INSTANTS: Final = frozenset({_R.NOT_YET_VALID, _R.EXPIRED})

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_US: Final = 253_402_300_799_999_999
"""The end of the year 9999, microseconds since 1970 UTC: calendars print no further."""


class Explanation(Struct, frozen=True):
    """A refusal as an API and a screen give it: `text` says why, `remedy` what would satisfy."""

    code: str
    http_status: int
    text: str
    remedy: str


def code_of(refusal: Refusal) -> str:
    """The stable name of a refusal in APIs, for instance `exceeds_balance`."""
    return refusal.name.lower()


def format_instant(at_us: int) -> str:
    """Microseconds since 1970 UTC as date and time in UTC, to the second."""
    at = _EPOCH + timedelta(microseconds=min(max(at_us, 0), _LAST_US))
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def explain(
    outcome: Outcome,
    language: Language,
    *,
    format_amount: Callable[[int], str],
    format_time: Callable[[int], str] = format_instant,
) -> Explanation:
    """Why `outcome` is a refusal and what would satisfy it, in Kazakh, Russian or English.

    `format_amount` prints minor units of the order's asset, `format_time` microseconds since
    1970 UTC, both as the reader is used to. Raises `NothingToExplain` if it was accepted.
    """
    refusal = outcome.refusal
    if refusal is None:
        raise NothingToExplain("the order was accepted", remedy="explain refusals only")
    show: Callable[[int], str] = str
    if refusal in _AMOUNTS:
        show = format_amount
    elif refusal in _INSTANTS:
        show = format_time
    text, remedy = LANGUAGES[language][refusal]
    figures = {"found": show(outcome.found), "limit": show(outcome.limit)}
    return Explanation(
        code=code_of(refusal),
        http_status=HTTP_STATUS[refusal],
        text=Template(text).substitute(figures),
        remedy=Template(remedy).substitute(figures),
    )
