# SPDX-License-Identifier: Apache-2.0
"""The simplest orders have the same bytes in one stroke, and nothing else passes for one."""

import numpy as np
import pytest
from msgspec.structs import replace

from kerege.ledger.encoding import encode_order
from kerege.ledger.ids import AccountId, Mark, OrderId
from kerege.ledger.order import (
    MAX_EVIDENCE_BYTES,
    MAX_STEPS,
    CloseAccount,
    Expectation,
    Kind,
    Order,
    PendingRef,
    Terms,
    Transfer,
)
from kerege.ledger.simple_encoding import (
    PLAIN_CONSTANTS,
    PLAIN_LAYOUT,
    encode_plain,
    encode_simple,
    is_plain,
    is_simple,
)


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
MARKED = Transfer(AccountId(1), AccountId(2), 5, Mark(7), code=9)
RESERVED = Transfer(AccountId(1), AccountId(2), 5, kind=Kind.PENDING, timeout_s=60)
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
        Order(OrderId(b"x" * 16), (RESERVED,)),
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
        Order(OrderId(b"x" * 16), (PLAIN, MARKED, RESERVED) * 9, Terms(3, 5), b"signed"),
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
        Order(OrderId(b"x" * 16), ()),
        Order(OrderId(b"x" * 16), (PLAIN,) * (MAX_STEPS + 1)),
        Order(OrderId(b"x" * 16), [PLAIN]),  # type: ignore[arg-type]
        Order(OrderId(b"x" * 16), (PLAIN, CloseAccount(AccountId(1)))),
        Order(OrderId(b"x" * 16), (PLAIN, replace(PLAIN, pending=REF))),
        Order(OrderId(b"x" * 16), (PLAIN, replace(PLAIN, kind=Kind.POST_UP_TO))),
    ],
)
def test_what_the_rules_must_see_is_not_simple(order: Order) -> None:
    assert not is_simple(order)
