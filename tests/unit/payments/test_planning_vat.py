# SPDX-License-Identifier: Apache-2.0
"""Declarations, claims and their answer: each paper once, each unit of VAT once."""

import pytest
from msgspec.structs import replace

from tests.towns import Town
from tests.vat_towns import STANDARD, VatTown


@pytest.fixture
def vat(town: Town) -> VatTown:
    return VatTown(town)


def test_a_period_is_netted(town: Town, vat: VatTown) -> None:
    farm, mill, baker = vat.firm(), vat.firm(500), vat.firm(1_000)
    sold = vat.invoice(mill, 100, buyer=baker)
    bought = vat.invoice(farm, 50, buyer=mill)
    note = vat.credit(sold, (25, STANDARD))
    town.must(note)
    declaration = vat.declaration(mill, issued=(sold, note), received=(bought,))
    assert (declaration.vat_issued, declaration.vat_received) == (12, 8)
    town.must(declaration)
    assert vat.open(declaration) == 4


def test_a_paper_is_declared_once_by_each_side(town: Town, vat: VatTown) -> None:
    mill, baker = vat.firm(), vat.firm(1_000)
    invoice = vat.invoice(mill, 100, buyer=baker)
    town.must(vat.declaration(mill, issued=(invoice,)))
    town.must(vat.declaration(baker, received=(invoice,)))
    assert town.code(vat.declaration(baker, received=(invoice,))) == "already_declared"
    twice = vat.declaration(mill, issued=(vat.invoice(mill, 1),) * 2)
    assert town.code(twice) == "already_declared"


def test_only_ones_own_papers_of_the_period(town: Town, vat: VatTown) -> None:
    mill, baker, other = vat.firm(), vat.firm(1_000), vat.firm()
    invoice, open_one = vat.invoice(mill, 100, buyer=baker), vat.invoice(mill, 100)
    wrong = [
        vat.declaration(other, issued=(invoice,)),
        vat.declaration(other, received=(invoice,)),
        vat.declaration(mill, received=(invoice,)),
        vat.declaration(baker, received=(open_one,)),
        vat.declaration(mill, issued=(invoice,), to_us=invoice.date_us),
        vat.declaration(mill, issued=(invoice,), from_us=invoice.date_us + 1),
        vat.declaration(mill, issued=(invoice,), vat_issued=15),
        vat.declaration(mill, issued=(invoice,), vat_received=1),
    ]
    assert {town.code(one) for one in wrong} == {"declaration_wrong"}
    assert town.code(vat.declaration(vat.firm(vat=False))) == "vat_not_registered"
    nothing = replace(vat.declaration(mill), issued=(vat.declaration(mill).id,))
    assert town.code(nothing) == "order_not_found"


def test_a_claim_is_paid_in_a_run(town: Town, vat: VatTown) -> None:
    mill, exporter = vat.firm(), vat.firm(1_000)
    bought = vat.invoice(mill, 100, buyer=exporter)
    pay = vat.pay(exporter, bought, 116)
    town.must(pay)
    sold = vat.invoice(exporter, (500, 0))
    declaration = vat.declaration(exporter, issued=(sold,), received=(bought,))
    town.must(declaration)
    claim = vat.claim(declaration, (bought, 16))
    town.must(claim)
    assert (vat.open(declaration), vat.paid(bought)) == (0, (100, 0))
    # What is claimed is neither refunded nor credited nor claimed again.
    assert town.code(vat.refund(pay, 116)) == "exceeds_refundable"
    assert town.code(vat.credit(bought, (100, STANDARD))) == "credit_exceeds_invoice"
    assert town.code(vat.claim(declaration, (bought, 1))) == "claim_exceeds_paid"
    town.must(vat.run((claim, 16, ())))
    assert vat.has(exporter) == (900, 0)
    assert town.code(vat.run((claim, 16, ()))) == "claim_answered"


def test_refused_lines_may_come_again(town: Town, vat: VatTown) -> None:
    mill, exporter = vat.firm(), vat.firm(1_000)
    first, second = (vat.invoice(mill, net, buyer=exporter) for net in (100, 50))
    for invoice in (first, second):
        town.must(vat.pay(exporter, invoice, invoice.total))
    declaration = vat.declaration(exporter, received=(first, second))
    town.must(declaration)
    claim = vat.claim(declaration, (first, 16), (second, 8))
    town.must(claim)
    wrong = [
        vat.run((claim, 24, (second.id,))),
        vat.run((claim, 8, (second.id,))),
        vat.run((claim, 16, (second.id, second.id))),
        vat.run((claim, 24, (declaration.id,))),
    ]
    assert {town.code(one) for one in wrong} == {"claim_mismatch"}
    town.must(vat.run((claim, 16, (second.id,))))
    assert vat.has(exporter) == (1_000 - 174 + 16, 0)
    assert (vat.open(declaration), vat.paid(second)) == (8, (50, 8))
    again = vat.claim(declaration, (second, 8))
    town.must(again)
    town.must(vat.run((again, 8, ())))


def test_a_claim_is_of_ones_own_declaration_and_what_it_received(town: Town, vat: VatTown) -> None:
    mill, exporter, thief = vat.firm(), vat.firm(1_000), vat.firm()
    bought, other = (vat.invoice(mill, 100, buyer=exporter) for _ in range(2))
    for invoice in (bought, other):
        town.must(vat.pay(exporter, invoice, 116))
    declaration = vat.declaration(exporter, received=(bought,))
    town.must(declaration)
    assert town.code(replace(vat.claim(declaration, (bought, 16)), wallet=thief)) == "not_yours"
    assert town.code(vat.claim(declaration, (other, 16))) == "claim_mismatch"
    assert town.code(vat.claim(declaration, (bought, 8), (bought, 8))) == "claim_mismatch"
    assert town.code(vat.claim(declaration, (bought, 17))) == "claim_exceeds_paid"
    lost = replace(vat.claim(declaration, (bought, 16)), declaration=bought.id)
    assert town.code(lost) == "order_not_found"


def test_who_owes_claims_nothing(town: Town, vat: VatTown) -> None:
    mill, exporter = vat.firm(), vat.firm(1_000)
    bought = vat.invoice(mill, 100, buyer=exporter)
    town.must(vat.pay(exporter, bought, 116))
    sold = vat.invoice(exporter, 100)
    declaration = vat.declaration(exporter, issued=(sold,), received=(bought,))
    town.must(declaration)
    assert town.code(vat.claim(declaration, (bought, 16))) == "claim_exceeds_paid"


def test_only_the_authority_answers_and_all_or_none(town: Town, vat: VatTown) -> None:
    mill, exporter = vat.firm(), vat.firm(1_000)
    bought = vat.invoice(mill, 100, buyer=exporter)
    town.must(vat.pay(exporter, bought, 116))
    declaration = vat.declaration(exporter, received=(bought,))
    town.must(declaration)
    claim = vat.claim(declaration, (bought, 16))
    town.must(claim)
    assert town.code(vat.run((claim, 16, ()), signer=mill)) == "not_yours"
    verdict = town.submit(vat.run((claim, 16, ()), (claim, 16, ())))
    assert (verdict.code, verdict.step) == ("claim_answered", 1)
    assert vat.has(exporter) == (884, 0)
    later = replace(vat.run((claim, 16, ())), programme="other-vat")
    assert town.code(later) == "programme_unknown"
