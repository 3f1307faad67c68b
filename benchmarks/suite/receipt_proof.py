# SPDX-License-Identifier: Apache-2.0
"""An inclusion proof in a log of 100 million leaves, read from tiles on the disk.

The tree is synthetic: every full tile of a level holds 256 times the same hash, so that 100 million
leaves need not be hashed first. To whoever reads, checks and proves it is as any other.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.registry import Sample, Stage, benchmark
from kerege.translog import Tile, TileTree, hash_leaf, verify_inclusion
from kerege.translog.files import DiskFiles
from kerege.translog.log_files import LogStore
from kerege.translog.tile_nodes import TileNodes, edge_root, tile_root
from kerege.translog.tiles import TILE_HEIGHT, TILE_WIDTH, partial_tiles

LEAVES = 100_000_000
PROOFS = 200


@benchmark("receipt.proof", unit="ms", group="proof", target=1.0, lower_is_better=True)
def receipt_proof(stage: Stage) -> Iterator[Sample]:
    """Of leaves far apart, by one tree as `ReceiptDesk` keeps it; at first nothing is in memory."""
    stage.conditions.update(
        {
            "leaves": LEAVES,
            "proofs": PROOFS,
            "tree": "synthetic: full tiles of a level are alike; all on the disk, in its cache",
            "checked": "every tile used, up to the checkpoint's root",
            "kept": "tiles checked for one proof serve the next; each has leaf tiles of its own",
        }
    )
    indexes = np.random.default_rng(stage.seed).integers(0, LEAVES, PROOFS).tolist()
    log = _SyntheticLog(stage.folder)
    for index in indexes:
        log.write_tiles_above(index)
    yield lambda: _sample(log, indexes)


class _SyntheticLog:
    """Those files of the log that are asked for."""

    def __init__(self, folder: Path) -> None:
        self.leaf = hash_leaf(b"a leaf like all others")
        self.store = LogStore(DiskFiles(folder))
        self._full = [self.leaf * TILE_WIDTH]
        while LEAVES >> (TILE_HEIGHT * len(self._full)):
            self._full.append(tile_root(self._full[-1]) * TILE_WIDTH)
        partial = [(tile, self._data(tile)) for tile in partial_tiles(LEAVES)]
        self.store.write_tiles(partial)
        edge = {tile.level: TileNodes(data) for tile, data in partial}
        self.root = edge_root(LEAVES, edge)

    def _data(self, tile: Tile) -> bytes:
        return self._full[tile.level][: tile.width * len(self.leaf)]

    def write_tiles_above(self, index: int) -> None:
        """Make the full tiles between a leaf and the root, and those beside them."""
        full = [Tile(level, index >> TILE_HEIGHT * (level + 1)) for level in range(len(self._full))]
        partial = {(tile.level, tile.index) for tile in partial_tiles(LEAVES)}
        needed = [tile for tile in full if (tile.level, tile.index) not in partial]
        self.store.write_tiles((tile, self._data(tile)) for tile in needed)


def _sample(log: _SyntheticLog, indexes: list[int]) -> float:
    """Milliseconds a proof; all are then verified, which is not timed."""
    start = time.perf_counter()
    tree = TileTree(log.store, size=LEAVES, root=log.root)
    proofs = [tree.inclusion_proof(index) for index in indexes]
    seconds = time.perf_counter() - start
    for index, proof in zip(indexes, proofs, strict=True):
        verify_inclusion(log.leaf, index=index, size=LEAVES, proof=proof, root=log.root)
    return seconds / len(indexes) * 1_000
