# SPDX-License-Identifier: Apache-2.0
"""Batches sorted into columns and the rest; arrays of odd shapes."""

from typing import Any

import numpy as np
import pytest

from kerege.ledger.encoding import encode_order
from kerege.ledger.errors import MisshapenColumns
from kerege.ledger.order import CloseAccount, Expectation, Order, Terms
from kerege.ledger.request import Columns, Request, accounts_of, plain_columns
from tests.ledgers import move, order_id

THREE = np.array([1, 2, 3], np.int64)


def _columns(**changed: Any) -> Columns:
    fields = {"ids": bytes(range(48)), "debit": THREE, "credit": THREE + 3, "amount": THREE * 100}
    return Columns(**{**fields, **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"ids": bytes(47)},
        {"ids": bytes(64)},
        {"ids": b""},
        {"ids": "x" * 48},
        {"ids": bytearray(48)},
        {"ids": [bytes(16)] * 3},
        {"ids": None},
        {"debit": THREE[:2]},
        {"debit": [1, 2, 3]},
        {"debit": None},
        {"credit": THREE.reshape(3, 1)},
        {"credit": np.int64(5)},
        {"amount": THREE.astype(np.float64)},
        {"amount": THREE.astype(np.int32)},
        {"amount": THREE.astype(np.uint64)},
        {"amount": THREE.astype(">i8")},
        {"amount": THREE.astype(object)},
        {"code": THREE > 1},
        {"code": (0, 0, 0)},
    ],
)
def test_arrays_that_do_not_belong_together_are_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(MisshapenColumns) as caught:
        _columns(**changed)
    assert caught.value.place in (*changed, "debit")


def test_rows_can_be_cut_out() -> None:
    part = _columns()[1:]
    assert part.order_ids() == [bytes(range(16, 32)), bytes(range(32, 48))]
    assert part.order(0) == Order(part.order_ids()[0], (move(2, 5, 200),))
    assert len(_columns()[5:]) == 0


def test_only_rows_side_by_side_can_be_cut_out() -> None:
    with pytest.raises(MisshapenColumns):
        _columns()[::2]


def test_arrays_need_not_lie_side_by_side() -> None:
    spread = np.array([[1, 9], [2, 9], [3, 9]], np.int64)[:, 0]
    assert _columns(debit=spread).order(2).steps == (move(3, 6, 300),)


def test_a_batch_is_sorted_into_plain_other_and_faulty() -> None:
    close = CloseAccount(move(9, 1, 1).debit)
    terms = Terms(expects=(Expectation(move(8, 1, 1).debit, balance=0),))
    orders = [
        Order(order_id(1), (move(1, 2, 5),)),
        Order(order_id(2), (close,)),
        Order(order_id(3), (move(1, 2, 5.0),)),  # type: ignore[arg-type]
        Order(order_id(4), (move(3, 4, 6),)),
        Order(order_id(5), (move(1, 2, 5),), terms),
        Order(b"short", (move(6, 7, 5),)),  # type: ignore[arg-type]
    ]
    request = Request.of_orders(orders)
    assert (request.simple.tolist(), request.others) == ([0, 3], [1, 4])
    assert request.ids == [order_id(1), order_id(2), b"", order_id(4), order_id(5), b""]
    assert request.accounts().tolist() == [1, 2, 3, 4, 8, 9]
    faulty = [place for place in range(6) if request.fault(place) is not None]
    assert faulty == [2, 5]


def test_accounts_are_those_an_order_touches_or_looks_at() -> None:
    terms = Terms(expects=(Expectation(move(8, 1, 1).debit),))
    order = Order(order_id(1), (move(1, 2, 5), CloseAccount(move(9, 1, 1).debit)), terms)
    assert accounts_of(order) == [8, 1, 2, 9]


def test_plain_orders_are_read_from_their_bytes_at_once() -> None:
    orders = [Order(order_id(n), (move(n, n + 1, n * 10, code=n),)) for n in range(1, 4)]
    bodies = [encode_order(order) for order in orders]
    columns = plain_columns(bodies)
    assert columns is not None
    assert [columns.order(row) for row in range(3)] == orders
    marked = encode_order(Order(order_id(9), (move(1, 2, 5, 1),)))
    assert plain_columns([*bodies, marked]) is None
