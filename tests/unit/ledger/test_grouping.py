# SPDX-License-Identifier: Apache-2.0
"""Sorting by digits gives what sorting by comparing gives."""

import numpy as np
import pytest

from kerege.ledger.grouping import distinct, stable_order

LISTS = [
    [],
    [0],
    [5, 5, 5],
    [3, 1, 2, 1, 3, 0],
    [65_536, 1, 65_535, 65_537, 65_536],
    [2**36 - 1, 2**16, 7, 2**32, 2**36 - 1, 2**48 + 1],
    [2**63 - 1, 0, 2**63 - 1, 2**62],
]


@pytest.mark.parametrize("numbers", LISTS)
def test_equal_keys_stay_in_their_order(numbers: list[int]) -> None:
    keys = np.array(numbers, np.int64)
    assert stable_order(keys).tolist() == np.argsort(keys, kind="stable").tolist()


@pytest.mark.parametrize("numbers", [*LISTS, [-1, 4, -(2**63), 4, -1, 2**63 - 1]])
def test_numbers_once_each_with_their_places(numbers: list[int]) -> None:
    found, places = distinct(np.array(numbers, np.int64))
    assert found.tolist() == sorted(set(numbers))
    assert found[places].tolist() == numbers
    assert found.dtype == places.dtype == np.dtype(np.int64)


@pytest.mark.parametrize("largest", [100, 2**16, 2**20, 2**40])
def test_many_at_random(largest: int) -> None:
    keys = np.random.default_rng(largest).integers(0, largest, 5_000)
    assert (stable_order(keys) == np.argsort(keys, kind="stable")).all()
