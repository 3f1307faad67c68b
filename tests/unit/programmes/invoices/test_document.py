# SPDX-License-Identifier: Apache-2.0
"""The JSON form reads back as written; the page tells every member of it."""

import re
from typing import Any

import msgspec
import pytest

from kerege.programmes.invoices import (
    EInvoice,
    MalformedInvoice,
    decode_invoice,
    encode_invoice,
    rule_faults,
)
from kerege.programmes.invoices.document import (
    MAX_INVOICE_BYTES,
    Adjustment,
    InvoiceParty,
    Line,
    Totals,
    VatGroup,
)
from tests.documents.blocks import blocks_of
from tests.e_invoices import SOUND
from tests.house.tree import ROOT

PAGE = (ROOT / "docs/formats/e-invoice.md").read_text(encoding="utf-8")


def test_it_reads_back_as_written() -> None:
    invoice = decode_invoice(msgspec.json.encode(SOUND))
    assert decode_invoice(encode_invoice(invoice)) == invoice


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"currency": "tenge"}, "$.currency"),
        ({"number": ""}, "$.number"),
        ({"issue_date": "2026-11-20\n"}, "$.issue_date"),
        ({"lines": [{"id": "1"}]}, "$.lines[0]"),
        ({"stranger": 1}, ""),
        ({"buyer": {"name": "B", "wallet": "wal_1"}}, "$.buyer.wallet"),
        ({"totals": {**SOUND["totals"], "net": 1.5}}, "$.totals.net"),
        ({"totals": {**SOUND["totals"], "net": 10**18}}, "$.totals.net"),
    ],
)
def test_what_is_out_of_bounds(changed: dict[str, Any], place: str) -> None:
    with pytest.raises(MalformedInvoice) as raised:
        decode_invoice(msgspec.json.encode({**SOUND, **changed}))
    assert raised.value.place == place


def test_bytes_that_are_none() -> None:
    for text in (b"", b"\xff", b"[" * 100_000, b" " * (MAX_INVOICE_BYTES + 1)):
        with pytest.raises(MalformedInvoice):
            decode_invoice(text)


def test_the_pages_example_is_sound() -> None:
    (block,) = [block for block in blocks_of(PAGE) if block.language == "json"]
    assert rule_faults(decode_invoice(block.text.encode())) == []


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Invoice", EInvoice),
        ("Party", InvoiceParty),
        ("Line", Line),
        ("Adjustment", Adjustment),
        ("VAT", VatGroup),
        ("Totals", Totals),
    ],
)
def test_every_member_is_told(title: str, kind: type[msgspec.Struct]) -> None:
    section = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    rows = [line.split("|") for line in section.splitlines() if line.startswith("| `")]
    told = {name: bool(row[2].strip()) for row in rows for name in re.findall("`(.+?)`", row[1])}
    members = {field.name: not field.required for field in msgspec.structs.fields(kind)}
    assert told == members


def test_every_rule_is_told() -> None:
    source = (ROOT / "src/kerege/programmes/invoices/rules.py").read_text(encoding="utf-8")
    for rule in re.findall(r'"(BR-[A-Z0-9-]+)"', source):
        assert f"`{rule}`" in PAGE
