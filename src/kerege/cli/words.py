# SPDX-License-Identifier: Apache-2.0
"""What commands say when something is done, reports and trees too, in three languages. Pure.

Refusals come in the bank's words; errors of the command line are in English, as its help is.
"""

from collections.abc import Mapping
from string import Template
from typing import Final

from kerege.cli.paper_words import PAPER_TEXTS
from kerege.cli.report_words import REPORT_TEXTS

__all__ = ["TEXTS", "say"]

TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    **PAPER_TEXTS,
    **REPORT_TEXTS,
    "refunded": {
        "kk": "$amount қайтарылды.",
        "ru": "Возвращено: $amount.",
        "en": "$amount paid back.",
    },
    "held": {
        "kk": "$whom үшін $amount сақталды. Алу немесе босату: $order",
        "ru": "$amount отложено для: $whom. Списать или отпустить: $order",
        "en": "$amount set aside for $whom. To capture or release: $order",
    },
    "captured": {
        "kk": "Сақталған ақшадан $amount алынды.",
        "ru": "Из отложенного получено $amount.",
        "en": "$amount of what was set aside is taken.",
    },
    "released": {
        "kk": "Сақталған ақша төлеушіге қайтты.",
        "ru": "Отложенное вернулось плательщику.",
        "en": "What was set aside is the payer's again.",
    },
    "mandate.made": {
        "kk": "$whom әр жолы $each дейін, барлығы $total дейін ала алады: $order",
        "ru": "$whom может брать до $each за раз, всего до $total: $order",
        "en": "$whom may take up to $each at once, $total in all: $order",
    },
    "mandate.pulled": {
        "kk": "Келісім бойынша $amount алынды.",
        "ru": "По согласию получено $amount.",
        "en": "$amount taken under the mandate.",
    },
    "mandate.held": {
        "kk": "Келісім бойынша $amount сақталды: $order",
        "ru": "По согласию отложено $amount: $order",
        "en": "$amount set aside under the mandate: $order",
    },
    "mandate.cancelled": {
        "kk": "Келісім тоқтатылды.",
        "ru": "Согласие отозвано.",
        "en": "The mandate has ended.",
    },
    "mandate.none": {
        "kk": "Бұл әмиян келісім бермеген.",
        "ru": "Этот кошелёк согласий не давал.",
        "en": "This wallet granted no mandate.",
    },
    "mandate.line": {
        "kk": "$order  $to  әр жолы $each дейін, барлығы $total дейін  $state",
        "ru": "$order  $to  до $each за раз, всего до $total  $state",
        "en": "$order  $to  up to $each at once, $total in all  $state",
    },
    "mandate.alive": {"kk": "күшінде", "ru": "действует", "en": "in force"},
    "mandate.ended": {"kk": "тоқтаған", "ru": "окончено", "en": "ended"},
    "dispute.line": {
        "kk": "$case  $state  талап $claimed, мойындалды $conceded, берілді $awarded",
        "ru": "$case  $state  требование $claimed, признано $conceded, присуждено $awarded",
        "en": "$case  $state  claimed $claimed, admitted $conceded, awarded $awarded",
    },
    "dispute.due": {
        "kk": "Жауап мерзімі $answer, шешім мерзімі $decide; дәлел саны $evidence.",
        "ru": "Ответ до $answer, решение до $decide; доказательств: $evidence.",
        "en": "Answer by $answer, decision by $decide; evidence: $evidence.",
    },
    "dispute.none": {
        "kk": "Бұл әмиянның дауы жоқ.",
        "ru": "У этого кошелька споров нет.",
        "en": "This wallet has no dispute.",
    },
    "dispute.part": {
        "kk": "Енді талап шешілгенше банк оны осы әмиянда сақтай алады.",
        "ru": "Теперь банк может откладывать спорное в этом кошельке до решения.",
        "en": "The bank may now set claims aside in this wallet until they are decided.",
    },
    "alias.claimed": {
        "kk": "$alias енді $wallet әмиянына апарады.",
        "ru": "$alias теперь ведёт к кошельку $wallet.",
        "en": "$alias leads to $wallet now.",
    },
    "alias.dropped": {
        "kk": "Бұл атаудан бас тарттыңыз.",
        "ru": "Вы отказались от этого имени.",
        "en": "The alias is given up.",
    },
    "alias.none": {
        "kk": "Сізде бүркеншік ат жоқ.",
        "ru": "У вас нет псевдонимов.",
        "en": "You have no alias.",
    },
    "alias.leads": {
        "kk": "$name: $wallet ($bank)",
        "ru": "$name: $wallet ($bank)",
        "en": "$name: $wallet ($bank)",
    },
    "alias.nameless": {"kk": "атсыз", "ru": "без имени", "en": "no name shown"},
    "alias.masked": {
        "kk": "Төлеушілер атыңыздың бас әріптерін көреді.",
        "ru": "Плательщики видят первые буквы вашего имени.",
        "en": "Payers see the first letters of your name.",
    },
    "alias.nothing": {
        "kk": "Төлеушілер атыңызды көрмейді.",
        "ru": "Плательщики не видят вашего имени.",
        "en": "Payers do not see your name.",
    },
    "wallet.recovered": {
        "kk": "$wallet әмиянының жаңа кілті осы құрылғыда: $name.",
        "ru": "Новый ключ кошелька $wallet теперь здесь: $name.",
        "en": "The new key of $wallet is here now: $name.",
    },
    "wallet.moved": {
        "kk": "$name әмияны енді $bank банкінде.",
        "ru": "Кошелёк $name теперь ведёт $bank.",
        "en": "Wallet $name is kept by $bank now.",
    },
    "card.opened": {
        "kk": "Кілті банкте сақталатын әмиян ашылды: $wallet",
        "ru": "Открыт кошелёк, ключ которого хранит банк: $wallet",
        "en": "A wallet is open whose key the bank keeps: $wallet",
    },
    "card.bound": {
        "kk": "$ending картасы $wallet әмиянынан төлейді: $card",
        "ru": "Карта $ending платит из кошелька $wallet: $card",
        "en": "The card $ending pays from $wallet: $card",
    },
    "card.line": {
        "kk": "$card  $ending  $wallet  $state",
        "ru": "$card  $ending  $wallet  $state",
        "en": "$card  $ending  $wallet  $state",
    },
    "card.none": {"kk": "Карта жоқ.", "ru": "Карт нет.", "en": "There is no card."},
    "card.blocked": {
        "kk": "$ending картасы бұғатталды.",
        "ru": "Карта $ending заблокирована.",
        "en": "The card $ending is blocked.",
    },
    "card.active": {
        "kk": "$ending картасы қайта төлейді.",
        "ru": "Карта $ending снова платит.",
        "en": "The card $ending pays again.",
    },
    "card.dropped": {
        "kk": "Картадан бас тарттыңыз.",
        "ru": "Вы отказались от карты.",
        "en": "The card is given up.",
    },
    "card.charged": {
        "kk": "Карта $amount төледі.",
        "ru": "Картой оплачено $amount.",
        "en": "The card paid $amount.",
    },
    "child.programme": {
        "kk": "$title: $left, $until дейін",
        "ru": "$title: $left, до $until",
        "en": "$title: $left, until $until",
    },
    "child.own": {
        "kk": "отбасының өз ақшасы: $left",
        "ru": "деньги семьи: $left",
        "en": "the family's own money: $left",
    },
    "child.limit.payment": {
        "kk": "шегіңіз: бір төлемге $amount",
        "ru": "ваш лимит: $amount за один платёж",
        "en": "your limit: $amount in one payment",
    },
    "child.limit.day": {
        "kk": "шегіңіз: 24 сағатта $amount",
        "ru": "ваш лимит: $amount за 24 часа",
        "en": "your limit: $amount in 24 hours",
    },
    "child.limit.month": {
        "kk": "шегіңіз: 30 күнде $amount",
        "ru": "ваш лимит: $amount за 30 дней",
        "en": "your limit: $amount in 30 days",
    },
    "child.moved": {
        "kk": "$at  $amount  $whom ($parts)",
        "ru": "$at  $amount  $whom ($parts)",
        "en": "$at  $amount  $whom ($parts)",
    },
    "child.part.own": {"kk": "$amount өз ақшасы", "ru": "$amount свои", "en": "$amount own"},
    "child.refused": {
        "kk": "$at  $whom: $amount өтпеді. $text",
        "ru": "$at  $whom: отказано в $amount. $text",
        "en": "$at  $whom was refused $amount. $text",
    },
    "child.more": {
        "kk": "Одан ертерегі: --before $before",
        "ru": "Более раннее: --before $before",
        "en": "What was before: --before $before",
    },
    "pupils.line": {
        "kk": "$pupil  $name  $card  қамқоршы: $guardian, $phone, $bank",
        "ru": "$pupil  $name  $card  опекун: $guardian, $phone, $bank",
        "en": "$pupil  $name  $card  guardian: $guardian, $phone, $bank",
    },
    "pupils.none": {
        "kk": "Оқушы жоқ: адам тым аз.",
        "ru": "Учеников нет: слишком мало людей.",
        "en": "There is no pupil: too few people.",
    },
    "paid": {
        "kk": "$whom: $amount төленді.",
        "ru": "Заплачено $amount: $whom.",
        "en": "Paid $amount to $whom.",
    },
}
"""By key and language."""


def say(language: str, key: str, **figures: object) -> str:
    """The text of `key` in `kk`, `ru` or (else) `en`, with its figures filled in."""
    texts = TEXTS[key]
    return Template(texts.get(language, texts["en"])).substitute(figures)
