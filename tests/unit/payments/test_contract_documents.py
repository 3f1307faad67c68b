# SPDX-License-Identifier: Apache-2.0
"""Contracts and attestations as they are read: what makes no sense is no document."""

from typing import Any

import msgspec
import pytest

from kerege.payments.contract_documents import MAX_MILESTONES, MAX_OBLIGATIONS
from kerege.payments.documents import MalformedDocument, decode_document

BUYER, SUPPLIER, OFFICE = ("wal_" + digit * 32 for digit in "123")
ORDER = "ord_" + "1" * 32


def _contract(**more: Any) -> bytes:
    frame = {"kind": "contract", "id": ORDER, "wallet": BUYER, "until_us": 1, "asset": "KZT"}
    terms = {"programme": "roads", "supplier": SUPPLIER, "cap": 100, "ends_us": 2}
    return msgspec.json.encode({**frame, **terms, **more})


def _stones(*amounts: int) -> list[dict[str, object]]:
    return [{"name": f"part-{n}", "amount": amount} for n, amount in enumerate(amounts)]


def _duties(*names: str, attester: str = OFFICE) -> list[dict[str, object]]:
    return [{"name": name, "attester": attester} for name in names]


def test_a_contract_may_have_parts_and_duties() -> None:
    milestones, obligations = _stones(60, 40), _duties("taxes", "safety")
    assert decode_document(_contract(milestones=milestones, obligations=obligations))


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ({"cap": 0}, "cap"),
        ({"parent": "ord_fffffe" + "0" * 26}, "parent"),
        ({"milestones": _stones(60, 41)}, "more than the cap"),
        ({"milestones": 2 * _stones(1)}, "one name"),
        ({"obligations": _duties("taxes", "taxes")}, "one name"),
        ({"obligations": _duties("taxes", attester=SUPPLIER)}, "own work"),
        ({"acceptor": SUPPLIER}, "own work"),
        ({"milestones": _stones(*[1] * (MAX_MILESTONES + 1))}, "milestones"),
        ({"obligations": _duties(*(f"a{n}" for n in range(MAX_OBLIGATIONS + 1)))}, "obligations"),
        ({"secret": 1}, "secret"),
    ],
)
def test_what_makes_no_sense_is_no_contract(members: dict[str, Any], what: str) -> None:
    with pytest.raises(MalformedDocument) as caught:
        decode_document(_contract(**members))
    assert what in f"{caught.value.message} {caught.value.place}"


def test_an_attestation_says_yes_or_no() -> None:
    frame = {"kind": "attest", "id": ORDER, "wallet": OFFICE, "until_us": 1, "contract": ORDER}
    attest = {**frame, "obligation": "taxes"}
    assert decode_document(msgspec.json.encode({**attest, "met": False}))
    for met in (1, "yes", None):
        with pytest.raises(MalformedDocument):
            decode_document(msgspec.json.encode({**attest, "met": met}))


def test_a_milestone_without_a_contract_is_no_payment() -> None:
    frame = {"kind": "pay", "id": ORDER, "wallet": BUYER, "until_us": 1, "asset": "KZT"}
    pay = {**frame, "legs": [{"to": SUPPLIER, "amount": 1}], "milestone": "roof"}
    with pytest.raises(MalformedDocument):
        decode_document(msgspec.json.encode(pay))
    assert decode_document(msgspec.json.encode({**pay, "about": ORDER}))
