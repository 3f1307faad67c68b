# SPDX-License-Identifier: Apache-2.0
"""Copying a log into a folder, every file checked before it is kept.

Shell. May be stopped at any time and started again: files that are there are checked, not fetched.
The copy's checkpoint is written last, so a copy that has one is complete up to it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from kerege.translog.bundle import format_bundle
from kerege.translog.checkpoint import Checkpoint
from kerege.translog.files import Files
from kerege.translog.follow import LogFollower
from kerege.translog.log_files import LogStore
from kerege.translog.tile_tree import TileTree, read_tile
from kerege.translog.tiles import (
    ENTRIES_LEVEL,
    MissingFileError,
    Tile,
    TileError,
    TileReader,
    tiles_of_tree,
)
from kerege.translog.trust import CheckpointPolicy

__all__ = ["MIRROR_BATCH_FILES", "MirrorReport", "mirror_log"]

MIRROR_BATCH_FILES = 256
"""Files written between two flushes of their folders, and between two reports of progress."""


@dataclass(frozen=True, slots=True)
class MirrorReport:
    """The checkpoint copied, and how many of its files were fetched or already there."""

    checkpoint: Checkpoint
    fetched: int
    kept: int


def mirror_log(
    reader: TileReader,
    files: Files,
    policy: CheckpointPolicy,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> MirrorReport:
    """Bring the copy in `files` to the log's newest checkpoint.

    `progress` is told leaves whose bundle is copied and leaves in all. Raises `ForkError` if the
    log no longer continues the copy's own checkpoint, and what policy, reader and disk raise.
    """
    files.lock()
    copy = LogStore(files)
    follower = LogFollower(reader, policy, known=copy.read_checkpoint())
    checkpoint = follower.refresh()
    run = _Run(reader, copy, follower.tree)
    wanted = tiles_of_tree(checkpoint.size)
    # Hash tiles come after all bundles, and most of them are then in the tree's cache.
    while batch := list(islice(wanted, MIRROR_BATCH_FILES)):
        copy.write_tiles(run.missing(batch))
        if progress is not None:
            progress(_leaves_done(batch[-1], checkpoint.size), checkpoint.size)
    if follower.note is not None:
        copy.write_checkpoint(follower.note)
    return MirrorReport(checkpoint, run.fetched, run.kept)


class _Run:
    """One copying: decides per tile whether the copy has it already."""

    def __init__(self, reader: TileReader, copy: LogStore, tree: TileTree) -> None:
        self._reader = reader
        self._copy = copy
        self._tree = tree
        self.fetched = 0
        self.kept = 0

    def missing(self, tiles: list[Tile]) -> Iterator[tuple[Tile, bytes]]:
        """Yield those of `tiles` that the copy lacks or has damaged, with checked data."""
        for tile in tiles:
            if self._is_kept(tile):
                self.kept += 1
                continue
            self.fetched += 1
            yield tile, self._fetch(tile)

    def _is_kept(self, tile: Tile) -> bool:
        try:
            data = self._copy.read(tile.path)
            if tile.level != ENTRIES_LEVEL:
                return data == self._tree.tile_data(tile)
            self._tree.parse_entries(tile, data)
        except (MissingFileError, TileError):
            return False
        return True

    def _fetch(self, tile: Tile) -> bytes:
        if tile.level != ENTRIES_LEVEL:
            return self._tree.tile_data(tile)
        # Written anew from its entries: a full bundle may have stood in for a partial one.
        return format_bundle(self._tree.parse_entries(tile, read_tile(self._reader, tile)))


def _leaves_done(last: Tile, size: int) -> int:
    return min((last.index + 1) * 256, size) if last.level == ENTRIES_LEVEL else size
