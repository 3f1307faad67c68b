# SPDX-License-Identifier: Apache-2.0
"""From the invoice people read to what is registered of it."""

from typing import Any

import msgspec
import pytest

from kerege.payments.vat_documents import InvoiceLine
from kerege.payments.vat_registering import (
    check_rules,
    contract_of,
    date_us_of,
    digest_of,
    lines_of,
)
from kerege.programmes.invoices import EInvoice, MalformedInvoice, decode_invoice
from tests.e_invoices import SOUND
from tests.programmes import at_us


def sound(**changed: Any) -> EInvoice:
    return decode_invoice(msgspec.json.encode({**SOUND, **changed}))


def test_sums_by_rate_and_a_digest() -> None:
    assert lines_of(sound()) == (InvoiceLine(1_600, 10_100, 1_616), InvoiceLine(0, 450, 0))
    assert digest_of(b"") == "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"


def test_categories_without_vat_are_one_line() -> None:
    vat = [{"category": "Z", "net": 5, "vat": 0}, {"category": "E", "net": 7, "vat": 0}]
    assert lines_of(sound(vat=vat)) == (InvoiceLine(0, 12, 0),)


@pytest.mark.parametrize("net", [0, -5])
def test_a_rate_with_nothing_above_zero(net: int) -> None:
    with pytest.raises(MalformedInvoice) as raised:
        lines_of(sound(vat=[SOUND["vat"][0], {"category": "Z", "net": net, "vat": 0}]))
    assert raised.value.place == "$.vat[1]"


def test_dates_are_local_midnights() -> None:
    assert date_us_of(sound(), utc_offset_min=300) == at_us("2026-11-19T19:00")
    due = sound(tax_date="2025-12-31")
    assert date_us_of(due, utc_offset_min=0) == at_us("2025-12-31T00:00")
    for text in ("2026-02-30", "0001-01-01", "1970-01-01", "9999-12-31"):
        with pytest.raises(MalformedInvoice):
            date_us_of(sound(issue_date=text), utc_offset_min=300)


def test_the_first_broken_rule_is_told() -> None:
    check_rules(sound())
    with pytest.raises(MalformedInvoice, match=r"BR-CO-10.*10501, not 10500") as raised:
        check_rules(sound(totals={**SOUND["totals"], "lines": 10_501}))
    assert raised.value.place == "$.totals.lines"


def test_a_contract_is_one_by_its_order() -> None:
    """BT-12 may be any text: only an order's number is a registered contract."""
    order = "ord_" + "1" * 32
    assert contract_of(sound(contract=order)) == order
    for text in ("", "2026/118", "ord_", order + "1", "ord_fffffe" + "0" * 26):
        assert contract_of(sound(contract=text)) == ""
