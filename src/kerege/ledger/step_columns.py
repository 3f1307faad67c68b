# SPDX-License-Identifier: Apache-2.0
"""The steps of simple orders as columns. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kerege.ledger.ids import ORDER_ID_BYTES
from kerege.ledger.order import Kind, Order
from kerege.ledger.state import Ints

__all__ = ["NO_STEPS", "Mask", "StepColumns", "columns_of"]

Mask = NDArray[np.bool_]


class StepColumns(NamedTuple):
    """Arrays of equal length, an entry a step, in the order of the orders and of each one's steps.

    `order` tells which simple order a step is of: 0, 1, and so on. `timeout_s` is above 0 where
    money is reserved and 0 where it is posted.
    """

    order: Ints
    debit: Ints
    credit: Ints
    mark: Ints
    amount: Ints
    code: Ints
    timeout_s: Ints

    @classmethod
    def of_plain(cls, debit: Ints, credit: Ints, amount: Ints, code: Ints) -> "StepColumns":
        """Those of orders of one unmarked post each."""
        zeros = np.zeros(len(amount), np.int64)
        return cls(np.arange(len(amount)), debit, credit, zeros, amount, code, zeros)

    def where(self, chosen: Mask) -> "StepColumns":
        """Those steps only."""
        return StepColumns(*(column[chosen] for column in self))


_NOTHING = np.zeros(0, np.int64)
NO_STEPS = StepColumns.of_plain(_NOTHING, _NOTHING, _NOTHING, _NOTHING)


def columns_of(orders: Sequence[Order]) -> StepColumns | None:
    """The steps of simple orders as columns, or None where one does not fit as it is: numpy would
    take a bool or a float for an integer, which the rules refuse."""
    ids = [order.id for order in orders]
    if set(map(type, ids)) - {bytes} or set(map(len, ids)) - {ORDER_ID_BYTES}:
        return None
    counts = [len(order.steps) for order in orders]
    steps = [step for order in orders for step in order.steps]
    fields = (
        [step.debit for step in steps],  # type: ignore[union-attr]
        [step.credit for step in steps],  # type: ignore[union-attr]
        [step.mark for step in steps],  # type: ignore[union-attr]
        [step.amount for step in steps],  # type: ignore[union-attr]
        [step.code for step in steps],  # type: ignore[union-attr]
        [step.timeout_s for step in steps],  # type: ignore[union-attr]
    )
    if any(set(map(type, field)) - {int} for field in fields):
        return None
    reserves = [step.kind is Kind.PENDING for step in steps]  # type: ignore[union-attr]
    if reserves != [timeout_s > 0 for timeout_s in fields[-1]]:
        return None
    try:
        arrays = [np.array(field, np.int64) for field in fields]
    except OverflowError:
        return None
    order = np.arange(len(orders))
    if len(steps) != len(orders):
        order = np.repeat(order, counts)
    return StepColumns(order, *arrays)
