# SPDX-License-Identifier: Apache-2.0
"""A verdict is told in the reader's language, with figures as the reader writes them."""

import pytest

from kerege.bank.http.telling import Teller
from kerege.money import ISO4217
from kerege.payments import Verdict

TELLER = Teller(ISO4217.by_code("KZT"))
SHORT = Verdict("ord_1", "exceeds_balance", found=450_00, limit=120_00)


@pytest.mark.parametrize(
    ("language", "figure"), [("kk", "120,00"), ("ru", "120,00"), ("en", "120.00")]
)
def test_figures_are_written_as_the_reader_does(language: str, figure: str) -> None:
    assert figure in TELLER.answer(SHORT, language).text


def test_accepted_and_evidence_pass_through() -> None:
    answer = TELLER.answer(Verdict("ord_1", "accepted"), "en", evidence="a.b.c")
    assert (answer.text, answer.evidence) == ("Done.", "a.b.c")


def test_a_figure_beyond_money_is_told_as_it_is() -> None:
    strange = Verdict("ord_1", "exceeds_balance", found=2**62, limit=0)
    assert TELLER.answer(strange, "en").text
