# SPDX-License-Identifier: Apache-2.0
"""Payments about a contract: its cap, its milestones, its duties, its acceptor; hop after hop."""

import pytest
from msgspec.structs import replace

from kerege.payments.contract_documents import Contract, Milestone, Obligation
from kerege.payments.contract_paper import ContractPaper
from kerege.payments.contracts import find_contract
from tests.towns import HOUR_S, Town
from tests.works import Works


@pytest.fixture
def works(town: Town) -> Works:
    return Works(town)


def _left(works: Works, contract: Contract) -> tuple[int, ...]:
    found = find_contract(contract.id, works.town.scene)
    assert found is not None
    accounts = (found.payable, *found.milestones.values())
    return tuple(works.town.scene.spendable(account) for account in accounts)


def test_what_rules_may_know_of_a_contract(town: Town, works: Works) -> None:
    above = works.hire(works.builder, 100)
    below = works.subcontract(above, works.mason, 40, last=True)
    town.must(below)
    found = find_contract(below.id, town.scene)
    assert found is not None
    paper = ContractPaper(town.pay(works.builder, works.mason, 1), found, town.scene)
    known = paper.contracted(works.builder, works.mason, "roads")
    assert (known.is_buyer, known.is_supplier, known.by_supplier) == (True, True, False)
    assert (known.depth, known.of_programme, known.last, known.unmet) == (2, True, True, ())
    assert not paper.contracted(works.builder, works.mason, "meals").of_programme
    assert paper.contracted(works.mason, works.worker, "roads").by_supplier
    assert not paper.invoiced(works.builder, works.mason)


def test_marked_money_goes_down_the_chain_and_is_unmarked_as_wages(
    town: Town, works: Works
) -> None:
    above = works.hire(works.builder, 500)
    below = works.subcontract(above, works.mason, 200)
    town.must(below)
    town.must(town.pay(works.treasury, works.builder, 300, about=above.id))
    town.must(town.pay(works.builder, works.mason, 200, about=below.id))
    town.must(town.pay(works.mason, works.worker, 150, about=below.id))
    town.must(town.pay(works.mason, works.inspector, 20, about=below.id))
    assert works.paid(works.builder) == (100, 0)
    assert works.paid(works.mason) == (30, 0)
    assert works.paid(works.worker) == (0, 150)
    assert works.paid(works.inspector) == (0, 20)


def test_the_last_supplier_gets_plain_money(town: Town, works: Works) -> None:
    contract = works.hire(works.builder, 100, last=True)
    town.must(town.pay(works.treasury, works.builder, 100, about=contract.id))
    assert works.paid(works.builder) == (0, 100)


def test_without_a_contract_marked_money_goes_nowhere(town: Town, works: Works) -> None:
    contract = works.hire(works.builder, 100)
    town.must(town.pay(works.treasury, works.builder, 100, about=contract.id))
    verdict = town.submit(town.pay(works.builder, works.mason, 10))
    assert (verdict.code, verdict.rule) == ("programme_rule", "roads/work/contract")
    verdict = town.submit(town.pay(works.builder, works.mason, 10, about=contract.id))
    assert (verdict.code, verdict.rule) == ("programme_rule", "roads/work/contract")


def test_the_cap_counts_all_money_and_refunds_give_it_back(town: Town, works: Works) -> None:
    contract = works.hire(works.builder, 100)
    own = town.pay(works.treasury, works.builder, 60, about=contract.id, spend="unmarked")
    town.must(own)
    verdict = town.submit(town.pay(works.treasury, works.builder, 41, about=contract.id))
    assert (verdict.code, verdict.found, verdict.limit) == ("contract_used_up", 41, 40)
    town.must(town.refund(works.builder, own, 25))
    assert _left(works, contract) == (65,)
    town.must(town.pay(works.treasury, works.builder, 65, about=contract.id))


def test_each_milestone_has_its_amount(town: Town, works: Works) -> None:
    stones = (Milestone("bridge", 60), Milestone("road", 40))
    contract = works.hire(works.builder, 100, milestones=stones)
    pay = town.pay(works.treasury, works.builder, 50, about=contract.id, milestone="bridge")
    town.must(pay)
    assert _left(works, contract) == (50, 10, 40)
    more = replace(pay, id=town.next_id())
    verdict = town.submit(more)
    assert (verdict.code, verdict.found, verdict.limit) == ("milestone_used_up", 50, 10)
    for unknown in ("", "tower"):
        other = replace(pay, id=town.next_id(), milestone=unknown)
        assert town.code(other) == "contract_part_unknown"
    town.must(town.refund(works.builder, pay, 50))
    assert _left(works, contract) == (100, 60, 40)


def test_a_contract_of_others_is_not_yours(town: Town, works: Works) -> None:
    contract = works.hire(works.builder, 100)
    rich = town.wallet(50, owner_kind="firm")
    for payer, payee in ((rich, works.builder), (works.treasury, works.mason)):
        assert town.code(town.pay(payer, payee, 1, about=contract.id)) == "not_yours"


def test_two_legs_cannot_both_be_the_contract(town: Town, works: Works) -> None:
    contract = works.hire(works.builder, 100)
    both = town.pay_all(works.treasury, (works.builder, 10), (works.mason, 10))
    verdict = town.submit(replace(both, about=contract.id))
    assert (verdict.code, verdict.step) == ("not_yours", 1)


class Accepted:
    """A contract that is paid on acceptance, and a hold of 50 for its bridge."""

    def __init__(self, town: Town, works: Works) -> None:
        stones = (Milestone("bridge", 60), Milestone("road", 40))
        duty = (Obligation("taxes", works.inspector),)
        terms = {"milestones": stones, "obligations": duty, "acceptor": works.inspector}
        self.contract = works.hire(works.builder, 100, **terms)
        self.about = {"about": self.contract.id, "milestone": "bridge"}
        town.must(town.attest(works.inspector, self.contract, "taxes", met=True))
        decider = works.inspector
        self.hold = town.hold(works.treasury, works.builder, 50, decider=decider, **self.about)
        town.must(self.hold)


@pytest.fixture
def accepted(town: Town, works: Works) -> Accepted:
    return Accepted(town, works)


def test_acceptance_releases_the_money(town: Town, works: Works, accepted: Accepted) -> None:
    straight = town.pay(works.treasury, works.builder, 5, **accepted.about)
    assert town.code(straight) == "contract_needs_acceptance"
    itself = town.hold(works.treasury, works.builder, 5, decider=works.treasury, **accepted.about)
    assert town.code(itself) == "contract_needs_acceptance"
    assert town.code(town.capture(works.builder, 50, accepted.hold)) == "not_yours"
    town.must(town.capture(works.inspector, 45, accepted.hold))
    assert works.paid(works.builder) == (45, 0)
    assert _left(works, accepted.contract) == (55, 15, 40)


def test_what_is_not_accepted_frees_the_contract(
    town: Town, works: Works, accepted: Accepted
) -> None:
    town.must(town.release(works.inspector, accepted.hold))
    assert _left(works, accepted.contract) == (100, 60, 40)
    assert works.paid(works.treasury)[0] == 1_000


def test_what_is_never_decided_frees_the_contract(
    town: Town, works: Works, accepted: Accepted
) -> None:
    town.pass_s(HOUR_S + 1)
    assert _left(works, accepted.contract) == (100, 60, 40)


def test_part_after_part_is_accepted(town: Town, works: Works, accepted: Accepted) -> None:
    more = town.hold(
        works.treasury,
        works.builder,
        10,
        decider=works.inspector,
        raises=accepted.hold.id,
        **accepted.about,
    )
    town.must(more)
    assert _left(works, accepted.contract) == (40, 0, 40)
    town.must(town.capture(works.inspector, 20, accepted.hold, more, keep=True))
    town.must(town.capture(works.inspector, 30, accepted.hold))
    town.must(town.capture(works.inspector, 5, more))
    assert works.paid(works.builder) == (55, 0)
    assert _left(works, accepted.contract) == (45, 5, 40)


def test_a_raise_is_for_the_same_contract(town: Town, works: Works, accepted: Accepted) -> None:
    more = {"decider": works.inspector, "raises": accepted.hold.id}
    other = {**accepted.about, "milestone": "road"}
    for about in ({}, other):
        hold = town.hold(works.treasury, works.builder, 5, **more, **about)
        assert town.code(hold) == "hold_parts_mismatch"


def test_a_duty_no_longer_met_stops_what_was_reserved(
    town: Town, works: Works, accepted: Accepted
) -> None:
    town.must(town.attest(works.inspector, accepted.contract, "taxes", met=False))
    verdict = town.submit(town.capture(works.inspector, 50, accepted.hold))
    assert (verdict.code, verdict.rule) == ("contract_obligation_unmet", "roads/obligations/taxes")
    town.must(town.attest(works.inspector, accepted.contract, "taxes", met=True))
    town.must(town.capture(works.inspector, 50, accepted.hold))


def test_a_supplier_may_pull_under_its_contract(town: Town, works: Works) -> None:
    contract = works.hire(works.builder, 100)
    mandate = town.mandate(works.treasury, works.builder, each=100)
    town.must(mandate)
    pull = town.pull(works.builder, mandate, 70, about=contract.id)
    town.must(pull)
    assert works.paid(works.builder) == (70, 0)
    assert _left(works, contract) == (30,)
    town.must(town.refund(works.builder, pull, 70))
    assert _left(works, contract) == (100,)
