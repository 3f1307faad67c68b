# SPDX-License-Identifier: Apache-2.0
"""Sums by group; no group of people is so small that one stands out."""

import pytest

from kerege.centralbank import programme_tally
from kerege.centralbank.programme_flows import FlowKind
from kerege.centralbank.programme_tally import Tally, group_of
from kerege.programmes.report import FEWEST_PEOPLE, Figure, Standing

FIRM = ("firm", "5814", "KZ-75")
PERSON = ("person", "", "KZ-75")


def test_flows_add_up_by_group_and_route() -> None:
    tally = Tally()
    for route, amount in (("eat", 5), ("eat", 7), ("buy", 1)):
        tally.add_flow(FlowKind.SPENT, FIRM, route, amount)
    common = {"flow": "spent", "kind": "firm", "category": "5814", "region": "KZ-75"}
    assert tally.figures() == (
        Figure(route="buy", amount=1, payments=1, **common),
        Figure(route="eat", amount=12, payments=2, **common),
    )


def test_few_people_are_told_without_their_region() -> None:
    tally = Tally()
    for _ in range(FEWEST_PEOPLE):
        tally.add_holder(PERSON, amount=2, held=1, frozen=0)
    for region in ("KZ-10", "KZ-11"):
        tally.add_holder(("person", "", region), amount=3, held=0, frozen=3)
    tally.add_holder(FIRM, amount=4, held=0, frozen=0)
    assert tally.standing() == (
        Standing(kind="firm", category="5814", region="KZ-75", holders=1, amount=4),
        Standing(kind="person", holders=2, amount=6, frozen=6),
        Standing(kind="person", region="KZ-75", holders=5, amount=10, held=5),
    )


def test_groups_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programme_tally, "MAX_GROUPS", 3)
    tally = Tally()
    for number in range(50):
        group = ("firm", "5814", f"R{number}")
        tally.add_flow(FlowKind.SPENT, group, "eat", 1)
        tally.add_holder(group, amount=1, held=0, frozen=0)
    assert sum(one.amount for one in tally.figures()) == 50
    assert len(tally.figures()) == 4
    assert sum(one.amount for one in tally.standing()) == 50
    assert len(tally.standing()) == 4


def test_what_has_no_wallet_is_the_cores() -> None:
    assert group_of(None) == ("core", "", "")
