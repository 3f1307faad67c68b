# SPDX-License-Identifier: Apache-2.0
"""A growing tree held in O(log n) hashes: the roots of its perfect subtrees, left to right.

Pure. Like the "compact range" of transparency-dev/merkle, restricted to ranges that begin at 0.
"""

from collections.abc import Iterable, Sequence

from kerege.errors import InvariantViolation
from kerege.translog.tree import EMPTY_ROOT, hash_children

__all__ = ["CompactRange", "fold_right", "perfect_subtrees"]


def perfect_subtrees(start: int, end: int) -> list[tuple[int, int]]:
    """Return the (height, index) of the largest perfect subtrees that tile leaves [start, end).

    Left to right. A subtree of height h and index i covers leaves [i * 2^h, (i + 1) * 2^h).
    """
    subtrees = []
    while start < end:
        room = (end - start).bit_length() - 1
        height = min(room, (start & -start).bit_length() - 1) if start else room
        subtrees.append((height, start >> height))
        start += 1 << height
    return subtrees


class CompactRange:
    """The tree over the first `size` leaves, to which leaf hashes can be appended."""

    __slots__ = ("_hashes", "size")

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        """Start from the roots of `perfect_subtrees(0, size)`, in that order."""
        if len(hashes) != size.bit_count():
            raise InvariantViolation(f"{len(hashes)} hashes do not describe {size} leaves")
        self.size = size
        self._hashes = list(hashes)

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The roots of the perfect subtrees, left to right: all there is to keep."""
        return tuple(self._hashes)

    def append(self, leaf_hash: bytes) -> None:
        """Append one leaf hash: amortised one node hash."""
        value, size = leaf_hash, self.size
        while size & 1:
            value = hash_children(self._hashes.pop(), value)
            size >>= 1
        self._hashes.append(value)
        self.size += 1

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """Append leaf hashes in their order."""
        for leaf_hash in leaf_hashes:
            self.append(leaf_hash)

    def root(self) -> bytes:
        """Return the root of the tree over all leaves so far (RFC 9162 section 2.1.1)."""
        return fold_right(self._hashes)


def fold_right(hashes: Sequence[bytes]) -> bytes:
    """Return the root over perfect subtrees given left to right; of none, the empty root."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = hash_children(left, root)
    return root
