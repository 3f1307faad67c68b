# SPDX-License-Identifier: Apache-2.0
"""What the commands for contracts, invoices, VAT and rewards say, in three languages. Pure."""

from collections.abc import Mapping
from typing import Final

__all__ = ["PAPER_TEXTS"]


def _in(kk: str, ru: str, en: str) -> Mapping[str, str]:
    return {"kk": kk, "ru": ru, "en": en}


PAPER_TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "contract.made": _in(
        "$whom жеткізушімен $cap дейінгі шарт тіркелді: $order",
        "Договор с $whom на сумму до $cap зарегистрирован: $order",
        "Contract with $whom for at most $cap registered: $order",
    ),
    "contract.met": _in(
        "$name міндеттемесі орындалған деп расталды.",
        "Подтверждено: обязательство $name выполнено.",
        "Attested: the obligation $name is met.",
    ),
    "contract.unmet": _in(
        "$name міндеттемесі орындалмаған деп жазылды.",
        "Отмечено: обязательство $name не выполнено.",
        "Attested: the obligation $name is not met.",
    ),
    "contract.paid": _in(
        "Шарт бойынша $whom үшін $amount төленді.",
        "По договору заплачено $amount: $whom.",
        "Paid $amount to $whom under the contract.",
    ),
    "contract.reserved": _in(
        "Шарт бойынша $whom үшін $amount сақталды, қабылдауды күтеді: $order",
        "По договору отложено $amount для $whom до приёмки: $order",
        "$amount set aside for $whom until it is accepted: $order",
    ),
    "contract.accepted": _in(
        "Қабылданды: $amount жеткізушіге өтті.",
        "Принято: $amount перешло поставщику.",
        "Accepted: $amount is the supplier's.",
    ),
    "invoice.registered": _in(
        "$number шот-фактурасы тіркелді, барлығы $amount: $order",
        "Счёт-фактура $number зарегистрирован, всего $amount: $order",
        "Invoice $number for $amount registered: $order",
    ),
    "invoice.paid": _in(
        "Шот-фактура бойынша $amount төленді.",
        "По счёту-фактуре заплачено $amount.",
        "Paid $amount of the invoice.",
    ),
    "invoice.credited": _in(
        "$number түзету шоты тіркелді, барлығы $amount: $order",
        "Кредит-нота $number зарегистрирована, всего $amount: $order",
        "Credit note $number for $amount registered: $order",
    ),
    "vat.owed": _in(
        "Декларация қабылданды, төлеуге $amount: $order",
        "Декларация принята, к уплате $amount: $order",
        "Declared; $amount is owed: $order",
    ),
    "vat.claimable": _in(
        "Декларация қабылданды, қайтаруға $amount сұрауға болады: $order",
        "Декларация принята, к возврату можно заявить $amount: $order",
        "Declared; $amount may be claimed: $order",
    ),
    "vat.remitted": _in(
        "Бюджетке $amount төленді.",
        "В бюджет уплачено $amount.",
        "Paid $amount to the budget.",
    ),
    "vat.claimed": _in(
        "ҚҚС қайтаруға $amount сұралды: $order",
        "Заявлен возврат НДС на $amount: $order",
        "Claimed $amount of VAT: $order",
    ),
    "vat.answered": _in(
        "Талапқа жауап берілді, төленді: $amount.",
        "На заявление дан ответ, выплачено $amount.",
        "The claim is answered, $amount paid.",
    ),
    "reward.attested": _in(
        "$whom үшін $units бірлік расталды: $order",
        "Подтверждено единиц: $units, для $whom: $order",
        "$units units attested for $whom: $order",
    ),
    "reward.taken": _in(
        "Сыйақы алынды: $amount.",
        "Вознаграждение получено: $amount.",
        "The reward of $amount is yours.",
    ),
    "reward.stopped": _in(
        "Сыйақы қорға қайтарылды.",
        "Вознаграждение возвращено фонду.",
        "The reward went back to its fund.",
    ),
    "paper.none": _in(
        "Бұл әмиянға қатысты қағаз жоқ.",
        "Бумаг, касающихся этого кошелька, нет.",
        "No paper concerns this wallet.",
    ),
    "paper.line": _in(
        "$at  $kind  $order  сіз: $role  кімнен: $by$amount",
        "$at  $kind  $order  вы: $role  от: $by$amount",
        "$at  $kind  $order  you: $role  from: $by$amount",
    ),
    "kind.contract": _in("шарт", "договор", "contract"),
    "kind.attest": _in("растау", "подтверждение", "attestation"),
    "kind.invoice": _in("шот-фактура", "счёт-фактура", "invoice"),
    "kind.credit-note": _in("түзету шоты", "кредит-нота", "credit note"),
    "kind.vat-declaration": _in("ҚҚС декларациясы", "декларация по НДС", "VAT declaration"),
    "kind.vat-claim": _in("ҚҚС қайтару талабы", "заявление о возврате НДС", "VAT claim"),
    "kind.vat-claim-run": _in("талапқа жауап", "ответ на заявление", "answer to a claim"),
    "kind.hold": _in("сақталған ақша", "отложенные деньги", "money set aside"),
    "kind.pull": _in("келісім бойынша сақтау", "отложено по согласию", "set aside by mandate"),
    "kind.mandate": _in("келісім", "согласие", "mandate"),
    "kind.cancel-mandate": _in("келісімнің соңы", "отзыв согласия", "end of a mandate"),
    "kind.reward": _in("сыйақы", "вознаграждение", "reward"),
    "role.supplier": _in("жеткізуші", "поставщик", "supplier"),
    "role.acceptor": _in("қабылдаушы", "приёмщик", "acceptor"),
    "role.attester": _in("растаушы", "подтверждающий", "attester"),
    "role.buyer": _in("сатып алушы", "покупатель", "buyer"),
    "role.authority": _in("салық органы", "налоговый орган", "authority"),
    "role.claimant": _in("өтініш беруші", "заявитель", "claimant"),
    "role.decider": _in("шешуші", "решающий", "decider"),
    "role.payee": _in("алушы", "получатель", "payee"),
    "role.payer": _in("төлеуші", "плательщик", "payer"),
    "role.inspector": _in("инспектор", "инспектор", "inspector"),
}
"""By key and language."""
