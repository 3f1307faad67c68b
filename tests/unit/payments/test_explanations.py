# SPDX-License-Identifier: Apache-2.0
"""Every refusal of a document has a place, a test row, a docs row, a status and words."""

import re
from pathlib import Path
from string import Template

import pytest

from kerege.ledger.errors import NothingToExplain
from kerege.ledger.explanations import Explanation, Language
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments.explanations import HTTP_STATUS, LANGUAGES, explain_verdict
from kerege.payments.refusal import NOT_PLANNED, Refusal
from kerege.payments.verdict import ACCEPTED, Verdict
from tests.document_refusal_rows import ROWS
from tests.ledgers import START_US
from tests.towns import Town

PAGE = Path(__file__).parents[3] / "docs/outcomes.md"
HEADING = "\n## Refusals of documents\n"
CYRILLIC = re.compile("[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]")
ONLY_KAZAKH = re.compile("[ӘәҒғҚқҢңӨөҰұҮүҺһІі]")
ONLY_RUSSIAN = re.compile("[ЁёЪъЬьЩщ]")


def _tenge(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02} ₸"


def _page_rows() -> dict[str, list[str]]:
    lines = PAGE.read_text(encoding="utf-8").partition(HEADING)[2].splitlines()
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in lines if line[:3] == "| `"]
    return {row[0].strip("`"): row[1:] for row in cells}


@pytest.mark.parametrize("refusal", Refusal, ids=lambda refusal: refusal.name)
def test_a_refusal_is_complete(refusal: Refusal) -> None:
    text, figures, remedy = LANGUAGES["en"][refusal]
    shown = Template(f"{text} {figures}".strip()).substitute(found="*found*", limit="*limit*")
    remembered = "no" if refusal in NOT_PLANNED else "yes"
    status = HTTP_STATUS[refusal]
    assert _page_rows()[refusal.value] == [shown, remedy, str(status), remembered]
    assert status in (400, 403, 409, 410, 422, 429)
    assert "$" not in text
    assert "$" not in remedy
    for texts in LANGUAGES.values():
        assert all(part.strip() == part for part in texts[refusal])
        assert all(part.endswith(".") for part in texts[refusal] if part)
        assert texts[refusal][0]
        assert texts[refusal][2]


def test_no_other_rows_stand_on_the_page() -> None:
    assert list(_page_rows()) == [refusal.value for refusal in Refusal]


def test_no_two_refusals_share_a_name() -> None:
    assert not {refusal.name for refusal in LedgerRefusal} & {refusal.name for refusal in Refusal}


def test_every_refusal_of_planning_has_its_row() -> None:
    assert list(ROWS) == [refusal for refusal in Refusal if refusal not in NOT_PLANNED]


@pytest.mark.parametrize("refusal", ROWS, ids=lambda refusal: refusal.name)
def test_a_document_meets_it(refusal: Refusal, town: Town) -> None:
    verdict = town.submit(ROWS[refusal](town))
    assert verdict.code == refusal.value
    figures = LANGUAGES["en"][refusal][1]
    assert not figures or verdict.found or verdict.limit


@pytest.mark.parametrize("refusal", Refusal, ids=lambda refusal: refusal.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_each_language(refusal: Refusal, language: Language) -> None:
    verdict = Verdict("", refusal.value, found=1234, limit=START_US)
    found = explain_verdict(verdict, language, format_amount=_tenge)
    both = f"{found.text} {found.remedy}"
    assert (found.code, found.http_status) == (refusal.value, HTTP_STATUS[refusal])
    assert "$" not in both
    assert (CYRILLIC.search(both) is None) == (language == "en")
    assert language == "kk" or ONLY_KAZAKH.search(both) is None
    assert language != "kk" or (ONLY_KAZAKH.search(both) and not ONLY_RUSSIAN.search(both))


@pytest.mark.parametrize("refusal", Refusal, ids=lambda refusal: refusal.name)
def test_the_languages_tell_the_same_figures(refusal: Refusal) -> None:
    named = [
        {place for place in ("$found", "$limit") if place in texts[refusal][1]}
        for texts in LANGUAGES.values()
    ]
    assert named[0] == named[1] == named[2]


def test_figures_are_told_where_they_are_known() -> None:
    over = Verdict("", "exceeds_refundable", found=150_050, limit=99)
    assert explain_verdict(over, "en", format_amount=_tenge) == Explanation(
        code="exceeds_refundable",
        http_status=422,
        text=(
            "More would be paid back than was paid."
            " The refund is for 1500.50 ₸, and 0.99 ₸ can still be paid back."
        ),
        remedy="Refund at most what has not been paid back yet.",
    )
    remembered = Verdict("", "exceeds_refundable", replayed=True)
    shown = explain_verdict(remembered, "en", format_amount=_tenge)
    assert shown.text == "More would be paid back than was paid."
    late = Verdict("", "request_expired", found=START_US + 1, limit=START_US)
    assert explain_verdict(late, "ru", format_amount=_tenge).text == (
        "Срок запроса на оплату истёк. Он действовал до 2027-01-15 08:00:00 UTC."
    )


@pytest.mark.parametrize("refusal", LedgerRefusal, ids=lambda refusal: refusal.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ledgers_refusals_are_explained_too(refusal: LedgerRefusal, language: Language) -> None:
    verdict = Verdict("", refusal.name.lower(), found=1, limit=2)
    assert explain_verdict(verdict, language, format_amount=_tenge).code == verdict.code


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_of_a_newer_core_is_told_as_such(language: Language) -> None:
    found = explain_verdict(Verdict("", "moon_too_full"), language, format_amount=_tenge)
    assert (found.code, found.http_status) == ("moon_too_full", 422)
    assert "moon_too_full" in found.text


def test_there_is_nothing_to_explain_about_an_accepted_order() -> None:
    with pytest.raises(NothingToExplain):
        explain_verdict(Verdict("", ACCEPTED), "en", format_amount=_tenge)
