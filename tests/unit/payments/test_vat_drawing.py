# SPDX-License-Identifier: Apache-2.0
"""Paying for invoices: exactly the VAT is marked, in whatever parts, and goes nowhere else."""

import pytest
from msgspec.structs import replace

from kerege.ledger.ids import AccountId
from kerege.payments.documents import Invoice
from kerege.payments.vat_papers import find_invoice
from tests.programmes import route
from tests.towns import Town
from tests.vat_towns import VatTown


@pytest.fixture
def vat(town: Town) -> VatTown:
    return VatTown(town)


def test_the_vat_of_a_payment_is_marked_on_arrival(town: Town, vat: VatTown) -> None:
    mill, baker = vat.firm(), vat.firm(1_000)
    invoice = vat.invoice(mill, 100, buyer=baker)
    town.must(vat.pay(baker, invoice, 116))
    assert vat.has(baker) == (884, 0)
    assert vat.has(mill) == (100, 16)
    assert vat.marked() == 16
    assert (vat.owed(invoice), vat.paid(invoice)) == ((0, 0), (100, 16))


@pytest.mark.parametrize("parts", [(50, 66), (1,) * 116, (115, 1), (33, 33, 33, 17), (7,) * 16])
def test_parts_are_exact_and_the_last_takes_the_rest(
    town: Town, vat: VatTown, parts: tuple[int, ...]
) -> None:
    mill, baker = vat.firm(), vat.firm(1_000)
    invoice = vat.invoice(mill, 100, buyer=baker)
    paid = 0
    for part in parts:
        town.must(vat.pay(baker, invoice, part))
        paid += part
        assert vat.paid(invoice)[1] == (2 * 16 * paid + 116) // (2 * 116)
    if paid < 116:
        town.must(vat.pay(baker, invoice, 116 - paid))
    assert vat.has(mill) == (100, 16)


def test_vat_money_pays_vat_first_and_stays_marked(town: Town, vat: VatTown) -> None:
    farm, mill, baker = vat.firm(), vat.firm(), vat.firm(1_000)
    town.must(vat.pay(baker, vat.invoice(mill, 100), 116))
    grain = vat.invoice(farm, 50, buyer=mill)
    town.must(vat.pay(mill, grain, 58))
    assert vat.has(mill) == (50, 8)
    assert vat.has(farm) == (50, 8)
    assert vat.marked() == 16


def test_what_vat_money_does_not_cover_is_marked_from_unmarked(town: Town, vat: VatTown) -> None:
    farm, mill, baker = vat.firm(), vat.firm(500), vat.firm(1_000)
    town.must(vat.pay(baker, vat.invoice(mill, 50), 58))
    town.must(vat.pay(mill, vat.invoice(farm, 100), 116))
    assert vat.has(mill) == (550 - 108, 0)
    assert vat.has(farm) == (100, 16)
    assert vat.marked() == 16


def test_vat_money_goes_nowhere_else(town: Town, vat: VatTown) -> None:
    mill, baker, friend = vat.firm(), vat.firm(1_000), vat.firm()
    town.must(vat.pay(baker, vat.invoice(mill, 100), 116))
    verdict = town.submit(town.pay(mill, friend, 101))
    assert (verdict.code, verdict.rule) == ("programme_rule", "digital-vat/pass-on/invoice")
    town.must(town.pay(mill, friend, 100))
    # Neither as the net part of another invoice, nor as the VAT of who is not registered for it.
    net = vat.invoice(friend, (10, 0))
    assert town.code(vat.pay(mill, net, 10)) == "exceeds_balance"
    small = vat.invoice(friend, 10)
    town.change(friend, vat=False)
    assert town.code(vat.pay(mill, small, 12)) == "vat_not_registered"
    assert vat.has(mill) == (0, 16)


def test_the_budget_takes_the_mark_off(town: Town, vat: VatTown) -> None:
    mill, baker = vat.firm(), vat.firm(1_000)
    town.must(vat.pay(baker, vat.invoice(mill, 100), 116))
    town.must(town.pay(mill, vat.authority, 10))
    assert vat.has(mill) == (100, 6)
    assert vat.has(vat.authority) == (10_010, 0)
    assert vat.marked() == 6


def test_no_hold_launders_it(town: Town, vat: VatTown) -> None:
    mill, baker, friend = vat.firm(), vat.firm(1_000), vat.firm()
    town.must(vat.pay(baker, vat.invoice(mill, 100), 116))
    town.must(town.pay(mill, friend, 100))
    assert town.code(town.hold(mill, friend, 1)) == "programme_rule"
    held = town.hold(mill, vat.authority, 16)
    town.must(held)
    town.must(town.capture(vat.authority, 16, held))
    assert (vat.has(mill), vat.marked()) == ((0, 0), 0)


def test_an_invoice_is_paid_once(town: Town, vat: VatTown) -> None:
    mill, baker = vat.firm(), vat.firm(1_000)
    invoice = vat.invoice(mill, 100, buyer=baker)
    town.must(vat.pay(baker, invoice, 100))
    over = town.submit(vat.pay(baker, invoice, 17))
    assert (over.code, over.found, over.limit) == ("invoice_already_paid", 17, 16)
    town.must(vat.pay(baker, invoice, 16))
    assert vat.has(mill) == (100, 16)


def test_an_invoice_is_for_its_buyer_and_supplier(town: Town, vat: VatTown) -> None:
    mill, baker, other = vat.firm(), vat.firm(1_000), vat.firm(1_000)
    invoice = vat.invoice(mill, 100, buyer=baker)
    assert town.code(vat.pay(other, invoice, 116)) == "invoice_mismatch"
    assert town.code(town.pay(baker, other, 116, about=invoice.id)) == "invoice_mismatch"
    split = town.pay_all(baker, (mill, 58), (mill, 58))
    assert town.code(replace(split, about=invoice.id)) == "invoice_mismatch"
    town.must(vat.pay(other, vat.invoice(mill, 100), 116))


def test_other_programmes_money_pays_the_net_part_only(town: Town, vat: VatTown) -> None:
    works = town.programme(
        route("payer.is_funder", name="grant", arrival="keep"),
        route("payee.kind == 'firm'", name="work", arrival="unmark"),
        id="works",
    )
    builder, mill = vat.firm(16), vat.firm()
    town.grant(works, builder, 200)
    town.must(vat.pay(builder, vat.invoice(mill, 100), 116))
    assert vat.has(mill) == (100, 16)
    assert (vat.has(builder)[0], town.balance(builder, works.mark)) == (0, 100)
    short = vat.pay(builder, vat.invoice(mill, 10), 12)
    assert town.code(short) == "exceeds_balance"


def test_a_mandate_pulls_what_an_invoice_asks_for(town: Town, vat: VatTown) -> None:
    mill, baker = vat.firm(), vat.firm(1_000)
    invoice = vat.invoice(mill, 100, buyer=baker)
    mandate = town.mandate(baker, mill, each=200, holds=True)
    town.must(mandate)
    pull = town.pull(mill, mandate, 116, about=invoice.id)
    town.must(pull)
    assert vat.has(mill) == (100, 16)
    town.must(town.refund(mill, pull, 116))
    assert (vat.has(baker), vat.owed(invoice)) == ((1_000, 0), (100, 16))
    held = town.pull(mill, mandate, 16, about=invoice.id, hold_s=60)
    assert town.code(held) == "invoice_not_reserved"


def test_the_marked_vat_stays_within_the_budget(town: Town) -> None:
    vat = VatTown(town, budget=15)
    mill, baker = vat.firm(), vat.firm(1_000)
    verdict = town.submit(vat.pay(baker, vat.invoice(mill, 100), 116))
    assert (verdict.code, verdict.found, verdict.limit) == ("programme_budget", 16, 15)


def test_while_the_programme_rests_invoices_with_vat_do(town: Town, vat: VatTown) -> None:
    mill, baker = vat.firm(), vat.firm(1_000)
    invoice = vat.invoice(mill, 100)
    town.change_programme(vat.mark, suspended=True)
    assert town.code(vat.pay(baker, invoice, 116)) == "programme_suspended"
    town.change_programme(vat.mark, suspended=False, closed=True)
    assert town.code(vat.pay(baker, invoice, 116)) == "programme_over"
    assert town.code(vat.draft(mill, 100)) == "programme_over"


def test_two_who_pay_at_once_cannot_pay_twice(town: Town, vat: VatTown) -> None:
    """Both planned from the same state: the accounts decide, and what comes second is refused."""
    mill, baker = vat.firm(), vat.firm(1_000)
    invoice = vat.invoice(mill, 100, buyer=baker)
    stale = town.scene.spendable
    first, second = vat.pay(baker, invoice, 100), vat.pay(baker, invoice, 100)
    known = {account: stale(account) for account in _accounts(town, invoice)}
    vars(town.scene)["spendable"] = lambda account: known.get(account) or stale(account)
    town.must(first)
    assert town.code(second) == "invoice_already_paid"
    vars(town.scene).pop("spendable")
    town.must(vat.pay(baker, invoice, 16))
    assert vat.has(mill) == (100, 16)


def _accounts(town: Town, invoice: Invoice) -> list[AccountId]:
    paper = find_invoice(invoice.id, town.scene)
    assert paper is not None
    return [paper.owed.net, paper.owed.vat]


def test_a_declaration_is_paid_with_vat_money_first(town: Town, vat: VatTown) -> None:
    mill, baker = vat.firm(20), vat.firm(1_000)
    invoice = vat.invoice(mill, 100, buyer=baker)
    town.must(vat.pay(baker, invoice, 58))
    declaration = vat.declaration(mill, issued=(invoice,))
    town.must(declaration)
    pay = town.pay(mill, vat.authority, 16, about=declaration.id)
    assert town.code(town.pay(baker, vat.authority, 16, about=declaration.id)) == "invoice_mismatch"
    assert town.code(town.pay(mill, baker, 16, about=declaration.id)) == "invoice_mismatch"
    town.must(pay)
    assert (vat.has(mill), vat.open(declaration)) == ((62, 0), 0)
    assert vat.has(vat.authority) == (10_016, 0)
    again = town.pay(mill, vat.authority, 1, about=declaration.id)
    assert town.code(again) == "declaration_already_paid"
