# SPDX-License-Identifier: Apache-2.0
"""Recompute a whole log from its entries and compare every file.

Shell. Trusts nothing but the policy's keys: leaf hashes come from the entry bundles, tiles from the
leaf hashes, the root from the tiles. The first file that differs is named with its bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kerege.errors import KeregeError
from kerege.translog.bundle import parse_bundle
from kerege.translog.checkpoint import Checkpoint
from kerege.translog.tile_edge import TileEdge
from kerege.translog.tile_tree import read_tile
from kerege.translog.tiles import (
    CHECKPOINT_PATH,
    ENTRIES_LEVEL,
    TILE_WIDTH,
    MissingFileError,
    Tile,
    TileError,
    TileReader,
    partial_tiles,
)
from kerege.translog.tree import HASH_SIZE_BYTES
from kerege.translog.trust import CheckpointPolicy

__all__ = ["DamageError", "FsckReport", "check_log"]


class DamageError(KeregeError):
    """The first file of a log that is not what its entries and its checkpoint make it.

    `path` is the file below the log's prefix; `start` and `end` the byte range, from 0, end
    exclusive.
    """

    def __init__(self, path: str, start: int, end: int, message: str) -> None:
        """Name the file and its bytes in the place."""
        super().__init__(
            message,
            place=f"{path}, bytes {start} to {end}",
            remedy="restore this file from a mirror or a backup, then check again",
        )
        self.path, self.start, self.end = path, start, end


@dataclass(frozen=True, slots=True)
class FsckReport:
    """What was found whole."""

    checkpoint: Checkpoint
    bundles: int
    tiles: int


def check_log(
    reader: TileReader,
    policy: CheckpointPolicy,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> FsckReport:
    """Check every file that the log's checkpoint needs, and the checkpoint itself.

    `progress` is told leaves done and leaves in all. Raises `DamageError` for the first wrong file,
    `MissingFileError` for one that is gone, and what `policy` raises for the checkpoint.
    """
    checkpoint = policy.open_checkpoint(reader.read(CHECKPOINT_PATH))
    size = checkpoint.size
    final = set(partial_tiles(size))
    edge = TileEdge()
    bundles = tiles = 0
    for start in range(0, size, TILE_WIDTH):
        bundle = Tile(ENTRIES_LEVEL, start // TILE_WIDTH, min(size - start, TILE_WIDTH))
        for tile, expected in edge.extend(_read_entries(reader, bundle)):
            if tile.level != ENTRIES_LEVEL and (tile.is_full or tile in final):
                _compare(reader, tile, expected)
                tiles += 1
        bundles += 1
        if progress is not None:
            progress(edge.size, size)
    if edge.root() != checkpoint.root:
        raise DamageError(
            CHECKPOINT_PATH,
            *_root_bytes(reader.read(CHECKPOINT_PATH)),
            f"entries and tiles agree on root {edge.root().hex()} for {size} leaves, "
            f"but {checkpoint.root.hex()} was signed",
        )
    return FsckReport(checkpoint, bundles, tiles)


def _read_entries(reader: TileReader, bundle: Tile) -> list[bytes]:
    try:
        data, found = reader.read(bundle.path), bundle
    except MissingFileError:
        if bundle.is_full:
            raise
        data, found = reader.read(bundle.full.path), bundle.full
    try:
        return parse_bundle(data, width=found.width, place=found.path)[: bundle.width]
    except TileError as error:
        raise DamageError(found.path, 0, len(data), error.message) from error


def _compare(reader: TileReader, tile: Tile, expected: bytes) -> None:
    try:
        data = read_tile(reader, tile)
    except TileError as error:
        raise DamageError(tile.path, 0, len(expected), error.message) from error
    for start in range(0, len(expected), HASH_SIZE_BYTES):
        end = start + HASH_SIZE_BYTES
        if data[start:end] != expected[start:end]:
            raise DamageError(tile.path, start, end, _difference(tile, start // HASH_SIZE_BYTES))


def _difference(tile: Tile, position: int) -> str:
    below = Tile(tile.level - 1, tile.index if tile.level == 0 else tile.index * 256 + position)
    what = f"entry {position} of" if tile.level == 0 else "the root of"
    return f"hash {position} is not that of {what} {below.path}: one of the two files is wrong"


def _root_bytes(note: bytes) -> tuple[int, int]:
    lines = note.split(b"\n", 3)
    start = len(lines[0]) + len(lines[1]) + 2
    return start, start + len(lines[2])
