# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from kerege.ledger.cell_index import DenseIndex, Index, SparseIndex


@pytest.mark.parametrize("index", [DenseIndex(2), SparseIndex()])
def test_both_indexes_find_what_was_put_and_nothing_else(index: Index) -> None:
    assert index.slots(np.array([1, 2**40])).tolist() == [-1, -1]
    index.put(np.array([5, 900]), np.array([0, 1]))
    index.put(np.array([7]), np.array([2]))
    asked = np.array([900, 7, 6, 5, 0, -3, 2**60])
    assert index.slots(asked).tolist() == [1, 2, -1, 0, -1, -1, -1]
    assert (index.slot(7), index.slot(8), index.slot(2**60)) == (2, -1, -1)
