# SPDX-License-Identifier: Apache-2.0
"""What programmes look like in a terminal."""

import pytest

from kerege.cli.programme_telling import findings_told, programme_told, trial_told
from kerege.programmes.document import LANGUAGES
from kerege.programmes.explaining import DescribedProgramme, DescribedRoute
from kerege.programmes.findings import FindingCode, found
from kerege.programmes.reading import ProgrammeFault
from kerege.programmes.trial import Tally, Trial


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_and_finding_has_a_line(language: str) -> None:
    fault = ProgrammeFault("$.title", "is missing")
    finding = found(FindingCode.TEXTS_SAME, "$.summary.en")
    told = findings_told([fault], [finding], language, title="").splitlines()
    assert len(told) == 2
    assert "$.title: is missing" in told[0]
    assert told[1].endswith("(texts-same)")


def test_nothing_odd_is_said_too() -> None:
    assert findings_told([], [], "en", title="Meals") == "Nothing is odd about Meals."


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_route_asks_for_stands_on_it(language: str) -> None:
    route = DescribedRoute("way", "text", "true", "stays marked", "contract", ("milk", "bread"), ())
    described = DescribedProgramme("a", 1, "title", "summary", "5", "2026", "2027", (route,))
    told = programme_told(described, language, funder="wal_1")
    assert "way → stays marked" in told
    assert "milk, bread" in told
    assert "wal_1" in told
    assert "{" not in told
    assert "…" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_would_have_passed_and_what_not(language: str) -> None:
    trial = Trial(
        tried=Tally(9, 90),
        allowed={"eat": Tally(2, 20)},
        blocked={("", ""): Tally(1, 5), ("eat", "days"): Tally(6, 60)},
        rest=Tally(1, 7),
    )
    told = trial_told(trial, language, format_amount=str).splitlines()
    assert len(told) == 5
    assert "{" not in "".join(told)
    assert "eat/days" in "".join(told)
