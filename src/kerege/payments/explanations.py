# SPDX-License-Identifier: Apache-2.0
"""Verdicts for people and for machines: a stable code, an HTTP status, words. Pure.

Covers both sets of refusals, a document's (`kerege.payments`) and the ledger's. The words are in
`texts_english`, `texts_kazakh` and `texts_russian`; `$found` and `$limit` in them stand for the
two figures that were compared, in a sentence of its own that is left out where a verdict was
remembered without them.
"""

from collections.abc import Callable, Mapping
from string import Template
from typing import Final

from kerege.ledger.errors import NothingToExplain
from kerege.ledger.explanations import Explanation, Language, explain, format_instant
from kerege.ledger.ids import OrderId
from kerege.ledger.outcome import Outcome
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments import texts_english, texts_kazakh, texts_russian
from kerege.payments.refusal import Refusal
from kerege.payments.verdict import Verdict

__all__ = ["HTTP_STATUS", "LANGUAGES", "explain_verdict"]

LANGUAGES: Final[Mapping[Language, Mapping[Refusal, tuple[str, str, str]]]] = {
    "kk": texts_kazakh.TEXTS,
    "ru": texts_russian.TEXTS,
    "en": texts_english.TEXTS,
}
"""By language, what each refusal says, its figures, and what would satisfy it."""

_UNKNOWN: Final[Mapping[Language, tuple[str, str]]] = {
    "kk": texts_kazakh.UNKNOWN,
    "ru": texts_russian.UNKNOWN,
    "en": texts_english.UNKNOWN,
}

_R: Final = Refusal
_MALFORMED, _FORBIDDEN, _CONFLICT, _GONE = 400, 403, 409, 410
_NOT_PROCESSABLE, _TOO_MANY = 422, 429

_STATUS: Final[Mapping[int, tuple[Refusal, ...]]] = {
    _MALFORMED: (_R.ORDER_TEXT_INVALID,),
    _FORBIDDEN: (
        _R.PARTICIPANT_SUSPENDED,
        _R.KEY_UNKNOWN,
        _R.KEY_REVOKED,
        _R.SIGNER_IS_NOT_WALLET,
        _R.SIGNATURE_INVALID,
        _R.WALLET_KEPT_ELSEWHERE,
        _R.WALLET_SUSPENDED,
        _R.NOT_YOURS,
        _R.MANDATE_HOLDS_NOT_GRANTED,
        _R.REWARD_SOURCE_UNKNOWN,
        _R.NOT_ALLOWED_FOR_KIND,
    ),
    _CONFLICT: (
        _R.REQUEST_ALREADY_PAID,
        _R.SPONSOR_USED_UP,
        _R.REWARD_CLAIM_USED,
        _R.INVOICE_NUMBER_USED,
        _R.INVOICE_ALREADY_PAID,
        _R.ALREADY_DECLARED,
        _R.DECLARATION_ALREADY_PAID,
        _R.CLAIM_ANSWERED,
        _R.WALLET_EXISTS,
        _R.KEY_IN_USE,
    ),
    _GONE: (_R.REQUEST_EXPIRED, _R.MANDATE_ENDED, _R.PROGRAMME_OVER, _R.CONTRACT_OVER),
    _TOO_MANY: (_R.RATE_EXCEEDED,),
}

HTTP_STATUS: Final[Mapping[Refusal, int]] = dict.fromkeys(Refusal, _NOT_PROCESSABLE) | {
    refusal: status for status, refusals in _STATUS.items() for refusal in refusals
}
"""400 malformed, 403 not allowed, 409 in conflict with what happened before, 410 too late,
422 understood but against the rules, 429 too many at once. The order it refers to being unknown is
no 404: the address asked was found."""

_INSTANTS: Final = frozenset(
    {
        _R.REQUEST_EXPIRED,
        _R.PROGRAMME_OVER,
        _R.CONTRACT_OVER,
        _R.REWARD_ON_HOLD,
        _R.INVOICE_DATE_WRONG,
    }
)

_OF_LEDGER: Final = {refusal.name.lower(): refusal for refusal in LedgerRefusal}
_OF_DOCUMENT: Final = {refusal.value: refusal for refusal in Refusal}
_NO_ORDER: Final = OrderId(bytes(16))


def explain_verdict(
    verdict: Verdict,
    language: Language,
    *,
    format_amount: Callable[[int], str],
    format_time: Callable[[int], str] = format_instant,
) -> Explanation:
    """Why `verdict` is a refusal and what would satisfy it, in Kazakh, Russian or English.

    `format_amount` prints minor units of the order's asset, `format_time` microseconds since
    1970 UTC, both as the reader is used to. A code of a newer core is explained as such. Raises
    `NothingToExplain` if the order was accepted.
    """
    if verdict.accepted:
        raise NothingToExplain("the order was accepted", remedy="explain refusals only")
    if (of_ledger := _OF_LEDGER.get(verdict.code)) is not None:
        outcome = Outcome(_NO_ORDER, of_ledger, found=verdict.found, limit=verdict.limit)
        return explain(outcome, language, format_amount=format_amount, format_time=format_time)
    if (refusal := _OF_DOCUMENT.get(verdict.code)) is None:
        text, remedy = _UNKNOWN[language]
        shown = Template(text).safe_substitute(code=verdict.code)
        return Explanation(verdict.code, _NOT_PROCESSABLE, shown, remedy)
    text, figures, remedy = LANGUAGES[language][refusal]
    if figures and (verdict.found or verdict.limit):
        show = format_time if refusal in _INSTANTS else format_amount
        compared = {"found": show(verdict.found), "limit": show(verdict.limit)}
        text = f"{text} {Template(figures).substitute(compared)}"
    return Explanation(refusal.value, HTTP_STATUS[refusal], text, remedy)
