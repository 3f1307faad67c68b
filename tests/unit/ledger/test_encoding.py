# SPDX-License-Identifier: Apache-2.0
"""The bytes of orders and records against the published vectors, both ways."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kerege.ledger.account import Role, Status
from kerege.ledger.encoding import (
    PLAIN_CONSTANTS,
    PLAIN_LAYOUT,
    MalformedOrderBytes,
    decode_order,
    decode_record,
    encode_order,
    encode_plain,
    encode_record,
    encode_simple,
    is_plain,
    is_simple,
)
from kerege.ledger.ids import AccountId, Mark, OrderId
from kerege.ledger.order import (
    MAX_EVIDENCE_BYTES,
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


def test_plain_orders_can_be_written_and_read_as_rows() -> None:
    transfer = Transfer(AccountId(3), AccountId(4), 500, code=7)
    order = Order(OrderId(bytes(15) + b"\x09"), (transfer,))
    body = encode_plain(order.id, 3, 4, 500, 7)
    assert body == encode_order(order)
    row = np.frombuffer(body, PLAIN_LAYOUT)[0]
    figures = [int(row[name]) for name in ("debit", "credit", "amount", "code")]
    assert figures == [3, 4, 500, 7]
    other = np.frombuffer(encode_plain(bytes(16), 0, 0, 0, 0), PLAIN_LAYOUT)[0]
    assert all(row[name] == other[name] for name in PLAIN_CONSTANTS)


PLAIN = Transfer(AccountId(1), AccountId(2), 5)
REF = PendingRef(OrderId(bytes(15) + b"\x01"))


@pytest.mark.parametrize(
    "order",
    [
        Order(OrderId(b"x" * 16), (PLAIN,), evidence=b"signed"),
        Order(OrderId(b"x" * 16), (PLAIN,), Terms(valid_until_us=5)),
        Order(OrderId(b"x" * 16), (PLAIN, PLAIN)),
        Order(OrderId(b"x" * 16), (CloseAccount(AccountId(1)),)),
        Order(OrderId(b"x" * 16), (Transfer(AccountId(1), AccountId(2), 5, Mark(1)),)),
        Order(OrderId(b"x" * 16), (Transfer(AccountId(1), AccountId(2), 5, kind=Kind.POST_UP_TO),)),
        Order(OrderId(b"x" * 16), (Transfer(AccountId(1), AccountId(2), 5, timeout_s=1),)),
        Order(OrderId(b"x" * 16), (Transfer(AccountId(1), AccountId(2), 5, pending=REF),)),
    ],
)
def test_whatever_one_row_cannot_tell_is_not_plain(order: Order) -> None:
    assert is_plain(Order(order.id, (PLAIN,), Terms()))
    assert not is_plain(order)


@pytest.mark.parametrize(
    "order",
    [
        Order(OrderId(b"x" * 16), (PLAIN,)),
        Order(OrderId(b"x" * 16), (PLAIN,), evidence=b"signed"),
        Order(OrderId(b"x" * 16), (PLAIN,), Terms(valid_until_us=5)),
        Order(OrderId(b"x" * 16), (PLAIN,), Terms(3, 5), b"signed"),
    ],
)
def test_a_simple_order_has_the_same_bytes_in_one_stroke(order: Order) -> None:
    assert is_simple(order)
    assert encode_simple(order) == encode_order(order)


@pytest.mark.parametrize(
    "order",
    [
        Order(OrderId(b"x" * 16), (PLAIN,), evidence=bytes(MAX_EVIDENCE_BYTES + 1)),
        Order(OrderId(b"x" * 16), (PLAIN,), Terms(5, 3)),
        Order(OrderId(b"x" * 16), (PLAIN,), Terms(valid_until_us=2**63)),
        Order(OrderId(b"x" * 16), (PLAIN,), Terms(valid_until_us=True)),
        Order(OrderId(b"x" * 16), (PLAIN,), Terms(expects=(Expectation(AccountId(1)),))),
    ],
)
def test_what_the_rules_must_see_is_not_simple(order: Order) -> None:
    assert not is_simple(order)
