# SPDX-License-Identifier: Apache-2.0
"""Documents of value-added tax read back as written; what is out of bounds is not read."""

import json
from typing import Any

import pytest

from kerege.payments.documents import MalformedDocument, decode_document, encode_document
from kerege.payments.vat_documents import MAX_CLAIMED, MAX_DECLARED
from tests.towns import Town
from tests.vat_towns import STANDARD, VatTown


def test_each_reads_back_as_written(town: Town) -> None:
    vat = VatTown(town)
    mill, baker = vat.firm(), vat.firm()
    invoice = vat.draft(mill, 100, buyer=baker)
    declaration = vat.declaration(mill, issued=(invoice,))
    claim = vat.claim(declaration, (invoice, 16))
    run = vat.run((claim, 0, (invoice.id,)))
    for document in (invoice, vat.credit(invoice, (1, STANDARD)), declaration, claim, run):
        assert decode_document(encode_document(document)) == document


def test_the_largest_declaration_and_claim_fit_a_document(town: Town) -> None:
    vat = VatTown(town)
    invoice = vat.draft(vat.firm(), 100)
    declaration = vat.declaration(vat.firm(), (invoice,) * MAX_DECLARED, (invoice,) * MAX_DECLARED)
    assert decode_document(encode_document(declaration))
    claim = vat.claim(declaration, *[(invoice, 16)] * MAX_CLAIMED)
    assert decode_document(encode_document(claim))


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"number": ""}, "$.number"),
        ({"number": "A 1"}, "$.number"),
        ({"number": "A1\n"}, "$.number"),
        ({"number": "-1"}, "$.number"),
        ({"number": "№1"}, "$.number"),
        ({"number": "1" * 33}, "$.number"),
        ({"lines": []}, "$.lines"),
        ({"lines": [{"basis_points": 10_001, "net": 1, "vat": 1}]}, "$.lines[0].basis_points"),
        ({"lines": [{"basis_points": 1_600, "net": 0, "vat": 0}]}, "$.lines[0].net"),
        ({"lines": [{"basis_points": 1_600, "net": 1, "vat": -1}]}, "$.lines[0].vat"),
        ({"lines": [{"basis_points": 1_600, "net": 1.5, "vat": 0}]}, "$.lines[0].net"),
        ({"total": 0}, "$.total"),
        ({"total": 10**18}, "$.total"),
        ({"buyer": "wal_x"}, "$.buyer"),
        ({"seller": "x"}, ""),
    ],
)
def test_what_is_out_of_bounds(town: Town, changed: dict[str, Any], place: str) -> None:
    vat = VatTown(town)
    document = json.loads(encode_document(vat.draft(vat.firm(), 100)))
    with pytest.raises(MalformedDocument) as raised:
        decode_document(json.dumps({**document, **changed}).encode())
    assert raised.value.place == place
