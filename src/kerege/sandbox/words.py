# SPDX-License-Identifier: Apache-2.0
"""What the commands of a country say, in Kazakh, Russian or English. Pure."""

from collections.abc import Mapping
from string import Template
from typing import Final

from kerege.money import ENGLISH, KAZAKH, RUSSIAN, Amount, Notation, Unit, format_amount
from kerege.sandbox import texts_english, texts_kazakh, texts_russian

__all__ = ["LANGUAGES", "TEXTS", "amount_text", "say"]

TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "kk": texts_kazakh.TEXTS,
    "ru": texts_russian.TEXTS,
    "en": texts_english.TEXTS,
}
LANGUAGES: Final = tuple(TEXTS)
_NOTATIONS: Final[Mapping[str, Notation]] = {"kk": KAZAKH, "ru": RUSSIAN, "en": ENGLISH}


def say(language: str, key: str, **figures: object) -> str:
    """The text of `key` with its figures filled in."""
    return Template(TEXTS[language][key]).substitute(figures)


def amount_text(language: str, amount: Amount) -> str:
    """An amount with its asset's code, as the language writes it; with plain spaces."""
    # A terminal wraps no table, and a plain space can be searched for.
    return format_amount(amount, _NOTATIONS[language], Unit.CODE).replace("\xa0", " ")
