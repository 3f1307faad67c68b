# SPDX-License-Identifier: Apache-2.0
"""A verdict is told in the reader's language, with figures as the reader writes them, and with the
words of the rule that stopped it."""

import asyncio
from collections.abc import Iterator

import pytest

from kerege.bank.http.telling import Teller
from kerege.money import ISO4217
from kerege.payments import Verdict
from tests.banks import House, running_bank
from tests.pupils import SCHOOL_DAY_US, School

SHORT = Verdict("ord_1", "exceeds_balance", found=450_00, limit=120_00)
RULE = "school-meals/meal/canteen"
ONLY_CANTEENS = "Only at a school canteen or a supplier of school meals"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_bank(tmp_path_factory.mktemp("bank"), start_us=SCHOOL_DAY_US) as made:
        School(made)
        yield made


@pytest.fixture(scope="module")
def teller(house: House) -> Teller:
    return Teller(ISO4217.by_code("KZT"), house.parts.programmes)


@pytest.mark.parametrize(
    ("language", "figure"), [("kk", "120,00"), ("ru", "120,00"), ("en", "120.00")]
)
def test_figures_are_written_as_the_reader_does(teller: Teller, language: str, figure: str) -> None:
    assert figure in teller.answer(SHORT, language).text


def test_accepted_and_evidence_pass_through(teller: Teller) -> None:
    answer = teller.answer(Verdict("ord_1", "accepted"), "en", evidence="a.b.c")
    assert (answer.text, answer.evidence) == ("Done.", "a.b.c")


def test_a_figure_beyond_money_is_told_as_it_is(teller: Teller) -> None:
    strange = Verdict("ord_1", "exceeds_balance", found=2**62, limit=0)
    assert teller.answer(strange, "en").text


@pytest.mark.parametrize(
    ("language", "rule", "said"),
    [
        ("en", RULE, ONLY_CANTEENS),
        ("ru", RULE, "столов"),
        ("kk", RULE, "асхана"),
        ("en", "school-meals//", "may not go from this payer to this payee"),
    ],
)
def test_a_rule_that_stopped_it_is_told_in_its_own_words(
    teller: Teller, language: str, rule: str, said: str
) -> None:
    stopped = Verdict("ord_1", "programme_rule", found=450_00, rule=rule)
    assert said in teller.answer(stopped, language).text


@pytest.mark.parametrize("rule", ["gone/meal/canteen", "school-meals/meal/gone", "x", "//"])
def test_a_rule_nobody_knows_leaves_the_refusal(teller: Teller, rule: str) -> None:
    plain = teller.answer(Verdict("ord_1", "programme_rule", found=450_00), "en").text
    stopped = Verdict("ord_1", "programme_rule", found=450_00, rule=rule)
    assert teller.answer(stopped, "en").text == plain


def test_a_contracts_part_is_no_rule(teller: Teller) -> None:
    plain = teller.answer(Verdict("ord_1", "contract_mismatch"), "en").text
    named = Verdict("ord_1", "contract_mismatch", rule="school-meals/contract/ends")
    assert teller.answer(named, "en").text == plain


@pytest.mark.parametrize(
    "verdict", [SHORT, Verdict("ord_1", "programme_rule", found=450_00, rule=RULE)]
)
def test_the_loop_is_told_the_same(teller: Teller, verdict: Verdict) -> None:
    assert asyncio.run(teller.told(verdict, "en")) == teller.answer(verdict, "en")
