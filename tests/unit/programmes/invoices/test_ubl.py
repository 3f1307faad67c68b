# SPDX-License-Identifier: Apache-2.0
"""UBL invoices are read, with the place of whatever is wrong in them."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kerege.programmes.invoices import MalformedInvoice, read_ubl, rule_faults
from tests.e_invoices import UBL, changed


def test_what_money_hangs_on_is_read() -> None:
    read = read_ubl(UBL.encode())
    invoice = read.invoice
    assert rule_faults(invoice) == []
    assert (invoice.number, invoice.issue_date, invoice.currency) == (
        "2026/118",
        "2026-11-20",
        "KZT",
    )
    assert (invoice.supplier.name, invoice.supplier.tax_number) == ("Дала диірмені", "000000000001")
    assert invoice.buyer.name == "Нан-ата"
    assert [(line.quantity, line.unit, line.net) for line in invoice.lines] == [
        ("40.125", "KGM", 100_000),
        ("1", "H87", 20_050),
    ]
    assert [(one.category, one.basis_points, one.net, one.vat) for one in invoice.vat] == [
        ("S", 1_600, 95_000, 15_200),
        ("Z", 0, 20_050, 0),
    ]
    assert (invoice.totals.total, invoice.totals.vat, invoice.totals.payable) == (
        130_250,
        15_200,
        130_250,
    )


def test_a_credit_note_names_its_invoice() -> None:
    text = UBL.replace("Invoice-2", "CreditNote-2").replace("<Invoice ", "<CreditNote ")
    text = text.replace("</Invoice>", "</CreditNote>").replace("InvoiceLine", "CreditNoteLine")
    text = text.replace("InvoicedQuantity", "CreditedQuantity")
    reference = (
        "<a:BillingReference><a:InvoiceDocumentReference><b:ID>2026/117</b:ID>"
        "</a:InvoiceDocumentReference></a:BillingReference>"
    )
    note = read_ubl(
        text.replace(" <a:AccountingSupplier", reference + "<a:AccountingSupplier", 1).encode()
    )
    assert (note.invoice.kind, note.invoice.preceding) == ("credit-note", "2026/117")
    assert note.invoice.lines[0].quantity == "40.125"


def test_an_invoice_names_its_contract() -> None:
    reference = "<a:ContractDocumentReference><b:ID>K-7</b:ID></a:ContractDocumentReference>"
    read = read_ubl(changed(" <a:AccountingSupplier", reference + "<a:AccountingSupplier"))
    assert (read.invoice.contract, read_ubl(UBL.encode()).invoice.contract) == ("K-7", "")


def test_a_rule_that_is_broken_has_its_place_in_the_file() -> None:
    read = read_ubl(changed(">1302.50</b:TaxInclusive", ">1302.51</b:TaxInclusive"))
    faults = {fault.rule: read.places[fault.place] for fault in rule_faults(read.invoice)}
    line = UBL[: UBL.index("<b:TaxInclusive")].count("\n") + 1
    assert faults["BR-CO-15"] == f"line {line}, cbc:TaxInclusiveAmount"


@pytest.mark.parametrize(
    ("old", "new", "what", "place"),
    [
        (">950.00<", ">950.001<", "at most two decimals", "cbc:TaxableAmount"),
        (">950.00<", ">950,00<", "at most two decimals", "cbc:TaxableAmount"),
        (">950.00<", "><", "at most two decimals", "cbc:TaxableAmount"),
        (">950.00<", f">{'9' * 17}<", "at most two decimals", "cbc:TaxableAmount"),
        (">950.00<", ">٩٥٠<", "at most two decimals", "cbc:TaxableAmount"),
        (">16.00<", ">16.001<", "rate", "cbc:Percent"),
        (">16.00<", ">-16<", "rate", "cbc:Percent"),
        (">16.00<", ">101<", "<= 10000", "$.vat[0].basis_points"),
        ('TaxableAmount currencyID="KZT"', 'TaxableAmount currencyID="EUR"', "currency", "Taxable"),
        ("<b:ID>S</b:ID>", "<b:ID>Q</b:ID>", "enum", "$.adjustments[0].category"),
        ("<b:ID>2026/118</b:ID>", "", "length", "$.number"),
        (">2026-11-20<", ">20.11.2026<", "regex", "$.issue_date"),
        (">false<", ">perhaps<", "indicator", "$.adjustments[0]"),
        ("Flour", "F" * 501, "length", "$.lines[0].name"),
        (">40.125<", ">many<", "regex", "$.lines[0].quantity"),
        ("a:LegalMonetaryTotal>", "a:Other>", "", ""),
        ("<b:Name>Нан-ата</b:Name>", "", "length", "$.buyer.name"),
    ],
)
def test_malformed_members_have_their_place(old: str, new: str, what: str, place: str) -> None:
    count = -1 if old.startswith("a:Legal") else 1
    with pytest.raises(MalformedInvoice) as raised:
        read_ubl(changed(old, new, count=count))
    assert what in raised.value.message
    assert place in raised.value.place
    assert "line" in raised.value.place


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"<Invoice/>",
        b"not xml",
        UBL.encode()[:-20],
        UBL.encode("utf-16")[:-1],
        UBL.replace("Invoice-2", "Order-2").encode(),
        UBL.replace('encoding="UTF-8"', 'encoding="no-such"').encode(),
        b"\xff" * 50,
    ],
)
def test_what_is_no_invoice(text: bytes) -> None:
    with pytest.raises(MalformedInvoice):
        read_ubl(text)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(UBL.encode()) - 1), st.binary(max_size=4))
def test_damage_is_told_never_thrown(place: int, patch: bytes) -> None:
    text = UBL.encode()
    with suppress(MalformedInvoice):
        read_ubl(text[:place] + patch + text[place + len(patch) :])
