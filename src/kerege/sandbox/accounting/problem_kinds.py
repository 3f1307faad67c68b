# SPDX-License-Identifier: Apache-2.0
"""The problems that books answer with: every refusal under its own code. Data."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kerege.ledger.explanations import explain
from kerege.ledger.ids import OrderId
from kerege.ledger.outcome import Outcome
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments.explanations import HTTP_STATUS, LANGUAGES
from kerege.programmes.invoices import MalformedInvoice
from kerege.sandbox.accounting.unfit import UnfitRequest
from kerege.service import ProblemKind

__all__ = ["BOOKS_CODES", "BOOKS_KINDS"]

_NO_ORDER: Final = OrderId(bytes(16))


def _of_documents() -> dict[str, ProblemKind]:
    kinds = {}
    for refusal, status in HTTP_STATUS.items():
        texts = {language: told[refusal] for language, told in LANGUAGES.items()}
        said: dict[str, tuple[str, str]] = {
            language: (text[0], text[2]) for language, text in texts.items()
        }
        kinds[refusal.value] = ProblemKind(status, MappingProxyType(said))
    return kinds


def _of_ledger() -> dict[str, ProblemKind]:
    kinds = {}
    for refusal in LedgerRefusal:
        said: dict[str, tuple[str, str]] = {}
        status = 422
        for language in LANGUAGES:
            shown = explain(Outcome(_NO_ORDER, refusal), language, format_amount=str)
            said[language] = shown.text, shown.remedy
            status = shown.http_status
        kinds[refusal.name.lower()] = ProblemKind(status, MappingProxyType(said))
    return kinds


_RULES: Final = ProblemKind(
    422,
    MappingProxyType(
        {
            "en": (
                "The invoice breaks a rule",
                "Correct what the detail names.",
            ),
            "kk": ("Шот-фактура ережені бұзады", "Көрсетілген жерді түзетіңіз."),
            "ru": ("Счёт-фактура нарушает правило", "Исправьте указанное место."),
        }
    ),
)

_UNFIT: Final = ProblemKind(
    422,
    MappingProxyType(
        {
            "en": ("The request does not fit these books", "Correct the member that is named."),
            "kk": ("Сұрау бұл кітаптарға сай емес", "Аталған мүшені түзетіңіз."),
            "ru": ("Запрос не подходит к этим книгам", "Исправьте названное поле."),
        }
    ),
)

BOOKS_KINDS: Final[Mapping[str, ProblemKind]] = MappingProxyType(
    {
        **_of_ledger(),
        **_of_documents(),
        "invoice_rule_broken": _RULES,
        "request_unfit": _UNFIT,
    }
)
"""By code. Refusals keep the code they have everywhere: docs/outcomes.md."""

BOOKS_CODES: Final = MappingProxyType(
    {MalformedInvoice: "invoice_rule_broken", UnfitRequest: "request_unfit"}
)
"""By class of error."""
