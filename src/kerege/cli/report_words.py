# SPDX-License-Identifier: Apache-2.0
"""What a funder reads of its programme, in three languages. Pure."""

from collections.abc import Mapping
from typing import Final

__all__ = ["REPORT_TEXTS"]


def _in(kk: str, ru: str, en: str) -> Mapping[str, str]:
    return {"kk": kk, "ru": ru, "en": en}


REPORT_TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "report.head": _in(
        "$programme (күйі: $state), $since – $until",
        "$programme (состояние: $state), с $since по $until",
        "$programme ($state), $since to $until",
    ),
    "report.part": _in(
        "Бір есеп осыған дейін ғана оқиды: жалғасын $until бастап сұраңыз.",
        "Один отчёт читает лишь до этого места: спросите дальше с $until.",
        "That is as far as one report reads: ask on from $until.",
    ),
    "report.budget": _in(
        "бюджет $budget, оның әлі таңбалауға болатыны $left",
        "бюджет $budget, из него ещё можно пометить $left",
        "budget $budget, of which $left may still be marked",
    ),
    "report.figure": _in(
        "  $flow: $amount, төлем саны $payments, $where",
        "  $flow: $amount, платежей $payments, $where",
        "  $flow: $amount in $payments payments, $where",
    ),
    "report.route": _in("$where, $route жолымен", "$where, путь $route", "$where by $route"),
    "report.standing": _in(
        "  қазір: $where, саны $holders: $amounts",
        "  сейчас: $where, всего $holders: $amounts",
        "  now with $holders $where: $amounts",
    ),
    "report.held": _in("оның $amount сақтауда", "из них отложено $amount", "$amount of it on hold"),
    "report.frozen": _in(
        "оның $amount бұғатталған", "из них арестовано $amount", "$amount of it frozen"
    ),
    "report.refused": _in(
        "  $rule ережесі бойынша бас тартылды: төлем саны $payments",
        "  отказано по правилу $rule: платежей $payments",
        "  refused by $rule: $payments payments",
    ),
    "report.flag": _in(
        "  қарап шығыңыз, $rule: $payee, төлем саны $payments, $amount",
        "  посмотрите, $rule: $payee, платежей $payments, $amount",
        "  look at $rule: $payee, $payments payments, $amount",
    ),
    "report.somebody": _in("жеке тұлға", "частное лицо", "a person"),
    "kind.person": _in("жеке тұлға", "частные лица", "person"),
    "kind.firm": _in("фирма", "фирмы", "firm"),
    "kind.agency": _in("мекеме", "ведомства", "agency"),
    "kind.bank": _in("банк", "банки", "bank"),
    "flow.marked": _in("таңбаланды", "помечено", "marked"),
    "flow.given": _in("берілді", "выдано", "given"),
    "flow.passed": _in("әрі қарай өтті", "передано дальше", "passed"),
    "flow.spent": _in("жұмсалды", "потрачено", "spent"),
    "flow.refunded": _in("қайтарып төленді", "возвращено получателями", "refunded"),
    "flow.returned": _in("қаржыландырушыға қайтты", "вернулось к финансирующему", "returned"),
    "flow.recalled": _in("кері шақырылды", "отозвано", "recalled"),
    "state.active": _in("күшінде", "действует", "active"),
    "state.suspended": _in("тоқтатыла тұрған", "приостановлена", "suspended"),
    "state.closed": _in("жабық", "закрыта", "closed"),
    "state.settled": _in("жабық, ақшасы қайтты", "закрыта, деньги вернулись", "settled"),
    "tree.head": _in(
        "$programme: $whom қолында $amount",
        "$programme: $amount у $whom",
        "$programme: $amount with $whom",
    ),
    "tree.cut": _in(
        "үзілді: соңғысы жоқ", "оборвано: последнего нет", "cut off: what came last is missing"
    ),
    "tree.loose": _in(
        "$amount: $whom белгілі бір шартсыз төледі",
        "$amount: заплачено $whom вне какого-либо одного договора",
        "$amount paid by $whom for no one contract",
    ),
    "tree.contract": _in(
        "$whom, $cap дейін ($order)", "$whom, до $cap ($order)", "$whom, up to $cap ($order)"
    ),
    "tree.nothing": _in("әлі ештеңе жоқ", "пока ничего", "nothing yet"),
    "tree.received": _in("$amount алды", "получено $amount", "$amount received"),
    "tree.plain": _in(
        "$amount кәдімгі ақшамен алды",
        "получено обычными деньгами $amount",
        "$amount received as plain money",
    ),
    "tree.held": _in(
        "$amount қабылдауды күтуде", "ждёт приёмки $amount", "$amount waits for acceptance"
    ),
    "tree.passed": _in("$amount әрі қарай берді", "передано дальше $amount", "$amount passed on"),
    "tree.wages": _in("$amount жалақы", "зарплаты $amount", "$amount wages"),
    "tree.taxes": _in("$amount салық", "налоги $amount", "$amount taxes"),
    "tree.bought": _in("$amount сатып алды", "закуплено $amount", "$amount bought"),
    "tree.returned": _in("$amount қайтарды", "возвращено $amount", "$amount returned"),
    "tree.left": _in("$amount әлі сонда", "осталось $amount", "$amount still there"),
    "vat.graph": _in(
        "фирма саны $firms, олардың арасындағы байланыс саны $ways",
        "фирм: $firms, связей между ними: $ways",
        "$firms firms, $ways ways between them",
    ),
    "vat.pattern": _in(
        "$kind: ҚҚС $vat, $firms", "$kind: НДС $vat, $firms", "$kind: VAT $vat, $firms"
    ),
    "vat.nothing": _in("қарайтын ештеңе жоқ", "смотреть не на что", "nothing to look at"),
    "vat.claims": _in(
        "жауап күткен талап саны $claims", "ждут ответа: $claims", "$claims claims wait"
    ),
    "vat.claim": _in(
        "$claim: $amount сұралды, $paid төлеуге болады",
        "$claim: из $amount можно выплатить $paid",
        "$claim: of $amount, $paid can be paid",
    ),
    "programmes.none": _in(
        "Әзірге бағдарлама жоқ.", "Программ пока нет.", "There is no programme yet."
    ),
    "programmes.line": _in(
        "$id (нұсқа $version, $state): $title; $until дейін $budget; таңбалар $marks",
        "$id (версия $version, $state): $title; $budget до $until; метки $marks",
        "$id (version $version, $state): $title; $budget until $until; marks $marks",
    ),
    "programme.funded": _in(
        "$programme үшін $amount таңбаланды.",
        "Помечено $amount для $programme.",
        "$amount marked for $programme",
    ),
    "programme.unfunded": _in(
        "$programme: $amount таңбасы алынды.",
        "Снята метка $programme с $amount.",
        "$amount unmarked of $programme",
    ),
}
"""By key and language."""
