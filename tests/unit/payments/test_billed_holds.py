# SPDX-License-Identifier: Apache-2.0
"""Acceptance acts of invoices: what waits is split as it will be paid, and marked when taken."""

import pytest
from msgspec.structs import replace

from kerege.payments.contract_documents import Contract
from kerege.payments.documents import Invoice
from tests.billing import Billing
from tests.ledgers import move
from tests.towns import HOUR_S, Town


@pytest.fixture
def road(town: Town) -> Billing:
    return Billing(town)


@pytest.fixture
def contract(road: Billing) -> Contract:
    return road.works.hire(road.builder, 500, acceptor=road.inspector)


@pytest.fixture
def invoice(road: Billing, contract: Contract) -> Invoice:
    return road.bill(contract, 100, contract=contract.id)


def test_acceptance_marks_the_vat_and_leaves_the_rest_the_programmes(
    town: Town, road: Billing, contract: Contract, invoice: Invoice
) -> None:
    assert town.code(road.pay(contract, invoice, 116)) == "contract_needs_acceptance"
    hold = road.hold(contract, invoice, 116)
    town.must(hold)
    assert (road.vat.owed(invoice), road.vat.paid(invoice)) == ((0, 0), (0, 0))
    assert (road.left(contract), road.vat.marked()) == (384, 0)
    again = road.hold(contract, invoice, 1)
    assert town.code(again) == "invoice_already_paid"
    town.must(town.capture(road.inspector, 116, hold))
    assert road.has(road.builder) == (0, 100, 16)
    assert (road.vat.paid(invoice), road.vat.marked()) == ((100, 16), 16)


def test_what_is_taken_in_part_has_its_share_of_vat(
    town: Town, road: Billing, contract: Contract, invoice: Invoice
) -> None:
    hold = road.hold(contract, invoice, 116)
    town.must(hold)
    kept = town.capture(road.inspector, 50, hold, keep=True)
    assert town.code(kept) == "invoice_taken_once"
    town.must(town.capture(road.inspector, 50, hold))
    assert road.has(road.builder) == (0, 43, 7)
    assert (road.vat.owed(invoice), road.vat.paid(invoice)) == ((57, 9), (43, 7))
    assert road.left(contract) == 450
    rest = road.hold(contract, invoice, 66)
    town.must(rest)
    town.must(town.capture(road.inspector, 66, rest))
    assert road.has(road.builder) == (0, 100, 16)


def test_vat_money_waits_as_such(town: Town, road: Billing) -> None:
    above = road.works.hire(road.builder, 500)
    below = road.works.subcontract(above, road.mason, 200, acceptor=road.inspector)
    town.must(below)
    town.must(road.pay(above, road.bill(above, 100), 116))
    town.give(road.builder, 2, 0)
    bill = road.bill(below, (98, 1_600), (2, 0))
    hold = road.hold(below, bill, 116)
    town.must(hold)
    assert road.has(road.builder) == (2, 100, 16)
    town.must(town.capture(road.inspector, 116, hold))
    assert road.has(road.mason) == (0, 100, 16)
    assert road.has(road.builder) == (2, 0, 0)


@pytest.mark.parametrize("ending", ["release", "time"])
def test_what_is_not_accepted_is_owed_again(
    town: Town, road: Billing, contract: Contract, invoice: Invoice, ending: str
) -> None:
    before = road.has(road.treasury)
    hold = road.hold(contract, invoice, 116)
    town.must(hold)
    if ending == "release":
        town.must(town.release(road.inspector, hold))
    else:
        town.pass_s(HOUR_S + 1)
    assert (road.vat.owed(invoice), road.left(contract)) == ((100, 16), 500)
    assert road.has(road.treasury) == before
    town.must(road.hold(contract, invoice, 116))


def test_a_raise_is_for_the_same_invoice_and_each_has_its_own_vat(
    town: Town, road: Billing, contract: Contract, invoice: Invoice
) -> None:
    hold = road.hold(contract, invoice, 58)
    town.must(hold)
    other = road.bill(contract, 100)
    for named in (other.id, ""):
        raised = road.hold(contract, invoice, 58, raises=hold.id)
        assert town.code(replace(raised, invoice=named)) == "hold_parts_mismatch"
    more = road.hold(contract, invoice, 58, raises=hold.id)
    town.must(more)
    town.must(town.capture(road.inspector, 80, hold, more))
    assert road.has(road.builder) == (0, 69, 11)
    assert (road.vat.owed(invoice), road.vat.paid(invoice)) == ((31, 5), (69, 11))


def test_what_was_accepted_goes_back_mark_by_mark(
    town: Town, road: Billing, contract: Contract, invoice: Invoice
) -> None:
    before = road.has(road.treasury)
    hold = road.hold(contract, invoice, 116)
    town.must(hold)
    capture = town.capture(road.inspector, 116, hold)
    town.must(capture)
    town.must(town.refund(road.builder, capture, 116))
    assert (road.has(road.treasury), road.has(road.builder)) == (before, (0, 0, 0))
    assert (road.vat.owed(invoice), road.left(contract)) == ((100, 16), 500)
    assert road.vat.marked() == 0


def test_vat_that_waited_is_not_marked_while_its_programme_rests(
    town: Town, road: Billing, contract: Contract, invoice: Invoice
) -> None:
    hold = road.hold(contract, invoice, 116)
    town.must(hold)
    town.change_programme(road.vat.mark, suspended=True)
    assert town.code(town.capture(road.inspector, 116, hold)) == "programme_suspended"
    town.change_programme(road.vat.mark, suspended=False)
    town.must(town.capture(road.inspector, 116, hold))


def test_the_marked_vat_stays_within_the_budget(
    town: Town, road: Billing, contract: Contract, invoice: Invoice
) -> None:
    hold = road.hold(contract, invoice, 116)
    town.must(hold)
    budget, sink = road.vat.programme.budget, town.scene.allowance_sink
    town.world.must(move(budget, sink, town.scene.spendable(budget) - 15))
    verdict = town.submit(town.capture(road.inspector, 116, hold))
    assert (verdict.code, verdict.found, verdict.limit) == ("programme_budget", 16, 15)
    assert road.vat.owed(invoice) == (0, 0)


def test_vat_is_not_taken_for_a_net_part_whose_programme_is_over(
    town: Town, road: Billing, contract: Contract, invoice: Invoice
) -> None:
    hold = road.hold(contract, invoice, 116)
    town.must(hold)
    town.change_programme(road.works.mark, closed=True)
    verdict = town.submit(town.capture(road.inspector, 16, hold))
    assert (verdict.code, verdict.found, verdict.limit) == ("programme_over", 16, 0)
    town.must(town.release(road.inspector, hold))
    assert (road.has(road.builder), road.left(contract)) == ((0, 0, 0), 500)


@pytest.mark.parametrize("has_vat_money", [False, True])
def test_who_is_registered_no_more_takes_no_vat(
    town: Town, road: Billing, *, has_vat_money: bool
) -> None:
    above = road.works.hire(road.builder, 500)
    below = road.works.subcontract(above, road.mason, 200, acceptor=road.inspector)
    town.must(below)
    town.must(road.pay(above, road.bill(above, 100), 116))
    if not has_vat_money:
        town.must(town.pay(road.builder, road.vat.authority, 16))
        town.must(town.pay(road.treasury, road.builder, 16, spend="unmarked"))
    hold = road.hold(below, road.bill(below, 50), 58)
    town.must(hold)
    town.change(road.mason, vat=False)
    assert town.code(town.capture(road.inspector, 58, hold)) == "vat_not_registered"
    assert road.has(road.mason) == (0, 0, 0)
    town.change(road.mason, vat=True)
    town.must(town.capture(road.inspector, 58, hold))
    assert road.has(road.mason) == (0, 50, 8)
