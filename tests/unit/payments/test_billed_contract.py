# SPDX-License-Identifier: Apache-2.0
"""A payment under a contract for an invoice: one order, two papers, each kept to."""

import pytest

from kerege.payments.contract_documents import Milestone, Obligation
from kerege.payments.refusal import Refusal
from tests.billing import Billing
from tests.towns import Town


@pytest.fixture
def road(town: Town) -> Billing:
    return Billing(town)


def test_vat_is_marked_vat_and_the_net_part_is_the_programmes(town: Town, road: Billing) -> None:
    contract = road.works.hire(road.builder, 500)
    invoice = road.bill(contract, 100)
    before = road.has(road.treasury)
    town.must(road.pay(contract, invoice, 116))
    assert road.has(road.builder) == (0, 100, 16)
    assert road.has(road.treasury) == (before[0] - 16, before[1] - 100, 0)
    assert (road.vat.owed(invoice), road.vat.paid(invoice)) == ((0, 0), (100, 16))
    assert road.left(contract) == 500 - 116


def test_down_the_chain_vat_money_pays_vat_and_the_marked_rest_the_net(
    town: Town, road: Billing
) -> None:
    above = road.works.hire(road.builder, 500)
    below = road.works.subcontract(above, road.mason, 200)
    town.must(below)
    town.must(road.pay(above, road.bill(above, 200), 232))
    town.must(road.pay(below, road.bill(below, 50), 58))
    assert road.has(road.builder) == (0, 150, 24)
    assert road.has(road.mason) == (0, 50, 8)
    assert road.vat.marked() == 32


def test_the_cap_counts_the_vat_too(town: Town, road: Billing) -> None:
    contract = road.works.hire(road.builder, 115)
    verdict = town.submit(road.pay(contract, road.bill(contract, 100), 116))
    assert (verdict.code, verdict.found, verdict.limit) == ("contract_used_up", 116, 115)


def test_a_milestone_and_an_obligation_hold_as_ever(town: Town, road: Billing) -> None:
    contract = road.works.hire(
        road.builder,
        500,
        milestones=(Milestone("bridge", 200),),
        obligations=(Obligation("taxes", road.inspector),),
    )
    invoice = road.bill(contract, 100)
    assert town.code(road.pay(contract, invoice, 116)) == "contract_part_unknown"
    pay = road.pay(contract, invoice, 58, milestone="bridge")
    assert town.code(pay) == "contract_obligation_unmet"
    town.must(town.attest(road.inspector, contract, "taxes", met=True))
    town.must(road.pay(contract, invoice, 58, milestone="bridge"))
    assert road.has(road.builder) == (0, 50, 8)


def test_an_invoice_of_anothers_contract_is_not_paid_here(town: Town, road: Billing) -> None:
    ours, theirs = road.works.hire(road.builder, 500), road.works.hire(road.mason, 500)
    foreign = road.bill(theirs, 100)
    assert town.code(road.pay(ours, foreign, 116)) == "invoice_mismatch"
    other = road.works.hire(road.builder, 500)
    bound = road.bill(ours, 100, contract=ours.id)
    assert town.code(road.pay(other, bound, 116)) == "invoice_of_contract"
    town.must(road.pay(ours, bound, 116))


def test_an_invoice_of_a_contract_does_not_go_round_its_cap(town: Town, road: Billing) -> None:
    contract = road.works.hire(road.builder, 50)
    bound = road.bill(contract, 100, contract=contract.id)
    alone = town.pay(road.treasury, road.builder, 116, about=bound.id, spend="unmarked")
    assert town.code(alone) == "invoice_of_contract"
    assert town.code(road.pay(contract, bound, 116)) == "contract_used_up"
    held = town.hold(road.treasury, road.builder, 116, about=bound.id)
    assert town.code(held) == "invoice_of_contract"


def test_only_the_contracts_supplier_invoices_its_buyer_under_it(town: Town, road: Billing) -> None:
    contract = road.works.hire(road.builder, 500)
    by_others = road.vat.draft(road.mason, 100, buyer=road.treasury, contract=contract.id)
    assert town.code(by_others) == Refusal.NOT_YOURS
    for buyer in ("", road.mason):
        to_others = road.vat.draft(road.builder, 100, buyer=buyer, contract=contract.id)
        assert town.code(to_others) == Refusal.INVOICE_MISMATCH
    itself = road.vat.draft(road.builder, 100, buyer=road.builder, contract=contract.id)
    assert town.code(itself) == Refusal.PAYEE_IS_PAYER
    nowhere = road.vat.draft(road.builder, 100, buyer=road.treasury, contract=town.next_id())
    assert town.code(nowhere) == Refusal.ORDER_NOT_FOUND


def test_what_is_named_besides_must_be_an_invoice_and_about_a_contract(
    town: Town, road: Billing
) -> None:
    contract = road.works.hire(road.builder, 500)
    invoice = road.bill(contract, 100)
    nothing = town.pay(road.treasury, road.builder, 5, about=contract.id, invoice=contract.id)
    assert town.code(nothing) == "order_not_found"
    twice = town.pay(road.treasury, road.builder, 5, about=invoice.id, invoice=invoice.id)
    assert town.code(twice) == "order_not_found"


def test_a_refund_goes_back_mark_by_mark_to_both_papers(town: Town, road: Billing) -> None:
    contract = road.works.hire(road.builder, 500)
    invoice = road.bill(contract, 100)
    before = road.has(road.treasury)
    pay = road.pay(contract, invoice, 116)
    town.must(pay)
    town.must(town.refund(road.builder, pay, 58))
    assert road.has(road.builder) == (0, 50, 8)
    assert road.has(road.treasury)[1:] == (before[1] - 50, 0)
    assert (road.vat.owed(invoice), road.left(contract)) == ((50, 8), 500 - 58)
    town.must(town.refund(road.builder, pay, 58))
    assert road.has(road.treasury) == before
    assert (road.vat.owed(invoice), road.left(contract)) == ((100, 16), 500)
    assert road.vat.marked() == 0


def test_a_credit_note_takes_the_vat_back_and_frees_the_contract(town: Town, road: Billing) -> None:
    contract = road.works.hire(road.builder, 500)
    invoice = road.bill(contract, 100)
    pay = road.pay(contract, invoice, 116)
    town.must(pay)
    note = road.vat.credit(invoice, (50, 1_600))
    town.must(note)
    town.must(road.vat.refund(pay, 58, about=note.id))
    assert road.has(road.builder) == (0, 50, 8)
    assert (road.vat.owed(invoice), road.vat.due(note)) == ((0, 0), (0, 0))
    assert road.left(contract) == 500 - 58


def test_a_pull_under_a_mandate_pays_both(town: Town, road: Billing) -> None:
    contract = road.works.hire(road.builder, 500)
    invoice = road.bill(contract, 100, contract=contract.id)
    mandate = town.mandate(road.treasury, road.builder, each=200)
    town.must(mandate)
    town.must(town.pull(road.builder, mandate, 116, about=contract.id, invoice=invoice.id))
    assert road.has(road.builder) == (0, 100, 16)
