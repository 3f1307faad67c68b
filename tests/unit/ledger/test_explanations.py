# SPDX-License-Identifier: Apache-2.0
"""Every refusal has a place, a test row, a docs row, a status and words in each language."""

import re
from pathlib import Path
from string import Template

import pytest

from kerege.ledger.errors import NothingToExplain
from kerege.ledger.explanations import (
    HTTP_STATUS,
    LANGUAGES,
    Explanation,
    Language,
    code_of,
    explain,
    format_instant,
)
from kerege.ledger.outcome import Outcome
from kerege.ledger.refusal import MALFORMED, PASSING, Refusal
from tests.ledgers import START_US, World, order_id
from tests.refusal_rows import ROWS

PAGE = Path(__file__).parents[3] / "docs/outcomes.md"
PLACES = ("found", "limit")
CYRILLIC = re.compile("[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]")
ONLY_KAZAKH = re.compile("[ӘәҒғҚқҢңӨөҰұҮүҺһІі]")
ONLY_RUSSIAN = re.compile("[ЁёЪъЬьЩщ]")


def _tenge(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02} ₸"


def _page_rows() -> dict[str, list[str]]:
    # What follows under the next heading is what documents are refused for.
    lines = PAGE.read_text(encoding="utf-8").partition("\n## ")[0].splitlines()
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in lines if line[:3] == "| `"]
    return {row[0].strip("`"): row[1:] for row in cells}


def _remembered(refusal: Refusal) -> str:
    return "no" if refusal in MALFORMED | PASSING else "yes"


@pytest.mark.parametrize("refusal", Refusal, ids=lambda refusal: refusal.name)
def test_a_refusal_is_complete(refusal: Refusal) -> None:
    code = code_of(refusal)
    assert re.fullmatch("[a-z_]+", code)
    assert refusal in ROWS
    assert list(_page_rows()).index(code) == list(Refusal).index(refusal) == _rank(refusal)
    assert HTTP_STATUS[refusal] in (400, 403, 409, 410, 412, 413, 422)
    text, remedy = LANGUAGES["en"][refusal]
    english = [_shown(text), _shown(remedy)]
    assert _page_rows()[code] == [*english, str(HTTP_STATUS[refusal]), _remembered(refusal)]
    for texts in LANGUAGES.values():
        assert all(part.strip() == part and part.endswith(".") for part in texts[refusal])


def _rank(refusal: Refusal) -> int:
    return list(ROWS).index(refusal)


def _shown(text: str) -> str:
    return Template(text).substitute(found="*found*", limit="*limit*")


@pytest.mark.parametrize("refusal", Refusal, ids=lambda refusal: refusal.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_each_language(refusal: Refusal, language: Language) -> None:
    outcome = Outcome(order_id(1), refusal, found=1234, limit=START_US)
    found = explain(outcome, language, format_amount=_tenge)
    both = f"{found.text} {found.remedy}"
    assert (found.code, found.http_status) == (code_of(refusal), HTTP_STATUS[refusal])
    assert "$" not in both
    assert (CYRILLIC.search(both) is None) == (language == "en")
    assert language == "kk" or ONLY_KAZAKH.search(both) is None
    assert language != "kk" or (ONLY_KAZAKH.search(both) and not ONLY_RUSSIAN.search(both))


@pytest.mark.parametrize("refusal", Refusal, ids=lambda refusal: refusal.name)
def test_the_languages_tell_the_same_figures(refusal: Refusal) -> None:
    named = [
        {place for place in PLACES if f"${place}" in texts[refusal][0]}
        for texts in LANGUAGES.values()
    ]
    assert named[0] == named[1] == named[2]


@pytest.mark.parametrize("refusal", Refusal, ids=lambda refusal: refusal.name)
def test_figures_shown_are_figures_given(refusal: Refusal, world: World) -> None:
    (outcome,) = world.ledger.post([ROWS[refusal](world)])
    shown = "$" in LANGUAGES["en"][refusal][0]
    assert not shown or outcome.found or outcome.limit


def test_no_other_rows_stand_on_the_page() -> None:
    assert list(_page_rows()) == [code_of(refusal) for refusal in Refusal]


def test_amounts_and_times_are_printed_as_the_reader_is_used_to() -> None:
    short = Outcome(order_id(1), Refusal.EXCEEDS_BALANCE, found=150_050, limit=99)
    assert explain(short, "en", format_amount=_tenge) == Explanation(
        code="exceeds_balance",
        http_status=422,
        text="There is not enough money: the transfer is for 1500.50 ₸, and 0.99 ₸ can be spent.",
        remedy="Pay at most what can be spent, or add money first.",
    )
    early = Outcome(order_id(1), Refusal.NOT_YET_VALID, found=START_US, limit=START_US + 10**6)
    assert explain(early, "ru", format_amount=_tenge).text == (
        "Ещё рано: сейчас 2027-01-15 08:00:00 UTC, а поручение действует с 2027-01-15 08:00:01 UTC."
    )
    shown = explain(early, "kk", format_amount=_tenge, format_time=lambda _: "таң")
    assert shown.remedy == "Осы тапсырманы мына уақыттан бастап қайта жіберіңіз: таң."


@pytest.mark.parametrize(
    ("at_us", "printed"),
    [(-5, "1970-01-01 00:00:00 UTC"), (2**62, "9999-12-31 23:59:59 UTC")],
)
def test_instants_no_calendar_knows_are_printed_all_the_same(at_us: int, printed: str) -> None:
    assert format_instant(at_us) == printed


def test_there_is_nothing_to_explain_about_an_accepted_order() -> None:
    with pytest.raises(NothingToExplain):
        explain(Outcome(order_id(1)), "en", format_amount=_tenge)
