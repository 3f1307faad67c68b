# SPDX-License-Identifier: Apache-2.0
"""Invoices are registered if they add up, at the rates of their date, under a number of their
own."""

import pytest
from msgspec.structs import replace

from kerege.payments.vat_documents import InvoiceLine
from tests.ledgers import START_US
from tests.towns import Town
from tests.vat_towns import DAY_US, STANDARD, VatTown


@pytest.fixture
def vat(town: Town) -> VatTown:
    return VatTown(town)


def test_an_invoice_opens_what_is_owed(vat: VatTown) -> None:
    invoice = vat.invoice(vat.firm(), 100, (50, 0))
    assert (invoice.total, vat.owed(invoice), vat.paid(invoice)) == (166, (150, 16), (0, 0))


@pytest.mark.parametrize(
    "lines",
    [
        (InvoiceLine(STANDARD, 100, 15),),
        (InvoiceLine(STANDARD, 100, 17),),
        (InvoiceLine(STANDARD, 50, 8), InvoiceLine(STANDARD, 50, 8)),
        (InvoiceLine(0, 100, 16),),
    ],
)
def test_vat_is_what_the_rate_says(
    town: Town, vat: VatTown, lines: tuple[InvoiceLine, ...]
) -> None:
    total = sum(line.net + line.vat for line in lines)
    draft = replace(vat.draft(vat.firm(), 100), lines=lines, total=total)
    assert town.code(draft) == "invoice_totals_wrong"


def test_rates_have_dates(town: Town, vat: VatTown) -> None:
    mill = vat.firm()
    before = START_US - 5 * DAY_US - 1
    town.must(vat.draft(mill, (100, 1_200), date_us=before))
    assert town.code(vat.draft(mill, (100, 1_200), date_us=before + 1)) == "vat_rate_wrong"
    assert town.code(vat.draft(mill, (100, 1_600), date_us=before)) == "vat_rate_wrong"
    town.must(vat.draft(mill, (100, 1_600), date_us=before + 1))
    town.must(vat.draft(mill, (100, 0)))


def test_nobody_dates_an_invoice_back_to_an_older_rate(town: Town, vat: VatTown) -> None:
    mill = vat.firm()
    late = vat.draft(mill, (100, 1_200), date_us=START_US - 15 * DAY_US - 1)
    verdict = town.submit(late)
    assert verdict.code == "invoice_date_wrong"
    assert (verdict.found, verdict.limit) == (START_US - 15 * DAY_US - 1, START_US - 15 * DAY_US)
    town.must(vat.draft(mill, (100, 1_200), date_us=START_US - 15 * DAY_US))
    ahead = vat.draft(mill, 100, date_us=START_US + DAY_US + 1)
    assert town.code(ahead) == "invoice_date_wrong"


def test_a_number_is_used_once_by_a_supplier(town: Town, vat: VatTown) -> None:
    mill, farm = vat.firm(), vat.firm()
    first = vat.invoice(mill, 100, number="7/A")
    again = vat.draft(mill, 100, number="7/A")
    assert town.code(again) == "invoice_number_used"
    town.must(vat.draft(farm, 100, number="7/A"))
    assert town.code(vat.credit(first, (1, STANDARD), number="7/A")) == "invoice_number_used"


def test_who_is_named_must_be_there(town: Town, vat: VatTown) -> None:
    mill = vat.firm()
    assert town.code(vat.draft(mill, 100, buyer="wal_" + "e" * 32)) == "wallet_unknown"
    assert town.code(vat.draft(mill, 100, buyer=mill)) == "payee_is_payer"
    assert town.code(vat.draft("wal_" + "e" * 32, 100)) == "wallet_unknown"


def test_without_vat_anybody_may_invoice(town: Town, vat: VatTown) -> None:
    small, buyer = vat.firm(vat=False), vat.firm(100)
    invoice = vat.invoice(small, (100, 0))
    town.must(vat.pay(buyer, invoice, 100))
    assert vat.has(small) == (100, 0)


def test_without_a_programme_there_are_no_invoices(town: Town, vat: VatTown) -> None:
    town.scene.programmes.clear()
    assert town.code(vat.draft(vat.firm(), 100)) == "programme_unknown"
