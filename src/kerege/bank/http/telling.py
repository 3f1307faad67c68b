# SPDX-License-Identifier: Apache-2.0
"""Answers to customers in their words: a verdict beside what it means in their language."""

from collections.abc import Callable, Mapping
from typing import Final

from kerege.bank.words import explain_answer
from kerege.money import (
    ENGLISH,
    KAZAKH,
    MAX_MINOR,
    RUSSIAN,
    Amount,
    Asset,
    Notation,
    Unit,
    format_amount,
)
from kerege.payments import Verdict
from kerege.wallet.wire import Answer

__all__ = ["Teller"]

_NOTATIONS: Final[Mapping[str, Notation]] = {"kk": KAZAKH, "ru": RUSSIAN, "en": ENGLISH}


class Teller:
    """Puts words to verdicts; figures are in `asset`, the bank's first."""

    def __init__(self, asset: Asset) -> None:
        self._asset = asset

    def answer(
        self, verdict: Verdict, language: str, *, evidence: str = "", wallet: str = ""
    ) -> Answer:
        """The verdict with its words in `kk`, `ru` or `en`."""

        text = explain_answer(verdict, language, format_amount=self.amounts(language))
        return Answer(verdict=verdict, text=text, evidence=evidence, wallet=wallet)

    def amounts(self, language: str) -> Callable[[int], str]:
        """What prints minor units as readers of that language are used to."""

        def shown(minor: int) -> str:
            if abs(minor) > MAX_MINOR:
                return str(minor)
            notation = _NOTATIONS.get(language, ENGLISH)
            return format_amount(Amount(minor, self._asset), notation, Unit.CODE)

        return shown
