# SPDX-License-Identifier: Apache-2.0
"""Documents: every kind reads back as written, and nothing else is read."""

import json
from typing import Any

import msgspec
import pytest

from kerege.keys import encode_base64url
from kerege.payments.documents import (
    MAX_DOCUMENT_BYTES,
    MAX_LEGS,
    Document,
    MalformedDocument,
    decode_document,
    decode_request,
    encode_document,
)
from tests.towns import Town

PAY: dict[str, Any] = {
    "kind": "pay",
    "id": "ord_0190a3c4d5e67f8091a2b3c4d5e6f708",
    "wallet": "wal_7f3a7f3a7f3a7f3a7f3a7f3a7f3a7f3a",
    "until_us": 1_800_000_000_000_000,
    "asset": "KZT",
    "legs": [{"to": "wal_00c000c000c000c000c000c000c000c0", "amount": 45_000}],
}
PULL = {
    **{name: PAY[name] for name in ("id", "wallet", "until_us")},
    "kind": "pull",
    "mandate": "ord_0190a3c4d5e67f8091a2b3c4d5e6f709",
    "amount": 1,
}


def _read(**changed: Any) -> Document:
    return decode_document(json.dumps({**PAY, **changed}).encode())


def _leg(**changed: Any) -> list[dict[str, Any]]:
    return [{**PAY["legs"][0], **changed}]


def test_every_kind_reads_back_as_written(town: Town) -> None:
    aru, shop = town.wallet(), town.wallet()
    hold, mandate = town.hold(aru, shop, 5), town.mandate(aru, shop)
    documents: list[Document] = [
        town.pay(aru, shop, 5),
        hold,
        town.capture(shop, 5, hold),
        town.release(shop, hold),
        town.refund(shop, hold, 5),
        mandate,
        town.pull(shop, mandate, 5),
        town.cancel(aru, mandate),
    ]
    for document in documents:
        assert decode_document(encode_document(document)) == document
    request = town.request(shop, 5)
    assert decode_request(encode_document(request)) == request


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"amount": 5}, ""),
        ({"kind": "steal"}, "$.kind"),
        ({"id": "ord_0190A3C4D5E67F8091A2B3C4D5E6F708"}, "$.id"),
        ({"id": PAY["id"] + "\n"}, "$.id"),
        ({"wallet": "wal_" + "٣" * 32}, "$.wallet"),
        ({"until_us": -1}, "$.until_us"),
        ({"until_us": 2**53 + 1}, "$.until_us"),
        ({"until_us": 1.5}, "$.until_us"),
        ({"until_us": "1800000000000000"}, "$.until_us"),
        ({"asset": "kzt"}, "$.asset"),
        ({"asset": "KZT\n"}, "$.asset"),
        ({"asset": "ALLOWANCE"}, "$.asset"),
        ({"legs": []}, "$.legs"),
        ({"legs": _leg() * (MAX_LEGS + 1)}, "$.legs"),
        ({"legs": _leg(amount=0)}, "$.legs[0].amount"),
        ({"legs": _leg(amount=-1)}, "$.legs[0].amount"),
        ({"legs": _leg(amount=1.0e3)}, "$.legs[0].amount"),
        ({"legs": _leg(amount=True)}, "$.legs[0].amount"),
        ({"legs": _leg(amount=10**18)}, "$.legs[0].amount"),
        ({"legs": _leg(amount=10**40)}, "$.legs[0].amount"),
        ({"legs": _leg(purpose=2**31)}, "$.legs[0].purpose"),
        ({"legs": _leg(note="for tea")}, "$.legs[0]"),
        ({"details": "A" * 42}, "$.details"),
        ({"details": "A" * 42 + "B"}, "$.details"),
        ({"details": "A" * 42 + "="}, "$.details"),
        ({"max_fee": -1}, "$.max_fee"),
        ({"request": "x" * 4097}, "$.request"),
    ],
)
def test_what_is_no_document_is_refused_with_its_place(changed: dict[str, Any], place: str) -> None:
    with pytest.raises(MalformedDocument) as caught:
        _read(**changed)
    assert caught.value.place == place
    assert caught.value.remedy


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'"\\ud800"',
        b"[" * 20_000,
        b'{"kind":"pay","kind":"hold"}',
        b'{"a":' * 8_000,
        b" " * (MAX_DOCUMENT_BYTES + 1),
    ],
)
def test_bytes_that_are_no_document_raise_our_own_error(payload: bytes) -> None:
    for read in (decode_document, decode_request):
        with pytest.raises(MalformedDocument):
            read(payload)


def test_of_a_member_given_twice_the_last_counts() -> None:
    # As in every browser. Wallet, bank and core share this decoder, and what is signed is the text.
    text = json.dumps(PAY)[:-1] + ',"max_fee":1,"max_fee":2}'
    document = decode_document(text.encode())
    assert msgspec.to_builtins(document)["max_fee"] == 2


def test_a_decider_needs_a_hold() -> None:
    decider = {"decider": PAY["wallet"]}
    assert decode_document(json.dumps({**PULL, **decider, "hold_s": 1}).encode())
    with pytest.raises(MalformedDocument, match="hold_s"):
        decode_document(json.dumps({**PULL, **decider}).encode())


def test_a_preimage_is_32_bytes() -> None:
    capture = {
        **{name: PAY[name] for name in ("id", "wallet", "until_us")},
        "kind": "capture",
        "holds": [PULL["mandate"]],
        "amount": 1,
    }
    for size, good in ((31, False), (32, True), (33, False), (128, False)):
        text = json.dumps({**capture, "preimage": encode_base64url(bytes(size))}).encode()
        if good:
            assert decode_document(text)
        else:
            with pytest.raises(MalformedDocument):
                decode_document(text)
