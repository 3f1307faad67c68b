# SPDX-License-Identifier: Apache-2.0
"""The book finds invoices from both sides."""

from kerege.programmes.vat_book import NO_FIRM, VatBook, VatFirm, VatInvoice


def test_invoices_are_found_from_both_sides() -> None:
    named = VatInvoice(id="1", supplier="a", buyer="b", vat=1, vat_paid=0)
    open_one = VatInvoice(id="2", supplier="a", buyer="", vat=1, vat_paid=0)
    book = VatBook([named, open_one], {"a": VatFirm(owes=3)})
    assert list(book.issued_by("a")) == [named, open_one]
    assert list(book.received_by("b")) == [named]
    assert list(book.received_by("")) == []
    assert (book.firm("a").owes, book.firm("z")) == (3, NO_FIRM)
