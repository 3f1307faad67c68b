# SPDX-License-Identifier: Apache-2.0
"""Every refusal of a bank has words in each language, and figures where it names them."""

import pytest

from kerege.bank.refusal import BankRefusal
from kerege.bank.words import REFUSALS, explain_answer
from kerege.payments import Refusal, Verdict

LANGUAGES = ("kk", "ru", "en")


def told(code: str, language: str) -> str:
    verdict = Verdict("ord_1", code, found=450, limit=120)
    return explain_answer(verdict, language, format_amount=lambda minor: f"<{minor}>")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("refusal", BankRefusal)
def test_every_refusal_has_words(refusal: BankRefusal, language: str) -> None:
    text = told(refusal, language)
    assert text
    assert "$" not in text
    assert set(REFUSALS[refusal]) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ["accepted", "sent", "exceeds_balance", *Refusal, "new_code"])
def test_whatever_the_core_answers_has_words(code: str, language: str) -> None:
    assert told(code, language)


def test_figures_are_told() -> None:
    assert "<120>" in told("limit_day", "en")
    assert "<450>" in told("limit_day", "en")


def test_other_languages_get_english() -> None:
    assert told("accepted", "de") == "Done."
