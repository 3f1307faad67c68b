# SPDX-License-Identifier: Apache-2.0
"""Answers to customers in their words: a verdict beside what it means in their language."""

from collections.abc import Callable

from kerege.payments import Verdict
from kerege.wallet.wire import Answer

__all__ = ["Explain", "Teller"]

Explain = Callable[[Verdict, str], str]
"""What a verdict means, in a language."""


class Teller:
    """Puts words to verdicts."""

    def __init__(self, explain: Explain) -> None:
        self._explain = explain

    def answer(self, verdict: Verdict, language: str, *, evidence: str = "") -> Answer:
        """The verdict with its words."""
        return Answer(verdict=verdict, text=self._explain(verdict, language), evidence=evidence)
