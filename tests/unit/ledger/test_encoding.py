# SPDX-License-Identifier: Apache-2.0
"""The bytes of orders and records against the published vectors, both ways."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from kerege.ledger.account import Role, Status
from kerege.ledger.encoding import (
    MalformedOrderBytes,
    decode_order,
    decode_record,
    encode_order,
    encode_record,
)
from kerege.ledger.ids import OrderId
from kerege.ledger.order import (
    CloseAccount,
    DeclareAsset,
    Expectation,
    Kind,
    OpenAccount,
    Order,
    PendingRef,
    SetLimits,
    SetStatus,
    Step,
    Terms,
    Transfer,
)

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "docs/formats/order-vectors.json").read_text(encoding="utf-8")
)


def _step(fields: dict[str, Any]) -> Step:
    name = fields["step"].replace(" ", "_").upper()
    more = {key: value for key, value in fields.items() if key != "step"}
    match name:
        case "DECLARE_ASSET":
            return DeclareAsset(**more)
        case "OPEN_ACCOUNT":
            role = Role[more.pop("role").upper()]
            return OpenAccount(role=role, **{"floor": None, "ceiling": None, **more})
        case "SET_LIMITS":
            return SetLimits(**{"floor": None, "ceiling": None, **more})
        case "SET_STATUS":
            return SetStatus(account=more["account"], status=Status(more["status"]))
        case "CLOSE_ACCOUNT":
            return CloseAccount(**more)
    if "pending" in more:
        ref = more["pending"]
        more["pending"] = PendingRef(OrderId(bytes.fromhex(ref["order_id"])), ref["step"])
    return Transfer(**{"amount": 0, **more}, kind=Kind[name])


def _order(vector: dict[str, Any]) -> Order:
    fields = vector["order"]
    return Order(
        id=OrderId(bytes.fromhex(fields["id"])),
        steps=tuple(_step(step) for step in fields["steps"]),
        terms=Terms(
            valid_from_us=fields.get("valid_from", 0),
            valid_until_us=fields.get("valid_until", 0),
            expects=tuple(Expectation(**e) for e in fields.get("expects", ())),
        ),
        evidence=bytes.fromhex(vector["evidence"]),
    )


def _named(vectors: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vector", vectors, ids=lambda vector: vector["name"])


@_named(VECTORS["orders"])
def test_an_order_has_the_published_bytes(vector: dict[str, Any]) -> None:
    order, body = _order(vector), bytes.fromhex(vector["body"])
    assert encode_order(order).hex() == vector["body"]
    assert decode_order(body, order.evidence) == order
    assert hashlib.sha256(body).hexdigest() == vector["sha256"]


@_named(VECTORS["orders"])
def test_a_record_has_the_published_bytes(vector: dict[str, Any]) -> None:
    body, results = bytes.fromhex(vector["body"]), tuple(vector["results"])
    record = encode_record(body, vector["time"], results)
    assert record.hex() == vector["record"]
    found = decode_record(record)
    assert (found.at_us, found.results) == (vector["time"], results)
    assert len(found.order.steps) == len(results)


@_named(VECTORS["refused"])
def test_a_faulty_body_is_refused_with_its_place(vector: dict[str, Any]) -> None:
    with pytest.raises(MalformedOrderBytes) as caught:
        decode_order(bytes.fromhex(vector["body"]), bytes.fromhex(vector["evidence"]))
    assert caught.value.place.startswith("byte ")


def test_the_vectors_show_every_kind_of_step() -> None:
    steps = {step["step"] for vector in VECTORS["orders"] for step in vector["order"]["steps"]}
    kinds = {kind.name.lower().replace("_", " ") for kind in Kind}
    changes = {"declare asset", "open account", "set limits", "set status", "close account"}
    assert steps == kinds | changes


@pytest.mark.parametrize("cut", [0, 1, 16, 17, 24, 25, 60])
def test_a_truncated_record_is_refused(cut: int) -> None:
    record = bytes.fromhex(VECTORS["orders"][0]["record"])
    with pytest.raises(MalformedOrderBytes):
        decode_record(record[:cut])
    with pytest.raises(MalformedOrderBytes):
        decode_record(record + b"\0")
