# SPDX-License-Identifier: Apache-2.0
"""The nodes inside a tile, and the root that the tiles of the right edge give.

Pure. "A tile represents the entire subtree of height 8 with its hashes as the leaves. The Merkle
Tree levels between those expressed by the tile hashes are reconstructed by hashing the leaves"
(tlog-tiles, "Merkle Tree").
"""

from collections.abc import Mapping
from hashlib import sha256

from kerege.translog.compact_range import fold_right, perfect_subtrees
from kerege.translog.tiles import TILE_HEIGHT, TILE_WIDTH
from kerege.translog.tree import HASH_SIZE_BYTES, NODE_PREFIX

__all__ = ["TileNodes", "edge_root", "tile_root"]

PAIR_BYTES = 2 * HASH_SIZE_BYTES


class TileNodes:
    """Every node of one tile: row k holds those of height k above the tile's own level.

    Row k has `width >> k` hashes: only perfect subtrees, since what grows beside them belongs to
    no tile. Costs width - 1 node hashes to make.
    """

    __slots__ = ("_rows",)

    def __init__(self, data: bytes) -> None:
        """Hash up from `data`, 1 to 256 hashes side by side."""
        self._rows = [data]
        while len(row := self._rows[-1]) >= PAIR_BYTES:
            self._rows.append(_hash_pairs(row))

    @property
    def data(self) -> bytes:
        """The hashes of the tile itself, as they stand in its file."""
        return self._rows[0]

    def node(self, height: int, index: int) -> bytes:
        """Return node `index` (within the tile) of row `height`."""
        at = index * HASH_SIZE_BYTES
        return self._rows[height][at : at + HASH_SIZE_BYTES]


def tile_root(data: bytes) -> bytes:
    """Return the root of a full tile: its place in the tile above."""
    for _ in range(TILE_HEIGHT):
        data = _hash_pairs(data)
    return data


def edge_root(size: int, edge: Mapping[int, TileNodes]) -> bytes:
    """Return the root of a tree of `size` leaves from its partial tiles, one per level.

    Each perfect subtree along the right edge is a node of a partial tile: a full tile would have
    become a single hash of the tile above.
    """
    hashes = []
    for height, index in perfect_subtrees(0, size):
        level, row = divmod(height, TILE_HEIGHT)
        hashes.append(edge[level].node(row, index % (TILE_WIDTH >> row)))
    return fold_right(hashes)


def _hash_pairs(row: bytes) -> bytes:
    # One slice a pair and local names: this loop is half of the cost of integrating a leaf.
    digest, prefix = sha256, NODE_PREFIX
    starts = range(0, len(row) - HASH_SIZE_BYTES, PAIR_BYTES)
    return b"".join([digest(prefix + row[at : at + PAIR_BYTES]).digest() for at in starts])
