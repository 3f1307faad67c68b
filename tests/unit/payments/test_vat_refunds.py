# SPDX-License-Identifier: Apache-2.0
"""Refunds and credit notes take VAT back with the money, in its share, once."""

import pytest
from msgspec.structs import replace

from tests.towns import Town
from tests.vat_towns import STANDARD, VatTown, lines_of


@pytest.fixture
def vat(town: Town) -> VatTown:
    return VatTown(town)


def test_a_refund_takes_the_mark_off_and_the_invoice_is_owed_again(
    town: Town, vat: VatTown
) -> None:
    mill, baker = vat.firm(), vat.firm(1_000)
    invoice = vat.invoice(mill, 100, buyer=baker)
    pay = vat.pay(baker, invoice, 116)
    town.must(pay)
    town.must(vat.refund(pay, 58))
    assert (vat.has(baker), vat.has(mill)) == ((942, 0), (50, 8))
    assert (vat.owed(invoice), vat.paid(invoice), vat.marked()) == ((50, 8), (50, 8), 8)
    town.must(vat.refund(pay, 58))
    assert (vat.has(baker), vat.has(mill), vat.marked()) == ((1_000, 0), (0, 0), 0)
    over = vat.refund(pay, 1)
    assert town.code(over) == "exceeds_refundable"
    town.must(vat.pay(baker, invoice, 116))
    assert vat.has(mill) == (100, 16)


def test_refunds_in_small_parts_are_exact(town: Town, vat: VatTown) -> None:
    mill, baker = vat.firm(), vat.firm(1_000)
    pay = vat.pay(baker, vat.invoice(mill, 100, buyer=baker), 116)
    town.must(pay)
    for back in range(1, 117):
        town.must(vat.refund(pay, 1))
        assert vat.marked() == 16 - (2 * 16 * back + 116) // (2 * 116)
    assert vat.has(baker) == (1_000, 0)


def test_who_passed_the_vat_on_refunds_from_unmarked_money(town: Town, vat: VatTown) -> None:
    farm, mill, baker = vat.firm(), vat.firm(), vat.firm(1_000)
    pay = vat.pay(baker, vat.invoice(mill, 100, buyer=baker), 116)
    town.must(pay)
    town.must(vat.pay(mill, vat.invoice(farm, 50, buyer=mill), 58))
    assert vat.has(mill) == (50, 8)
    town.must(vat.refund(pay, 58))
    assert (vat.has(mill), vat.has(baker)) == ((0, 0), (942, 0))
    assert (vat.has(farm), vat.marked()) == ((50, 8), 8)


def test_vat_money_comes_back_as_vat_money(town: Town, vat: VatTown) -> None:
    farm, mill, baker = vat.firm(), vat.firm(), vat.firm(1_000)
    town.must(vat.pay(baker, vat.invoice(mill, 100), 116))
    pay = vat.pay(mill, vat.invoice(farm, 100, buyer=mill), 116)
    town.must(pay)
    assert (vat.has(mill), vat.has(farm)) == ((0, 0), (100, 16))
    town.must(town.pay(farm, vat.authority, 16))
    assert vat.marked() == 0
    town.change(farm, vat=True)
    town.must(town.pay(baker, farm, 100))
    town.must(vat.refund(pay, 116))
    assert (vat.has(mill), vat.has(farm), vat.marked()) == ((100, 16), (84, 0), 16)


def test_a_credit_note_takes_off_what_is_owed_first(town: Town, vat: VatTown) -> None:
    mill, baker = vat.firm(), vat.firm(1_000)
    invoice = vat.invoice(mill, 100, buyer=baker)
    town.must(vat.pay(baker, invoice, 58))
    note = vat.credit(invoice, (25, STANDARD))
    town.must(note)
    assert (vat.owed(invoice), vat.paid(invoice), vat.due(note)) == ((25, 4), (50, 8), (0, 0))
    assert town.code(vat.pay(baker, invoice, 30)) == "invoice_already_paid"
    town.must(vat.pay(baker, invoice, 29))
    assert vat.has(mill) == (75, 12)


def test_what_was_paid_already_is_refunded_about_the_note(town: Town, vat: VatTown) -> None:
    mill, baker = vat.firm(), vat.firm(1_000)
    invoice = vat.invoice(mill, 100, buyer=baker)
    pay = vat.pay(baker, invoice, 116)
    town.must(pay)
    note = vat.credit(invoice, (25, STANDARD))
    town.must(note)
    assert (vat.owed(invoice), vat.paid(invoice), vat.due(note)) == ((0, 0), (75, 12), (25, 4))
    town.must(vat.refund(pay, 15, about=note.id))
    town.must(vat.refund(pay, 14, about=note.id))
    assert (vat.has(mill), vat.has(baker)) == ((75, 12), (913, 0))
    over = town.submit(vat.refund(pay, 1, about=note.id))
    assert (over.code, over.found, over.limit) == ("exceeds_refundable", 1, 0)
    # What is not credited goes back as before, and is owed again.
    town.must(vat.refund(pay, 87))
    assert (vat.owed(invoice), vat.paid(invoice), vat.marked()) == ((75, 12), (0, 0), 0)


def test_a_credit_of_one_rate_takes_that_rates_vat(town: Town, vat: VatTown) -> None:
    mill, baker = vat.firm(), vat.firm(1_000)
    invoice = vat.invoice(mill, (50, STANDARD), (42, 0), buyer=baker)
    pay = vat.pay(baker, invoice, 50)
    town.must(pay)
    assert vat.paid(invoice) == (46, 4)
    note = vat.credit(invoice, (50, STANDARD))
    town.must(note)
    assert (vat.owed(invoice), vat.paid(invoice), vat.due(note)) == ((0, 0), (42, 0), (4, 4))
    town.must(vat.refund(pay, 8, about=note.id))
    assert (vat.has(mill), vat.marked()) == ((42, 0), 0)


def test_credits_never_exceed_the_invoice(town: Town, vat: VatTown) -> None:
    mill, baker = vat.firm(), vat.firm(1_000)
    invoice = vat.invoice(mill, 100, buyer=baker)
    town.must(vat.credit(invoice, (60, STANDARD)))
    second = town.submit(vat.credit(invoice, (60, STANDARD)))
    assert (second.code, second.limit) == ("credit_exceeds_invoice", 40)
    thief = vat.firm()
    assert town.code(replace(vat.credit(invoice, (1, STANDARD)), wallet=thief)) == "not_yours"
    assert town.code(vat.credit(invoice, (1, 1_200))) == "vat_rate_wrong"
    assert town.code(vat.credit(invoice, lines=lines_of((1, STANDARD)) * 2)) == (
        "invoice_totals_wrong"
    )


def test_credits_in_parts_can_come_to_the_whole(town: Town, vat: VatTown) -> None:
    """0.48 twice is 1 on the invoice: one of the two notes must be able to say so."""
    mill = vat.firm()
    invoice = vat.invoice(mill, 6)
    half = lines_of((3, STANDARD))[0]
    assert half.vat == 0
    town.must(vat.credit(invoice, lines=(half,)))
    up = type(half)(half.basis_points, 3, 1)
    town.must(vat.credit(invoice, lines=(up,)))
    assert vat.owed(invoice) == (0, 0)
    wrong = type(half)(half.basis_points, 3, 2)
    assert town.code(vat.credit(vat.invoice(mill, 60), lines=(wrong,))) == "invoice_totals_wrong"


def test_a_refund_names_a_note_of_its_own_invoice(town: Town, vat: VatTown) -> None:
    mill, baker = vat.firm(), vat.firm(1_000)
    first, second = (vat.invoice(mill, 100, buyer=baker) for _ in range(2))
    pay = vat.pay(baker, first, 116)
    town.must(pay)
    town.must(vat.pay(baker, second, 116))
    note = vat.credit(second, (100, STANDARD))
    town.must(note)
    assert town.code(vat.refund(pay, 116, about=note.id)) == "invoice_mismatch"
    assert town.code(vat.refund(pay, 116, about=first.id)) == "order_not_found"
    plain = town.pay(baker, mill, 5)
    town.must(plain)
    assert town.code(vat.refund(plain, 5, about=note.id)) == "order_not_found"
