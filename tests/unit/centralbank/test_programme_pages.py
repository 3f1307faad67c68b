# SPDX-License-Identifier: Apache-2.0
"""What is published of programmes, page by page."""

import pytest

from kerege.centralbank import programme_pages
from kerege.centralbank.actions import SuspendProgramme
from kerege.centralbank.programme_pages import programme_list, programme_page
from kerege.programmes.published import MarkTerms, PublishedVersion
from tests.funders import ENDS_US, GROUND, activate, change, meals, signed_terms
from tests.registers import Country, Wallet


@pytest.fixture
def funder(country: Country) -> Wallet:
    return country.open(country.bank("altyn").name, owner_kind="agency", tier="agency")


def test_a_programme_whole(country: Country, funder: Wallet) -> None:
    first = activate(country, meals(funder), funder.key)
    second = activate(country, meals(funder, version=2, ends_us=ENDS_US + 1), funder.key)
    change(country, SuspendProgramme)
    page = programme_page(country.register, "school-meals")
    assert page is not None
    told = page.programme
    assert (told.version, told.state, told.funder) == (2, "suspended", funder.id)
    assert (told.authority, told.reason) == (GROUND.authority, GROUND.reason)
    assert told.marks == (MarkTerms(1, 1, ENDS_US), MarkTerms(2, 2, ENDS_US + 1))
    now_us = country.clock.now_us()
    assert page.versions == (
        PublishedVersion(version=1, at_us=now_us, proposal=first.id),
        PublishedVersion(version=2, at_us=now_us, proposal=second.id),
    )
    assert (page.version, page.document.ends_us) == (2, ENDS_US + 1)
    older = programme_page(country.register, "school-meals", version=1)
    assert older is not None
    assert older.document == meals(funder)
    assert older.terms == signed_terms(meals(funder), funder.key)


def test_what_there_is_not(country: Country, funder: Wallet) -> None:
    activate(country, meals(funder), funder.key)
    assert programme_page(country.register, "school-meals", version=2) is None
    assert programme_page(country.register, "other") is None


def test_pages_go_on_where_the_last_ended(
    country: Country, funder: Wallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert programme_list(country.register).programmes == ()
    for name in ("c", "a", "b"):
        activate(country, meals(funder, id=name), funder.key)
    monkeypatch.setattr(programme_pages, "MAX_LISTED", 2)
    first = programme_list(country.register)
    assert ([one.id for one in first.programmes], first.next) == (["a", "b"], "b")
    rest = programme_list(country.register, after=first.next)
    assert ([one.id for one in rest.programmes], rest.next) == (["c"], "")
