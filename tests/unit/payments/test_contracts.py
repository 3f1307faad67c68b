# SPDX-License-Identifier: Apache-2.0
"""A contract is found again with the accounts its order opened."""

import pytest

from kerege.ledger.ids import parse_order_id
from kerege.payments.contract_documents import Milestone, Obligation
from kerege.payments.contracts import chain_of, find_contract, unmet_rule
from kerege.payments.refusal import Refusal
from tests.towns import Town
from tests.works import Works


@pytest.fixture
def works(town: Town) -> Works:
    return Works(town)


def test_what_a_contract_leaves_is_in_its_own_accounts(works: Works) -> None:
    stones = (Milestone("bridge", 60), Milestone("road", 40))
    duties = (Obligation("taxes", works.inspector), Obligation("safety", works.treasury))
    contract = works.hire(works.builder, 100, milestones=stones, obligations=duties)
    found = find_contract(contract.id, works.town.scene)
    assert found is not None
    left = works.town.scene.spendable
    assert (left(found.payable), left(found.passable)) == (100, 100)
    assert {name: left(account) for name, account in found.milestones.items()} == {
        "bridge": 60,
        "road": 40,
    }
    assert {name: left(account) for name, account in found.obligations.items()} == {
        "taxes": 0,
        "safety": 0,
    }


def test_another_kind_of_order_is_no_contract(works: Works) -> None:
    pay = works.town.pay(works.town.wallet(5), works.builder, 5)
    works.town.must(pay)
    assert find_contract(pay.id, works.town.scene) is None
    assert find_contract(works.town.next_id(), works.town.scene) is None


def test_a_chain_goes_up_to_the_funders_own(works: Works) -> None:
    above = works.hire(works.builder, 100)
    below = works.subcontract(above, works.mason, 40)
    works.town.must(below)
    found = find_contract(below.id, works.town.scene)
    assert found is not None
    assert chain_of(found, works.town.scene) == (below, above)


def test_the_first_duty_that_is_not_met_is_named(works: Works) -> None:
    duties = (Obligation("taxes", works.inspector), Obligation("safety", works.inspector))
    contract = works.hire(works.builder, 100, obligations=duties)
    scene = works.town.scene
    found = find_contract(contract.id, scene)
    assert found is not None
    assert found.unmet(scene) == ("taxes", "safety")
    works.town.must(works.town.attest(works.inspector, contract, "taxes", met=True))
    refused = unmet_rule(found, scene)
    assert refused is not None
    assert refused.refusal is Refusal.CONTRACT_OBLIGATION_UNMET
    assert refused.rule == "roads/obligations/safety"
    works.town.must(works.town.attest(works.inspector, contract, "safety", met=True))
    assert unmet_rule(found, scene) is None


def test_a_hold_keeps_what_it_is_for_of_both_limits(works: Works) -> None:
    stones = (Milestone("bridge", 60),)
    contract = works.hire(works.builder, 100, milestones=stones)
    town = works.town
    hold = town.hold(works.treasury, works.builder, 50, about=contract.id, milestone="bridge")
    town.must(hold)
    found = find_contract(contract.id, town.scene)
    assert found is not None
    order = town.scene.orders[parse_order_id(hold.id)].order
    assert [step.amount for _, step in found.reserved(order)] == [50, 50]
    assert town.scene.spendable(found.payable) == 50
    assert town.scene.spendable(found.milestones["bridge"]) == 10
