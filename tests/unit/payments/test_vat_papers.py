# SPDX-License-Identifier: Apache-2.0
"""Papers are found by the order that registered them, and as nothing else."""

from kerege.payments.documents import Document
from kerege.payments.refusal import Refusal
from kerege.payments.vat_papers import (
    find_claim,
    find_credit,
    find_declaration,
    find_invoice,
    find_vat,
)
from tests.towns import Town
from tests.vat_towns import RATES, ROUTES, STANDARD, VatTown


def test_each_is_found_as_what_it_is(town: Town) -> None:
    vat = VatTown(town)
    mill, baker = vat.firm(), vat.firm(1_000)
    invoice = vat.invoice(mill, 100, buyer=baker)
    town.must(vat.pay(baker, invoice, 116))
    note, declaration = vat.credit(invoice, (1, STANDARD)), vat.declaration(baker, (), (invoice,))
    claim = vat.claim(declaration, (invoice, 5))
    papers: list[Document] = [invoice, note, declaration, claim]
    for paper in papers[1:]:
        town.must(paper)
    finders = [find_invoice, find_credit, find_declaration, find_claim]
    found = [[finder(paper.id, town.scene) is not None for paper in papers] for finder in finders]
    assert found == [[row == column for column in range(4)] for row in range(4)]


def test_the_newest_version_in_force_counts(town: Town) -> None:
    assert find_vat(town.scene, asset="KZT") is Refusal.PROGRAMME_UNKNOWN
    vat = VatTown(town)
    assert find_vat(town.scene, asset="XAU-G") is Refusal.PROGRAMME_UNKNOWN
    assert find_vat(town.scene, name="other") is Refusal.PROGRAMME_UNKNOWN
    terms = vat.programme.terms
    newest = town.programme(*ROUTES, id=terms.id, version=2, vat=terms.vat, funder=vat.authority)
    assert find_vat(town.scene, name="digital-vat") is newest
    assert RATES[1].basis_points == STANDARD


def test_vat_money_of_an_earlier_version_pays_vat(town: Town) -> None:
    vat = VatTown(town)
    farm, mill, baker = vat.firm(), vat.firm(), vat.firm(1_000)
    town.must(vat.pay(baker, vat.invoice(mill, 100), 116))
    terms = vat.programme.terms
    newest = town.programme(*ROUTES, id=terms.id, version=2, vat=terms.vat, funder=vat.authority)
    town.must(vat.pay(mill, vat.invoice(farm, 50), 58))
    assert (vat.has(farm), town.balance(farm, newest.mark)) == ((50, 8), 0)
    town.must(vat.pay(baker, vat.invoice(farm, 100), 116))
    assert (vat.has(farm), town.balance(farm, newest.mark)) == ((150, 8), 16)
