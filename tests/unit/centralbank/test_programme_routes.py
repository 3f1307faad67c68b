# SPDX-License-Identifier: Apache-2.0
"""A report tells payments by the route they went, with contract, purpose and hold they were of."""

import pytest

from kerege.centralbank.programme_report import ProgrammeReports
from tests.building import Site
from tests.doors import Door
from tests.ledgers import START_US


@pytest.fixture
def site(door: Door) -> Site:
    return Site(door)


def _by_route(site: Site) -> dict[tuple[str, str], int]:
    """Minor units by flow and route, of what went on from its funder."""
    country = site.country
    reports = ProgrammeReports(country.ledger._store, country.ledger, country.register)
    until_us = country.clock.now_us() + 1
    found = reports.report("procurement", from_us=START_US, until_us=until_us)
    assert found is not None
    return {(one.flow, one.route): one.amount for one in found.figures if one.route}


def test_contracts_wages_and_taxes_are_told_apart(site: Site) -> None:
    road = site.contract(site.treasury, site.builder, 600_00)
    stones = site.contract(site.builder, site.quarry, 100_00, parent=road.id, last=True)
    site.pay(site.treasury, site.builder, 500_00, about=road.id)
    site.pay(site.builder, site.quarry, 60_00, about=stones.id)
    site.pay(site.builder, site.worker, 50_00, purpose=1)
    site.pay(site.builder, site.office, 30_00)
    site.pay(site.builder, site.treasury, 20_00)
    assert _by_route(site) == {
        ("given", "award"): 500_00,
        ("spent", "last-supplier"): 60_00,
        ("spent", "wages"): 50_00,
        ("spent", "taxes"): 30_00,
        ("returned", "back"): 20_00,
    }


def test_what_was_accepted_goes_the_way_of_its_hold(site: Site) -> None:
    road = site.contract(site.treasury, site.builder, 600_00, acceptor=site.office.id)
    decider = {"about": road.id, "decider": site.office.id}
    hold = site.hold(site.treasury, site.builder, 200_00, **decider)
    assert _by_route(site) == {}
    site.capture(site.office, hold, 150_00)
    assert _by_route(site) == {("given", "award"): 150_00}
