# SPDX-License-Identifier: Apache-2.0
"""What a sandbox puts in force is in order, each programme for a year and at any hour."""

import msgspec
import pytest

from kerege.programmes.checking import check_sound
from kerege.programmes.reading import read_programme
from kerege.sandbox.inhabitants import AGENCIES
from kerege.sandbox.terms import OUTCOMES, PROGRAMMES, filled, rewarding, taxing

FUNDER, SOURCE, INSPECTOR = ("wal_" + digit * 32 for digit in "123")
SINCE_US = 1_800_000_000_000_000


@pytest.mark.parametrize("name", PROGRAMMES)
def test_terms_are_sound(name: str) -> None:
    terms = filled(name, asset="KZT", funder=FUNDER, since_us=SINCE_US)
    again = read_programme(msgspec.json.encode(terms))
    check_sound(again)
    assert (again.asset, again.funder, again.starts_us) == ("KZT", FUNDER, SINCE_US)
    assert {one.name for route in again.routes for one in route.conditions}.isdisjoint(
        {"hours", "school-day"}
    )


@pytest.mark.parametrize("name", OUTCOMES)
def test_rewards_have_a_source_and_another_inspector(name: str) -> None:
    terms = filled(name, asset="KZT", funder=FUNDER, since_us=SINCE_US)
    terms = rewarding(terms, source=SOURCE, inspector=INSPECTOR)
    again = read_programme(msgspec.json.encode(terms))
    assert again.outcome is not None
    assert [one.wallet for one in again.outcome.sources] == [SOURCE]
    assert again.outcome.inspector == INSPECTOR
    assert again.outcome.max_units >= OUTCOMES[name].units


@pytest.mark.parametrize(("basis_points", "rates"), [(1600, {0, 1200, 1600}), (700, {700})])
def test_a_country_has_its_own_rate(basis_points: int, rates: set[int]) -> None:
    terms = filled("digital-vat", asset="KZT", funder=FUNDER, since_us=SINCE_US)
    again = read_programme(msgspec.json.encode(taxing(terms, basis_points=basis_points)))
    assert again.vat is not None
    assert {one.basis_points for one in again.vat.rates} == rates


def test_every_funder_is_an_agency() -> None:
    assert set(PROGRAMMES.values()) <= set(AGENCIES)
