# SPDX-License-Identifier: Apache-2.0
"""Steps of simple orders as columns, and what does not fit into one."""

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from kerege.ledger.order import Kind, Order
from kerege.ledger.step_columns import NO_STEPS, columns_of
from tests.ledgers import move, order_id

HELD = move(3, 4, 7, kind=Kind.PENDING, timeout_s=60)


def test_steps_stand_in_the_order_of_the_orders() -> None:
    steps = columns_of(
        [Order(order_id(1), (move(1, 2, 5), HELD)), Order(order_id(2), (move(5, 6, 8, code=9),))]
    )
    assert steps is not None
    assert [column.tolist() for column in steps] == [
        [0, 0, 1],
        [1, 3, 5],
        [2, 4, 6],
        [0, 0, 0],
        [5, 7, 8],
        [0, 0, 9],
        [0, 60, 0],
    ]
    chosen = steps.where(np.array([False, True, True]))
    assert (chosen.order.tolist(), chosen.amount.tolist()) == ([0, 1], [7, 8])


def test_of_no_orders_there_are_no_steps() -> None:
    found = columns_of([])
    assert found is not None
    assert [column.tolist() for column in found] == [column.tolist() for column in NO_STEPS]


@pytest.mark.parametrize(
    "changed",
    [
        {"debit": True},
        {"credit": "2"},
        {"mark": False},
        {"amount": 5.0},
        {"amount": 2**63},
        {"code": None},
        {"timeout_s": 0.0},
        {"timeout_s": 60},
        {"kind": Kind.PENDING},
    ],
)
def test_what_is_no_integer_or_does_not_suit_the_kind_is_left_to_the_rules(
    changed: dict[str, Any],
) -> None:
    order = Order(order_id(1), (move(1, 2, 5), replace(move(1, 2, 5), **changed)))
    assert columns_of([order]) is None


@pytest.mark.parametrize("odd", ["x" * 16, b"short", None])
def test_ids_that_are_none_are_left_to_the_rules(odd: Any) -> None:
    assert columns_of([Order(odd, (move(1, 2, 5),))]) is None
