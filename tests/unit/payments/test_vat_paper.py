# SPDX-License-Identifier: Apache-2.0
"""What a payment may be about: invoices and declarations, between whom they are."""

from kerege.payments.papers import find_paper
from kerege.payments.vat_paper import DeclarationPaper, InvoicePaper
from tests.towns import Town
from tests.vat_towns import VatTown


def test_what_a_payment_may_be_about(town: Town) -> None:
    vat = VatTown(town)
    mill, baker = vat.firm(), vat.firm(1_000)
    invoice, declaration = vat.invoice(mill, 100, buyer=baker), vat.declaration(mill)
    town.must(declaration)
    about = find_paper(vat.pay(baker, invoice, 1), town.scene)
    assert isinstance(about, InvoicePaper)
    assert about.invoiced(baker, mill)
    assert not about.invoiced(mill, baker)
    assert about.contracted(baker, mill, "digital-vat") is None
    other = find_paper(town.pay(mill, vat.authority, 1, about=declaration.id), town.scene)
    assert isinstance(other, DeclarationPaper)
    assert not other.invoiced(mill, vat.authority)
    assert other.contracted(mill, vat.authority, "digital-vat") is None
