# SPDX-License-Identifier: Apache-2.0
"""A tree read from tiles that nobody needs to trust.

Pure but for the reader it is given. Every tile is checked before a hash of it is used: the tiles
of the right edge must give the root, and a full tile must hash to its place in the tile above.
So a mirror or a web cache can withhold a log but not change it.
"""

from collections import OrderedDict
from itertools import starmap

from kerege.translog.bundle import parse_bundle
from kerege.translog.compact_range import CompactRange, fold_right, perfect_subtrees
from kerege.translog.tile_nodes import TileNodes, edge_root
from kerege.translog.tiles import (
    ENTRIES_LEVEL,
    TILE_HEIGHT,
    TILE_WIDTH,
    MissingFileError,
    Tile,
    TileError,
    TileReader,
    items_of_level,
    partial_tiles,
)
from kerege.translog.tree import HASH_SIZE_BYTES, hash_leaf

__all__ = ["TILE_CACHE_SIZE", "TileTree", "read_tile"]

TILE_CACHE_SIZE = 2048
"""Full tiles kept above the leaf hashes (16 KiB each with their inner nodes, so 32 MiB).

All there are up to 134 million leaves, so that a proof reads one tile from the disk."""

LEAF_TILE_SHARE = 8
"""Of leaf tiles only an eighth as many are kept: they are far more, and seldom asked for twice."""


def read_tile(reader: TileReader, tile: Tile) -> bytes:
    """Return the data of `tile`, unchecked but for its size.

    Falls back to the full tile: clients "MAY fetch the full tile in parallel as a fallback in
    case the partial tile is not available anymore". Raises `MissingFileError`, `TileError`.
    """
    try:
        data, expected = reader.read(tile.path), tile
    except MissingFileError:
        if tile.is_full:
            raise
        data, expected = reader.read(tile.full.path), tile.full
    if tile.level == ENTRIES_LEVEL:
        return data
    if len(data) != expected.width * HASH_SIZE_BYTES:
        raise TileError(
            f"{len(data)} bytes instead of {expected.width * HASH_SIZE_BYTES}", place=expected.path
        )
    return data[: tile.width * HASH_SIZE_BYTES]


class TileTree:
    """The tree of `size` leaves and this `root`, over the files that `reader` gives.

    Sizes count leaves, indexes start at 0. All methods raise `MissingFileError` for a file that is
    not there and `TileError` for one that is not what the root says.
    """

    def __init__(
        self, reader: TileReader, *, size: int, root: bytes, cache_tiles: int = TILE_CACHE_SIZE
    ) -> None:
        """Read nothing yet; keep up to `cache_tiles` full upper tiles in memory."""
        self.size = size
        self.root = root
        self._reader = reader
        self._cache_tiles = cache_tiles
        self._leaf_tiles: OrderedDict[tuple[int, int], TileNodes] = OrderedDict()
        self._upper_tiles: OrderedDict[tuple[int, int], TileNodes] = OrderedDict()
        self._edge: dict[int, TileNodes] | None = None
        self._checked: set[tuple[int, int]] = set()

    def at(self, *, size: int, root: bytes) -> "TileTree":
        """Return another tree of the same log; full tiles in memory are checked anew, not read."""
        tree = TileTree(self._reader, size=size, root=root, cache_tiles=self._cache_tiles)
        tree._leaf_tiles = OrderedDict(self._leaf_tiles)
        tree._upper_tiles = OrderedDict(self._upper_tiles)
        return tree

    def check_edge(self) -> None:
        """Read the tiles of the right edge and check that they give the root."""
        self._edge_tiles()

    def node(self, height: int, index: int) -> bytes:
        """Return the root of the perfect subtree over leaves [index * 2^h, (index + 1) * 2^h)."""
        if index < 0 or (index + 1) << height > self.size:
            raise TileError(f"node {index} of height {height} is not in a tree of {self.size}")
        level, row = divmod(height, TILE_HEIGHT)
        tile, within = divmod(index, TILE_WIDTH >> row)
        return self._tile(level, tile).node(row, within)

    def range_hashes(self, start: int, end: int) -> list[bytes]:
        """Return the roots of the perfect subtrees that tile leaves [start, end)."""
        return list(starmap(self.node, perfect_subtrees(start, end)))

    def range_root(self, start: int, end: int) -> bytes:
        """Return MTH(D[start:end]) of RFC 9162 section 2.1.1, for a range its recursion makes."""
        return fold_right(self.range_hashes(start, end))

    def root_at(self, size: int) -> bytes:
        """Return the root this tree had when it had `size` leaves."""
        self.check_edge()
        return self.range_root(0, size)

    def compact_range(self) -> CompactRange:
        """Return the tree as a range that can be appended to."""
        self.check_edge()
        return CompactRange(self.size, self.range_hashes(0, self.size))

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return PATH(index, D[0:size]) of RFC 9162 section 2.1.3.1; `size` may be an older one."""
        size = self.size if size is None else size
        if not 0 <= index < size <= self.size:
            raise TileError(
                f"there is no leaf {index} in a tree of {size} leaves (the log has {self.size})"
            )
        proof: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            split = start + _split(end - start)
            if index < split:
                proof.append(self.range_root(split, end))
                end = split
            else:
                proof.append(self.range_root(start, split))
                start = split
        return proof[::-1]

    def consistency_proof(self, old_size: int, new_size: int | None = None) -> list[bytes]:
        """Return PROOF(old_size, D[0:new_size]) of RFC 9162 section 2.1.4.1.

        Empty for equal sizes, and from the empty tree, from which nothing can be proven.
        """
        new_size = self.size if new_size is None else new_size
        if not 0 <= old_size <= new_size <= self.size:
            raise TileError(
                f"no proof leads from {old_size} to {new_size} leaves (the log has {self.size})"
            )
        if old_size in (0, new_size):
            return []
        proof: list[bytes] = []
        start, end = 0, new_size
        while old_size < end:
            split = start + _split(end - start)
            if old_size <= split:
                proof.append(self.range_root(split, end))
                end = split
            else:
                proof.append(self.range_root(start, split))
                start = split
        if start:
            proof.append(self.range_root(start, end))
        return proof[::-1]

    def entries(self, bundle: int) -> list[bytes]:
        """Return the entries of the `bundle`-th entry bundle, each checked against its leaf."""
        tile = self._tile_at(ENTRIES_LEVEL, bundle)
        return self.parse_entries(tile, read_tile(self._reader, tile))

    def parse_entries(self, tile: Tile, data: bytes) -> list[bytes]:
        """Return the entries in the `data` of entry bundle `tile`, checked like `entries`."""
        # A full bundle in place of a partial one holds entries beyond this tree: left out.
        width = tile.width if tile.is_full else _count_entries(data, tile)
        entries = parse_bundle(data, width=width, place=tile.path)[: tile.width]
        leaves = self._tile(0, tile.index)
        for position, entry in enumerate(entries):
            if hash_leaf(entry) != leaves.node(0, position):
                raise TileError(
                    f"leaf {tile.index * TILE_WIDTH + position} is not the entry that was logged",
                    place=tile.path,
                    remedy="read this file from another copy of the log",
                )
        return entries

    def tile_data(self, tile: Tile) -> bytes:
        """Return the checked data of a tile of hashes, which must be one of this tree's."""
        return self._tile(tile.level, tile.index).data

    def _tile_at(self, level: int, index: int) -> Tile:
        width = min(items_of_level(level, self.size) - index * TILE_WIDTH, TILE_WIDTH)
        if index < 0 or width < 1:
            raise TileError(f"tile {level}/{index} is not in a tree of {self.size} leaves")
        return Tile(level, index, width)

    def _tile(self, level: int, index: int) -> TileNodes:
        tile = self._tile_at(level, index)
        if not tile.is_full:
            return self._edge_tiles()[level]
        key = (level, index)
        cache = self._upper_tiles if level else self._leaf_tiles
        if key in self._checked and key in cache:
            cache.move_to_end(key)
            return cache[key]
        # The tile above is checked first, up to the right edge: at most eight steps.
        parent = self._tile(level + 1, index // TILE_WIDTH)
        nodes = cache.get(key) or TileNodes(read_tile(self._reader, tile))
        if nodes.node(TILE_HEIGHT, 0) != parent.node(0, index % TILE_WIDTH):
            raise _changed(tile.path)
        self._keep(key, nodes)
        return nodes

    def _keep(self, key: tuple[int, int], nodes: TileNodes) -> None:
        share = 1 if key[0] else LEAF_TILE_SHARE
        cache = self._upper_tiles if key[0] else self._leaf_tiles
        cache[key] = nodes
        self._checked.add(key)
        while len(cache) > max(1, self._cache_tiles // share):
            dropped, _ = cache.popitem(last=False)
            self._checked.discard(dropped)

    def _edge_tiles(self) -> dict[int, TileNodes]:
        # The partial tiles hold every perfect subtree of the right edge, and so the root.
        if self._edge is None:
            tiles = partial_tiles(self.size)
            edge = {tile.level: TileNodes(read_tile(self._reader, tile)) for tile in tiles}
            if edge_root(self.size, edge) != self.root:
                raise _changed(", ".join(tile.path for tile in tiles) or "checkpoint")
            self._edge = edge
        return self._edge


def _split(width: int) -> int:
    # "let k be the largest power of two smaller than n" (RFC 9162 section 2.1.1)
    return 1 << ((width - 1).bit_length() - 1)


def _count_entries(data: bytes, tile: Tile) -> int:
    # A file read as the fallback of a partial bundle has 256 entries, else `tile.width`.
    count, at = 0, 0
    while at < len(data) and count < TILE_WIDTH:
        at += 2 + int.from_bytes(data[at : at + 2], "big")
        count += 1
    return count if count in (tile.width, TILE_WIDTH) else tile.width


def _changed(place: str) -> TileError:
    return TileError(
        "the hashes do not lead to the root that was signed",
        place=place,
        remedy="read this file from another copy of the log; if all copies say the same, "
        "keep them and the checkpoint: they show that the log changed its history",
    )
