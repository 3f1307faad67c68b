# SPDX-License-Identifier: Apache-2.0
"""Terms of rewards that make no sense are told, each with its place."""

from typing import Any

import pytest

from kerege.ledger.account import MAX_AMOUNT
from kerege.programmes.outcome import OutcomeTerms, Source, outcome_faults

FUND, APP, WATCH, OFFICE = ("wal_" + digit * 32 for digit in "1234")


def _terms(**more: Any) -> OutcomeTerms:
    sources = tuple(Source(wallet=one, cap=100, window="day") for one in (APP, WATCH))
    given = {"sources": sources, "unit_amount": 2, "max_units": 5, "hold_s": 60}
    return OutcomeTerms(**{"inspector": OFFICE, **given, **more})


def test_terms_know_their_sources() -> None:
    terms = _terms()
    assert not list(outcome_faults(terms, FUND))
    source = terms.source(WATCH)
    assert source is not None
    assert source.wallet == WATCH
    assert terms.source(OFFICE) is None


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"sources": 2 * (Source(wallet=APP, cap=1, window="life"),)}, ".sources[1].wallet"),
        ({"sources": (Source(wallet=FUND, cap=1, window="life"),)}, ".sources"),
        ({"inspector": APP}, ".inspector"),
        ({"unit_amount": MAX_AMOUNT}, ".max_units"),
    ],
)
def test_what_makes_no_sense_is_told(members: dict[str, Any], place: str) -> None:
    assert [where for where, _ in outcome_faults(_terms(**members), FUND)] == [place]
