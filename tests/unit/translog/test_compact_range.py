# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.errors import InvariantViolation
from kerege.translog.compact_range import CompactRange, fold_right, perfect_subtrees
from kerege.translog.tree import EMPTY_ROOT
from tests.logs import entries, leaf_hashes, naive_root

HASHES = leaf_hashes(entries(20))


@pytest.mark.parametrize(
    ("start", "end", "subtrees"),
    [
        (0, 0, []),
        (0, 1, [(0, 0)]),
        (0, 8, [(3, 0)]),
        (0, 7, [(2, 0), (1, 2), (0, 6)]),
        (6, 8, [(1, 3)]),
        (4, 7, [(1, 2), (0, 6)]),
        (5, 8, [(0, 5), (1, 3)]),
    ],
)
def test_a_range_is_tiled_by_perfect_subtrees(
    start: int, end: int, subtrees: list[tuple[int, int]]
) -> None:
    assert perfect_subtrees(start, end) == subtrees


def test_it_grows_leaf_by_leaf_to_the_naive_root() -> None:
    grown = CompactRange()
    assert grown.root() == EMPTY_ROOT == fold_right([])
    for size, leaf in enumerate(HASHES, start=1):
        grown.append(leaf)
        assert (grown.size, grown.root()) == (size, naive_root(HASHES[:size]))


def test_hashes_that_cannot_be_of_that_size_are_our_fault() -> None:
    with pytest.raises(InvariantViolation):
        CompactRange(3, HASHES[:1])
