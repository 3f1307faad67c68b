# SPDX-License-Identifier: Apache-2.0
"""Findings in words."""

import pytest

from kerege.programmes import words_english, words_kazakh, words_russian
from kerege.programmes.document import LANGUAGES
from kerege.programmes.findings import SEVERITIES, FindingCode, found

BOOKS = (words_english, words_kazakh, words_russian)


@pytest.mark.parametrize("code", FindingCode)
def test_every_finding_has_a_severity_and_words(code: FindingCode) -> None:
    finding = found(code, "$", kind="firm", example="an example", why="a cap")
    assert finding.severity == SEVERITIES[code]
    assert list(finding.texts) == list(LANGUAGES)
    assert len(set(finding.texts.values())) == len(LANGUAGES)
    assert not any("…" in text or "{" in text for text in finding.texts.values())


def test_a_kind_nobody_knows_is_somebody() -> None:
    finding = found(FindingCode.MONEY_STUCK, "$", kind="ministry", example="e")
    assert "somebody" in finding.texts["en"]


@pytest.mark.parametrize("table", ["RULES", "ARRIVALS", "WINDOWS", "KINDS", "FINDINGS"])
def test_the_languages_have_the_same_words(table: str) -> None:
    keys = [list(getattr(book, table)) for book in BOOKS]
    assert keys[0] == keys[1] == keys[2]
