# SPDX-License-Identifier: Apache-2.0
"""The treasury's tree, read from what was signed and accepted at a core's door."""

import pytest

from kerege.centralbank import order_log
from kerege.centralbank.contract_trees import ContractTrees
from kerege.programmes.contract_tree import Branch, ContractTree
from tests.building import Site
from tests.doors import Door


@pytest.fixture
def site(door: Door) -> Site:
    return Site(door)


def _tree(site: Site) -> ContractTree:
    country = site.country
    found = ContractTrees(country.ledger._store, country.ledger, country.register).tree(
        "procurement"
    )
    assert found is not None
    return found


def _figures(branch: Branch) -> dict[str, int]:
    names = ("received", "plain", "passed", "wages", "taxes", "bought", "returned", "left", "held")
    figures = {name: getattr(branch, name) for name in names}
    return {name: amount for name, amount in figures.items() if amount}


def test_money_is_followed_down_to_wages_taxes_and_the_last_supplier(site: Site) -> None:
    road = site.contract(site.treasury, site.builder, 600_00)
    bridge = site.contract(site.builder, site.mason, 300_00, parent=road.id)
    stones = site.contract(site.mason, site.quarry, 100_00, parent=bridge.id, last=True)
    site.pay(site.treasury, site.builder, 500_00, about=road.id)
    site.pay(site.builder, site.mason, 200_00, about=bridge.id)
    site.pay(site.mason, site.quarry, 60_00, about=stones.id)
    site.pay(site.mason, site.worker, 50_00, purpose=1)
    site.pay(site.builder, site.office, 30_00)
    site.pay(site.builder, site.treasury, 20_00)
    tree = _tree(site)
    assert (tree.programme, tree.funder, tree.is_complete) == (
        "procurement",
        site.treasury.id,
        True,
    )
    (top,) = tree.roots
    assert (top.contract, top.supplier, top.cap, top.promised) == (
        road.id,
        site.builder.id,
        600_00,
        300_00,
    )
    assert _figures(top) == {
        "received": 500_00,
        "passed": 200_00,
        "taxes": 30_00,
        "returned": 20_00,
        "left": 250_00,
    }
    (middle,) = top.branches
    assert _figures(middle) == {
        "received": 200_00, "passed": 60_00, "wages": 50_00, "left": 90_00
    }  # fmt: skip
    (last,) = middle.branches
    assert (last.supplier, last.last, _figures(last)) == (site.quarry.id, True, {"plain": 60_00})
    assert not tree.loose
    assert tree.with_funder == 1_000_00 - 500_00


def test_what_is_left_is_what_the_suppliers_have(site: Site) -> None:
    road = site.contract(site.treasury, site.builder, 600_00)
    bridge = site.contract(site.builder, site.mason, 300_00, parent=road.id)
    paid = site.pay(site.treasury, site.builder, 500_00, about=road.id)
    part = site.pay(site.builder, site.mason, 200_00, about=bridge.id)
    site.refund(site.mason, part, 80_00)
    site.refund(site.builder, paid, 100_00)
    (top,) = _tree(site).roots
    assert _figures(top) == {"received": 400_00, "passed": 120_00, "left": 280_00}
    assert _figures(top.branches[0]) == {"received": 120_00, "left": 120_00}


def test_what_waits_for_acceptance_is_held(site: Site) -> None:
    road = site.contract(site.treasury, site.builder, 600_00, acceptor=site.office.id)
    decider = {"about": road.id, "decider": site.office.id}
    first = site.hold(site.treasury, site.builder, 200_00, **decider)
    site.hold(site.treasury, site.builder, 70_00, **decider)
    capture = site.capture(site.office, first, 150_00)
    (top,) = _tree(site).roots
    assert _figures(top) == {"received": 150_00, "left": 150_00, "held": 70_00}
    site.refund(site.builder, capture, 50_00)
    assert _figures(_tree(site).roots[0]) == {"received": 100_00, "left": 100_00, "held": 70_00}


def test_who_has_two_contracts_says_which_or_is_told_apart(site: Site) -> None:
    roads = [site.contract(site.treasury, site.builder, 200_00) for _ in range(2)]
    for road in roads:
        site.pay(site.treasury, site.builder, 100_00, about=road.id)
    site.pay(site.builder, site.worker, 30_00, purpose=1, about=roads[1].id)
    site.pay(site.builder, site.worker, 20_00, purpose=1)
    tree = _tree(site)
    assert [branch.wages for branch in tree.roots] == [0, 30_00]
    assert [(one.wallet, one.amount) for one in tree.loose] == [(site.builder.id, 20_00)]


def test_a_tree_that_is_cut_off_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.contract(site.treasury, site.builder, 200_00)
    assert _tree(site).is_complete
    monkeypatch.setattr(order_log, "MAX_ORDERS_SEEN", 2)
    assert not _tree(site).is_complete


def test_there_is_no_tree_of_nothing(site: Site) -> None:
    country = site.country
    assert ContractTrees(country.ledger._store, country.ledger, country.register).tree("x") is None
