# SPDX-License-Identifier: Apache-2.0
"""Verdicts in a customer's words: the bank's own refusals, and the core's. Pure."""

from collections.abc import Callable, Mapping
from string import Template
from typing import Final, cast

from kerege.bank.refusal import BankRefusal
from kerege.ledger.explanations import Language
from kerege.payments import Verdict
from kerege.payments.explanations import explain_verdict

__all__ = ["REFUSALS", "explain_answer"]

_ACCEPTED: Final[Mapping[str, str]] = {
    "kk": "Орындалды.",
    "ru": "Выполнено.",
    "en": "Done.",
}
_SENT: Final[Mapping[str, str]] = {
    "kk": "Жіберілді, жауабы әлі келген жоқ. Қайта төлемеңіз: банк өзі анықтайды.",
    "ru": "Отправлено, ответа ещё нет. Не платите снова: банк выяснит сам.",
    "en": "On its way, not answered yet. Do not pay again: the bank finds out.",
}

_B: Final = BankRefusal

REFUSALS: Final[Mapping[BankRefusal, Mapping[str, str]]] = {
    _B.TEXT_UNREADABLE: {
        "kk": "Бұл қол қойылған төлем емес. Әмиян бағдарламасын жаңартыңыз.",
        "ru": "Это не подписанное поручение. Обновите программу кошелька.",
        "en": "This is not a signed order. Update the wallet's program.",
    },
    _B.NOT_FOR_CUSTOMERS: {
        "kk": "Мұндай тапсырманы тек банк бере алады.",
        "ru": "Такое поручение даёт только банк.",
        "en": "Only a bank gives an order of this kind.",
    },
    _B.WALLET_NOT_YOURS: {
        "kk": "Бұл әмиян сіздікі емес немесе басқа банкте.",
        "ru": "Этот кошелёк не ваш или ведётся в другом банке.",
        "en": "This wallet is not yours, or kept by another bank.",
    },
    _B.CUSTOMER_NOT_ACTIVE: {
        "kk": "Шотыңыз қазір қолжетімсіз. Банкке хабарласыңыз.",
        "ru": "Обслуживание приостановлено. Обратитесь в банк.",
        "en": "Your account is on hold. Ask your bank.",
    },
    _B.ID_TAKEN: {
        "kk": "Бұл нөмірмен басқа төлем бар. Жаңа төлем жасаңыз.",
        "ru": "Под этим номером есть другое поручение. Создайте новое.",
        "en": "Another order has this id. Make a new one.",
    },
    _B.LIMIT_PAYMENT: {
        "kk": "Бір төлемге рұқсат етілгені: $limit. Деңгейіңізді көтеріңіз не бөліп төлеңіз.",
        "ru": "За один платёж разрешено $limit. Повысьте уровень или платите частями.",
        "en": "One payment may be $limit. Raise your level, or pay in parts.",
    },
    _B.GUARDIAN_PAYMENT: {
        "kk": "Қамқоршы бір төлемге $limit рұқсат етті.",
        "ru": "Опекун разрешил за один платёж $limit.",
        "en": "Your guardian allows $limit in one payment.",
    },
    _B.LIMIT_DAY: {
        "kk": "Тәуліктік шектен $limit қалды, керегі $found. Кейінірек төлеңіз.",
        "ru": "От суточного лимита осталось $limit, нужно $found. Заплатите позже.",
        "en": "$limit is left of what 24 hours allow, $found is needed. Pay later.",
    },
    _B.LIMIT_MONTH: {
        "kk": "Айлық шектен $limit қалды, керегі $found. Деңгейіңізді көтеріңіз.",
        "ru": "От месячного лимита осталось $limit, нужно $found. Повысьте уровень.",
        "en": "$limit is left of what 30 days allow, $found is needed. Raise your level.",
    },
    _B.GUARDIAN_DAY: {
        "kk": "Қамқоршы белгілеген тәуліктік шектен $limit қалды.",
        "ru": "От суточного лимита опекуна осталось $limit.",
        "en": "$limit is left of what your guardian allows in 24 hours.",
    },
    _B.GUARDIAN_MONTH: {
        "kk": "Қамқоршы белгілеген айлық шектен $limit қалды.",
        "ru": "От месячного лимита опекуна осталось $limit.",
        "en": "$limit is left of what your guardian allows in 30 days.",
    },
    _B.DEPOSIT_SHORT: {
        "kk": "Депозитте $limit бар, керегі $found.",
        "ru": "На депозите $limit, нужно $found.",
        "en": "There is $limit on the deposit, $found is needed.",
    },
    _B.DEPOSIT_BLOCKED: {
        "kk": "Депозит бұғатталған. Банкке хабарласыңыз.",
        "ru": "Депозит заблокирован. Обратитесь в банк.",
        "en": "The deposit is blocked. Ask your bank.",
    },
    _B.CARD_DECLINED: {
        "kk": "Карта қабылданбады. Басқа жолмен төлеңіз.",
        "ru": "Карта не принята. Заплатите другим способом.",
        "en": "The card is not accepted. Pay in another way.",
    },
    _B.CARD_BLOCKED: {
        "kk": "Бұғатталған карта көрсетілді. Карта табылса, бұғатты алыңыз.",
        "ru": "Предъявили заблокированную карту. Если она нашлась, разблокируйте её.",
        "en": "A card that is blocked was shown. If it is found again, unblock it.",
    },
    _B.CARD_OVER_LIMIT: {
        "kk": "Картаның шегі бұл төлемге жетпейді. Азырақ сомаға төлеңіз.",
        "ru": "Лимит карты не позволяет этот платёж. Заплатите меньшую сумму.",
        "en": "The card's limit does not allow this payment. Pay a smaller amount.",
    },
    _B.CARD_SHORT: {
        "kk": "Картада ақша жетпейді.",
        "ru": "На карте не хватает денег.",
        "en": "There is not enough money behind the card.",
    },
}
"""By refusal and language; `$found` is what was asked, `$limit` what there was room for."""


def explain_answer(verdict: Verdict, language: str, *, format_amount: Callable[[int], str]) -> str:
    """What a verdict means and what would help, in `kk`, `ru` or (else) `en`."""
    spoken: Language = cast(Language, language if language in _ACCEPTED else "en")
    if verdict.accepted:
        return _ACCEPTED[spoken]
    if verdict.code == "sent":
        return _SENT[spoken]
    if verdict.code in REFUSALS:
        figures = {
            "found": format_amount(verdict.found),
            "limit": format_amount(verdict.limit),
        }
        return Template(REFUSALS[BankRefusal(verdict.code)][spoken]).substitute(figures)
    explained = explain_verdict(verdict, spoken, format_amount=format_amount)
    return f"{explained.text} {explained.remedy}".strip()
