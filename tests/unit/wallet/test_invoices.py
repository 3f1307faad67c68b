# SPDX-License-Identifier: Apache-2.0
"""From the e-invoice people have to what is signed: sums by rate, a digest, local days."""

from pathlib import Path

import msgspec
import pytest

from kerege.payments.documents import CreditNote, Invoice, Pay
from kerege.payments.vat_registering import digest_of
from kerege.programmes.invoices import MalformedInvoice
from kerege.wallet.invoices import Invoices, read_e_invoice
from tests.e_invoices import SOUND, UBL
from tests.signed_papers import signed
from tests.wallets import Pocket

BILL = "ord_" + "2" * 32


@pytest.fixture
def pocket(tmp_path: Path) -> Pocket:
    return Pocket(tmp_path)


def _text(**more: object) -> bytes:
    return msgspec.json.encode({**SOUND, **more})


def test_json_and_ubl_are_told_apart_by_themselves() -> None:
    assert read_e_invoice(_text()).number == "7"
    for start in ("", "\ufeff"):
        assert read_e_invoice((start + UBL).encode()).number == "2026/118"
    for text in (b"", b"<", b"{", b"\xff", b"<a/>", b"nonsense"):
        with pytest.raises(MalformedInvoice):
            read_e_invoice(text)


def test_what_breaks_a_rule_is_not_registered(pocket: Pocket) -> None:
    invoices = Invoices(pocket.wallet())
    wrong = {**SOUND["totals"], "vat": 1_615}
    with pytest.raises(MalformedInvoice, match="BR-CO-14"):
        invoices.register(_text(totals=wrong))
    for text, method in ((_text(kind="credit-note"), "register"), (_text(), "credit")):
        with pytest.raises(MalformedInvoice, match="is wanted"):
            getattr(invoices, method)(text, *([BILL] if method == "credit" else []))
    assert not pocket.purse.store.unanswered()


def test_an_invoice_is_registered_with_its_buyer_and_contract(pocket: Pocket) -> None:
    invoices = Invoices(pocket.wallet(), utc_offset_min=300)
    baker = pocket.bank.make_wallet(alias="@nan")
    other = pocket.bank.make_wallet()
    text = _text(buyer={"name": "Baker", "wallet": other})
    invoice = signed(pocket, invoices.register(text, buyer="@nan", contract=BILL))
    assert isinstance(invoice, Invoice)
    assert (invoice.buyer, invoice.contract, invoice.total) == (baker, BILL, 12_166)
    assert invoice.details == digest_of(text)
    # Midnight of the twentieth, five hours ahead of UTC.
    assert invoice.date_us == 1_795_114_800_000_000
    named = signed(pocket, invoices.register(_text(contract=BILL)))
    assert isinstance(named, Invoice)
    assert named.contract == BILL
    by_itself = signed(pocket, invoices.register(text))
    assert isinstance(by_itself, Invoice)
    assert by_itself.buyer == other
    anybodys = signed(pocket, invoices.register(_text()))
    assert isinstance(anybodys, Invoice)
    assert anybodys.buyer == ""


def test_credit_and_payment_are_about_the_invoice(pocket: Pocket) -> None:
    invoices = Invoices(pocket.wallet())
    mill = pocket.bank.make_wallet(alias="@mill")
    note = signed(pocket, invoices.credit(_text(kind="credit-note", preceding="6"), BILL))
    assert isinstance(note, CreditNote)
    assert (note.invoice, note.total) == (BILL, 12_166)
    pay = signed(pocket, invoices.pay(BILL, "@mill", 116, asset="KZT"))
    assert isinstance(pay, Pay)
    assert (pay.about, pay.legs[0].to) == (BILL, mill)
