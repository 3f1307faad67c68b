# SPDX-License-Identifier: Apache-2.0
"""Tile coordinates and paths of C2SP tlog-tiles, and which tiles a tree has.

Pure. "Tiles are served at <prefix>/tile/<L>/<N>[.p/<W>]", entry bundles at
<prefix>/tile/entries/<N>[.p/<W>] (tlog-tiles, "Merkle Tree" and "Log entries").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from kerege.errors import InvariantViolation, KeregeError
from kerege.translog.tree import HASH_SIZE_BYTES, MAX_TREE_SIZE

__all__ = [
    "CHECKPOINT_PATH",
    "ENTRIES_LEVEL",
    "MAX_TILE_BYTES",
    "TILE_HEIGHT",
    "TILE_WIDTH",
    "MissingFileError",
    "Tile",
    "TileError",
    "TileReader",
    "items_of_level",
    "parse_tile_path",
    "partial_tiles",
    "tiles_completed",
    "tiles_of_growth",
    "tiles_of_tree",
]

CHECKPOINT_PATH = "checkpoint"
"""tlog-tiles, "Checkpoints": "MUST be served as a checkpoint at <prefix>/checkpoint"."""

TILE_HEIGHT = 8
"""Tree levels in one tile."""

TILE_WIDTH = 256
"""Hashes in a full tile: "Full tiles MUST be exactly 256 hashes wide, or 8,192 bytes"."""

MAX_TILE_BYTES = TILE_WIDTH * HASH_SIZE_BYTES

ENTRIES_LEVEL = -1
"""The level of entry bundles, as in Go's sumdb: below the leaf hashes."""

MAX_LEVEL = 63
"""Largest level: "a decimal ASCII integer between 0 and 63"."""

_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)


class TileError(KeregeError):
    """A tile, bundle or path that is not what the specification says, or not what was signed."""


class MissingFileError(KeregeError):
    """A file that the log does not have, or no longer has."""


class TileReader(Protocol):
    """Where the files of a log are read: a directory, a web server, a twin in memory."""

    def read(self, path: str, /) -> bytes:
        """Return the file at `path`, relative to the log's prefix.

        Raises `MissingFileError` if there is none.
        """


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """The `index`-th tile of `level`, seen `width` hashes (or entries) wide.

    `level` is 0 to 63, or `ENTRIES_LEVEL`; `width` is 256 for a full tile.
    """

    level: int
    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        """Refuse coordinates that no path can spell."""
        if not (
            ENTRIES_LEVEL <= self.level <= MAX_LEVEL
            and 0 <= self.index <= MAX_TREE_SIZE
            and 1 <= self.width <= TILE_WIDTH
        ):
            raise InvariantViolation(f"no such tile: {self.level}/{self.index} width {self.width}")

    @property
    def is_full(self) -> bool:
        """Whether the tile holds all 256 hashes it ever can."""
        return self.width == TILE_WIDTH

    @property
    def full(self) -> "Tile":
        """The full tile at the same place, into which a partial tile grows."""
        return Tile(self.level, self.index)

    @property
    def path(self) -> str:
        """The path below the log's prefix, for example `tile/0/x001/x234/067.p/8`."""
        rest, last = divmod(self.index, 1000)
        elements = [f"{last:03d}"]
        while rest:
            rest, group = divmod(rest, 1000)
            elements.append(f"x{group:03d}")
        level = "entries" if self.level == ENTRIES_LEVEL else str(self.level)
        partial = "" if self.is_full else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(reversed(elements))}{partial}"


def parse_tile_path(path: str) -> Tile:
    """Return the tile whose path is exactly `path`; raises `TileError` for any other spelling."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise TileError("not the path of a tile", place=repr(path[:100]))
    level, width = found["level"], found["width"]
    index = int(found["index"].replace("x", "").replace("/", ""))
    coordinates = (
        ENTRIES_LEVEL if level == "entries" else int(level),
        index,
        int(width) if width else TILE_WIDTH,
    )
    if coordinates[0] > MAX_LEVEL or index > MAX_TREE_SIZE or coordinates[2] > TILE_WIDTH:
        raise TileError("a tile level, index or width that cannot be", place=path)
    tile = Tile(*coordinates)
    if tile.path != path:
        raise TileError(f"not the one spelling of {tile.path}", place=path)
    return tile


def items_of_level(level: int, size: int) -> int:
    """Return how many hashes (or entries) the tiles of `level` hold in a tree of `size` leaves."""
    return size >> (TILE_HEIGHT * max(level, 0))


def tiles_of_growth(old_size: int, new_size: int) -> Iterator[Tile]:
    """Yield the tiles that a tree of `new_size` leaves has and one of `old_size` had not.

    Level by level, entry bundles first; per level the full tiles and then the partial one.
    "The partial tile at level l for a tree of size s has floor(s / 256**l) mod 256 entries.
    Empty tiles MUST NOT be served."
    """
    if not 0 <= old_size <= new_size <= MAX_TREE_SIZE:
        raise InvariantViolation(f"a tree cannot grow from {old_size} to {new_size} leaves")
    level = ENTRIES_LEVEL
    while items := items_of_level(level, new_size):
        old_items = items_of_level(level, old_size)
        full, width = divmod(items, TILE_WIDTH)
        for index in range(old_items // TILE_WIDTH, full):
            yield Tile(level, index)
        if width and items > old_items:
            yield Tile(level, full, width)
        level += 1


def tiles_of_tree(size: int) -> Iterator[Tile]:
    """Yield every tile of a tree of `size` leaves, in the order of `tiles_of_growth`."""
    return tiles_of_growth(0, size)


def partial_tiles(size: int) -> list[Tile]:
    """Return the partial tiles of hashes (not the entry bundle) of a tree of `size` leaves."""
    tiles = []
    level = 0
    while items := items_of_level(level, size):
        full, width = divmod(items, TILE_WIDTH)
        if width:
            tiles.append(Tile(level, full, width))
        level += 1
    return tiles


def tiles_completed(old_size: int, new_size: int) -> list[Tile]:
    """Return the full tiles of the larger tree, bundle included, that were partial before."""
    partial = partial_tiles(old_size)
    if old_size % TILE_WIDTH:
        partial.append(Tile(ENTRIES_LEVEL, old_size // TILE_WIDTH))
    return [
        tile.full
        for tile in partial
        if items_of_level(tile.level, new_size) >= (tile.index + 1) * TILE_WIDTH
    ]
