# SPDX-License-Identifier: Apache-2.0
"""Sorting and grouping of many integers, faster than numpy alone does it. Pure.

numpy sorts 16-bit integers stably by counting, in a tenth of the time it takes to compare
64-bit ones; account rows and slots have one or two such digits.
"""

from typing import Final

import numpy as np

from kerege.ledger.state import Ints

__all__ = ["distinct", "stable_order"]

_DIGIT_BITS: Final = 16


def stable_order(keys: Ints) -> Ints:
    """`np.argsort(keys, kind="stable")` for keys that are not negative."""
    order = np.argsort(keys.astype(np.uint16), kind="stable")
    largest, shift = int(keys.max(initial=0)), _DIGIT_BITS
    while largest >> shift:
        digit = (keys[order] >> shift).astype(np.uint16)
        order = order[np.argsort(digit, kind="stable")]
        shift += _DIGIT_BITS
    return order


def distinct(numbers: Ints) -> tuple[Ints, Ints]:
    """The different numbers in order, and for each of `numbers` its place among them."""
    if numbers.min(initial=0) < 0:
        return np.unique(numbers, return_inverse=True)
    order = stable_order(numbers)
    ordered = numbers[order]
    is_first = np.ones(len(numbers), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    places = np.empty_like(order)
    places[order] = np.cumsum(is_first) - 1
    return ordered[is_first], places
