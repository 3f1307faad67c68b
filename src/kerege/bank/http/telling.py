# SPDX-License-Identifier: Apache-2.0
"""Answers to customers in their words: a verdict beside what it means in their language, and what
the rule says that kept a programme's money back."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from kerege.bank.core_line import CoreUnreachable
from kerege.bank.programmes import Programmes
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
from kerege.payments import Refusal, Verdict
from kerege.programmes.explaining import rule_in_words
from kerege.wallet.wire import Answer

__all__ = ["Teller"]

_NOTATIONS: Final[Mapping[str, Notation]] = {"kk": KAZAKH, "ru": RUSSIAN, "en": ENGLISH}


class Teller:
    """Puts words to verdicts; figures are in `asset`, the bank's first. Words of rules come from
    `programmes`, which may have to ask the core."""

    def __init__(self, asset: Asset, programmes: Programmes) -> None:
        self._asset = asset
        self._programmes = programmes

    def answer(
        self, verdict: Verdict, language: str, *, evidence: str = "", wallet: str = ""
    ) -> Answer:
        """The verdict with its words in `kk`, `ru` or `en`, and those of the rule that stopped it,
        for which the core may have to be asked."""
        said = explain_answer(verdict, language, format_amount=self.amounts(language))
        text = " ".join(part for part in (said, self._rule(verdict, language)) if part)
        return Answer(verdict=verdict, text=text, evidence=evidence, wallet=wallet)

    async def told(self, verdict: Verdict, language: str, *, evidence: str = "") -> Answer:
        """The same for what runs on the loop: nearly all verdicts have no rule to look up."""
        if not verdict.rule:
            return self.answer(verdict, language, evidence=evidence)
        return await asyncio.to_thread(self.answer, verdict, language, evidence=evidence)

    def _rule(self, verdict: Verdict, language: str) -> str:
        """The programme's own words for a rule of its newest version; empty if nobody can tell
        them now, for the refusal itself is known."""
        # What else has a rule names a part of a contract, which may be called as a rule is.
        if verdict.code != Refusal.PROGRAMME_RULE:
            return ""
        programme, _, rest = verdict.rule.partition("/")
        route, _, name = rest.partition("/")
        try:
            page = self._programmes.page(programme)
        except CoreUnreachable:
            return ""
        if page is None:
            return ""
        return rule_in_words(
            page.document,
            route,
            name,
            language,  # type: ignore[arg-type]  # `language_of` gives one of the three
            format_amount=self.amounts(language),
        )

    def amounts(self, language: str) -> Callable[[int], str]:
        """What prints minor units as readers of that language are used to."""

        def shown(minor: int) -> str:
            if abs(minor) > MAX_MINOR:
                return str(minor)
            notation = _NOTATIONS.get(language, ENGLISH)
            return format_amount(Amount(minor, self._asset), notation, Unit.CODE)

        return shown
