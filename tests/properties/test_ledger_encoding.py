# SPDX-License-Identifier: Apache-2.0
"""An order has one encoding, and an encoding is of one order."""

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from kerege.ledger.encoding import (
    MalformedOrderBytes,
    decode_order,
    decode_record,
    encode_order,
    encode_record,
)
from kerege.ledger.order import Order
from kerege.ledger.simple_encoding import is_plain
from tests.properties.ledger_strategies import well_formed_orders


@given(well_formed_orders)
def test_decoding_undoes_encoding(order: Order) -> None:
    body = encode_order(order)
    found = decode_order(body, order.evidence)
    assert found == order
    assert encode_order(found) == body
    assert is_plain(found) == is_plain(order)


@given(well_formed_orders, well_formed_orders)
def test_different_orders_have_different_bytes(one: Order, other: Order) -> None:
    assert (one == other) == (encode_order(one) == encode_order(other))


@settings(max_examples=250)
@given(well_formed_orders, st.data())
def test_altered_bytes_are_refused_or_are_another_order(order: Order, data: st.DataObject) -> None:
    body = bytearray(encode_order(order))
    for _ in range(data.draw(st.integers(1, 3))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(body)) | st.just(len(body)))
    altered = bytes(body[:cut]) + data.draw(st.just(b"") | st.binary(max_size=4))
    assume(altered != encode_order(order))
    try:
        found = decode_order(altered, order.evidence)
    except MalformedOrderBytes:
        return
    assert encode_order(found) == altered
    assert found != order


@given(st.binary(max_size=200))
@example(b"kerege-order/v1\n" + bytes(68))
@example(b"kerege-order/v1\n" + bytes(64) + b"\xff\xff\xff\xff")
def test_any_bytes_are_refused_or_are_an_order(body: bytes) -> None:
    try:
        found = decode_order(body)
    except MalformedOrderBytes:
        return
    assert encode_order(found) == body


@given(well_formed_orders, st.integers(0, 2**62), st.data())
def test_a_record_tells_time_order_and_results(
    order: Order, at_us: int, data: st.DataObject
) -> None:
    count = len(order.steps)
    results = data.draw(st.lists(st.integers(0, 2**62), min_size=count, max_size=count))
    body = encode_order(order)
    record = encode_record(body, at_us, tuple(results))
    found = decode_record(record)
    assert (found.at_us, found.results) == (at_us, tuple(results))
    assert found.order.steps == order.steps
