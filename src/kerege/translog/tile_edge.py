# SPDX-License-Identifier: Apache-2.0
"""The right edge of a growing log: what must be kept to append leaves and write their tiles.

Pure. At most 255 entries and 255 hashes a level, whatever the size of the log.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from kerege.translog.bundle import format_bundle
from kerege.translog.tile_nodes import TileNodes, edge_root, tile_root
from kerege.translog.tile_tree import TileTree
from kerege.translog.tiles import (
    ENTRIES_LEVEL,
    MAX_TILE_BYTES,
    TILE_WIDTH,
    Tile,
    TileReader,
    partial_tiles,
)
from kerege.translog.tree import HASH_SIZE_BYTES, LEAF_PREFIX

__all__ = ["TileEdge"]


class TileEdge:
    """The partial bundle and the partial tiles of a log of `size` leaves."""

    __slots__ = ("_entries", "_rows", "size")

    def __init__(
        self, size: int = 0, entries: Iterable[bytes] = (), rows: Iterable[bytes] = ()
    ) -> None:
        """Start from the entries of the partial bundle and the partial tile of each level."""
        self.size = size
        self._entries = list(entries)
        self._rows = list(rows)

    @classmethod
    def load(cls, reader: TileReader, *, size: int, root: bytes) -> "TileEdge":
        """Return the edge of a stored log, checked against `root`.

        Raises `TileError` if a file is not what `root` says, `MissingFileError` if it is gone.
        """
        tree = TileTree(reader, size=size, root=root)
        tree.check_edge()
        rows: list[bytes] = []
        for tile in partial_tiles(size):
            rows.extend([b""] * (tile.level - len(rows)))
            rows.append(tree.tile_data(tile))
        bundle, width = divmod(size, TILE_WIDTH)
        return cls(size, tree.entries(bundle) if width else (), rows)

    def copy(self) -> "TileEdge":
        """Return an edge that grows on its own."""
        return TileEdge(self.size, self._entries, self._rows)

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        return edge_root(
            self.size, {level: TileNodes(row) for level, row in enumerate(self._rows) if row}
        )

    def extend(self, entries: Sequence[bytes]) -> Iterator[tuple[Tile, bytes]]:
        """Append `entries` and yield each tile the larger log has anew, with its data.

        The edge has grown when the last tile was taken, not before. Raises `TileError` for an
        entry that is too long; the edge is then of no more use.
        """
        if not entries:
            return
        grown = {ENTRIES_LEVEL}
        self._entries.extend(entries)
        waiting, self._entries = self._entries, []
        for start in range(0, len(waiting), TILE_WIDTH):
            chunk = waiting[start : start + TILE_WIDTH]
            grown.add(0)
            leaves = self._append(0, _hash_leaves(chunk[self._width(0) :]))
            self.size += leaves
            if len(chunk) < TILE_WIDTH:
                self._entries = chunk
                break
            yield Tile(ENTRIES_LEVEL, self.size // TILE_WIDTH - 1), format_bundle(chunk)
            yield from self._close_full_tiles(grown)
        yield from self._partial_tiles(grown)

    def _append(self, level: int, hashes: bytes) -> int:
        if level == len(self._rows):
            self._rows.append(b"")
        self._rows[level] += hashes
        return len(hashes) // HASH_SIZE_BYTES

    def _width(self, level: int) -> int:
        return len(self._rows[level]) // HASH_SIZE_BYTES if level < len(self._rows) else 0

    def _close_full_tiles(self, grown: set[int]) -> Iterator[tuple[Tile, bytes]]:
        level = 0
        while len(row := self._rows[level]) == MAX_TILE_BYTES:
            yield Tile(level, (self.size >> (8 * (level + 1))) - 1), row
            self._rows[level] = b""
            level += 1
            self._append(level, tile_root(row))
            grown.add(level)

    def _partial_tiles(self, grown: set[int]) -> Iterator[tuple[Tile, bytes]]:
        if self._entries:
            tile = Tile(ENTRIES_LEVEL, self.size // TILE_WIDTH, len(self._entries))
            yield tile, format_bundle(self._entries)
        for level in sorted(grown - {ENTRIES_LEVEL}):
            if width := self._width(level):
                yield Tile(level, self.size >> (8 * (level + 1)), width), self._rows[level]


def _hash_leaves(entries: Sequence[bytes]) -> bytes:
    # The other half of the cost of integrating a leaf (see `tile_nodes`).
    digest, prefix = sha256, LEAF_PREFIX
    return b"".join([digest(prefix + entry).digest() for entry in entries])
