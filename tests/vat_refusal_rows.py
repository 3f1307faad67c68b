# SPDX-License-Identifier: Apache-2.0
"""For each refusal of value-added tax, a town and the document that meets it; see
`tests.document_refusal_rows`."""

from collections.abc import Callable

from msgspec.structs import replace

from kerege.payments.documents import Document, Invoice
from kerege.payments.refusal import Refusal
from tests.towns import Town
from tests.vat_towns import DAY_US, VatTown

__all__ = ["VAT_ROWS"]

VAT_ROWS: dict[Refusal, Callable[[Town], Document]] = {}


def _row(row: Callable[[VatTown], Document]) -> Callable[[VatTown], Document]:
    VAT_ROWS[Refusal[row.__name__.upper().lstrip("_")]] = lambda town: row(VatTown(town))
    return row


def _billed(vat: VatTown) -> tuple[str, str, Invoice]:
    supplier, buyer = vat.firm(), vat.firm(1_000)
    return supplier, buyer, vat.invoice(supplier, 100, buyer=buyer)


@_row
def _invoice_totals_wrong(vat: VatTown) -> Document:
    return vat.draft(vat.firm(), 100, total=117)


@_row
def _vat_rate_wrong(vat: VatTown) -> Document:
    return vat.draft(vat.firm(), (100, 1_200))


@_row
def _vat_not_registered(vat: VatTown) -> Document:
    return vat.draft(vat.firm(vat=False), 100)


@_row
def _invoice_date_wrong(vat: VatTown) -> Document:
    return vat.draft(vat.firm(), (100, 1_200), date_us=vat.town.scene.now_us - 16 * DAY_US)


@_row
def _invoice_number_used(vat: VatTown) -> Document:
    supplier, _, invoice = _billed(vat)
    return vat.draft(supplier, 100, number=invoice.number)


@_row
def _invoice_mismatch(vat: VatTown) -> Document:
    return vat.pay(vat.firm(1_000), _billed(vat)[2], 116)


@_row
def _invoice_already_paid(vat: VatTown) -> Document:
    _, buyer, invoice = _billed(vat)
    vat.town.must(vat.pay(buyer, invoice, 116))
    return vat.pay(buyer, invoice, 116)


@_row
def _invoice_not_reserved(vat: VatTown) -> Document:
    supplier, buyer, invoice = _billed(vat)
    return vat.town.hold(buyer, supplier, 116, about=invoice.id)


@_row
def _invoice_of_contract(vat: VatTown) -> Document:
    programme = vat.town.programme(id="roads")
    supplier = vat.firm()
    contract = vat.town.contract(programme, supplier, 500)
    vat.town.must(contract)
    buyer = programme.terms.funder
    invoice = vat.invoice(supplier, 100, buyer=buyer, contract=contract.id)
    return vat.pay(buyer, invoice, 116)


@_row
def _invoice_taken_once(vat: VatTown) -> Document:
    programme = vat.town.programme(id="roads")
    supplier, inspector = vat.firm(), vat.firm()
    contract = vat.town.contract(programme, supplier, 500, acceptor=inspector)
    vat.town.must(contract)
    buyer = programme.terms.funder
    papers = {"about": contract.id, "invoice": vat.invoice(supplier, 100, buyer=buyer).id}
    hold = vat.town.hold(buyer, supplier, 116, decider=inspector, **papers)
    vat.town.must(hold)
    return vat.town.capture(inspector, 50, hold, keep=True)


@_row
def _credit_exceeds_invoice(vat: VatTown) -> Document:
    return vat.credit(_billed(vat)[2], (101, 1_600))


@_row
def _declaration_wrong(vat: VatTown) -> Document:
    supplier, _, invoice = _billed(vat)
    return vat.declaration(supplier, issued=(invoice,), vat_issued=15)


@_row
def _already_declared(vat: VatTown) -> Document:
    supplier, _, invoice = _billed(vat)
    vat.town.must(vat.declaration(supplier, issued=(invoice,)))
    return vat.declaration(supplier, issued=(invoice,))


@_row
def _declaration_already_paid(vat: VatTown) -> Document:
    supplier, _, invoice = _billed(vat)
    declaration = vat.declaration(supplier, issued=(invoice,))
    vat.town.must(declaration)
    return vat.town.pay(supplier, vat.authority, 17, about=declaration.id)


@_row
def _claim_mismatch(vat: VatTown) -> Document:
    _, buyer, invoice = _billed(vat)
    declaration = vat.declaration(buyer, received=(invoice,))
    vat.town.must(declaration)
    return replace(vat.claim(declaration, (invoice, 16)), amount=17)


@_row
def _claim_exceeds_paid(vat: VatTown) -> Document:
    _, buyer, invoice = _billed(vat)
    declaration = vat.declaration(buyer, received=(invoice,))
    vat.town.must(declaration)
    return vat.claim(declaration, (invoice, 16))


@_row
def _claim_answered(vat: VatTown) -> Document:
    _, buyer, invoice = _billed(vat)
    vat.town.must(vat.pay(buyer, invoice, 116))
    declaration = vat.declaration(buyer, received=(invoice,))
    vat.town.must(declaration)
    claim = vat.claim(declaration, (invoice, 16))
    vat.town.must(claim)
    vat.town.must(vat.run((claim, 16, ())))
    return vat.run((claim, 16, ()))
