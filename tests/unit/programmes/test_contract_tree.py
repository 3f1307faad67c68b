# SPDX-License-Identifier: Apache-2.0
"""A tree of contracts from what passed: each amount where it belongs, or told to belong nowhere."""

from typing import Any

from kerege.programmes.contract_tree import Contracting, Passing, tree_of

ROAD = Contracting(id="road", parent="", buyer="state", supplier="builder", cap=100)
BRIDGE = Contracting(id="bridge", parent="road", buyer="builder", supplier="mason", cap=50)
TOWER = Contracting(id="tower", parent="road", buyer="builder", supplier="mason", cap=50)


def _passing(payer: str, payee: str, amount: int, about: str = "", **more: Any) -> Passing:
    given = {"payee_kind": "firm", "kept": True, **more}
    return Passing(payer=payer, payee=payee, amount=amount, about=about, **given)


def test_contracts_stand_below_each_other_in_order() -> None:
    (road,), loose = tree_of([ROAD, BRIDGE, TOWER], [], funder="state")
    assert [branch.contract for branch in road.branches] == ["bridge", "tower"]
    assert not loose


def test_what_came_back_is_not_there() -> None:
    passings = [
        _passing("state", "builder", 80, "road"),
        _passing("builder", "mason", 30, "bridge"),
        _passing("builder", "mason", -10, "bridge"),
    ]
    (road,), _ = tree_of([ROAD, BRIDGE], passings, funder="state")
    assert (road.received, road.passed, road.left) == (80, 20, 60)
    assert road.branches[0].left == 20


def test_a_forged_about_counts_for_no_contract_of_others() -> None:
    passings = [_passing("mason", "shop", 7, "road"), _passing("stranger", "shop", 5, "road")]
    (road,), loose = tree_of([ROAD, BRIDGE], passings, funder="state")
    assert (road.received, road.bought) == (0, 0)
    assert road.branches[0].bought == 7
    assert [(one.wallet, one.amount) for one in loose] == [("stranger", 5)]


def test_every_unit_is_somewhere() -> None:
    passings = [
        _passing("state", "builder", 90, "road"),
        _passing("builder", "worker", 10, payee_kind="person", kept=False),
        _passing("builder", "office", 5, payee_kind="agency", kept=False),
        _passing("builder", "state", 4, payee_kind="agency", kept=False),
        _passing("builder", "shop", 3, kept=False),
    ]
    (road,), _ = tree_of([ROAD], passings, funder="state")
    spent = (road.wages, road.taxes, road.returned, road.bought)
    assert spent == (10, 5, 4, 3)
    assert road.received == road.left + sum(spent) + road.passed
