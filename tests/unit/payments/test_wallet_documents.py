# SPDX-License-Identifier: Apache-2.0
"""Documents of wallets read back as written; what is out of bounds is not read."""

import json
from typing import Any

import pytest

from kerege.payments.documents import Document, MalformedDocument, decode_document, encode_document
from kerege.payments.wallet_documents import Amend, Open, Rehome, Rekey

FRAME: dict[str, Any] = {"id": "ord_" + "01" * 16, "wallet": "wal_" + "7f" * 16, "until_us": 5}
OPEN = Open(**FRAME, bank="altyn-bank", key="{}", assets=("KZT",), owner_kind="person", tier="full")


def test_each_reads_back_as_written() -> None:
    documents: list[Document] = [
        OPEN,
        Amend(**FRAME, subject="wal_" + "00" * 16, tier="full", category="5411", vat=True),
        Rehome(**FRAME, bank="kazpost"),
        Rekey(**FRAME, key="{}"),
    ]
    for document in documents:
        assert decode_document(encode_document(document)) == document


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"assets": []}, "$.assets"),
        ({"assets": ["KZT"] * 9}, "$.assets"),
        ({"assets": ["ALLOWANCE"]}, "$.assets[0]"),
        ({"category": "54"}, "$.category"),
        ({"key": "x" * 1025}, "$.key"),
        ({"bank": "Altyn"}, "$.bank"),
    ],
)
def test_what_is_out_of_bounds(changed: dict[str, Any], place: str) -> None:
    document = json.loads(encode_document(OPEN))
    with pytest.raises(MalformedDocument) as raised:
        decode_document(json.dumps({**document, **changed}).encode())
    assert raised.value.place.replace("[...]", "[0]") == place
