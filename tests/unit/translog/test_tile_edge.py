# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerege.translog.memory_files import MemoryFiles
from kerege.translog.tile_edge import TileEdge
from kerege.translog.tiles import MissingFileError, TileError, tiles_of_growth
from kerege.translog.tree import EMPTY_ROOT
from tests.logs import entries, leaf_hashes, naive_root

LOGGED = entries(2000)
HASHES = leaf_hashes(LOGGED)


class Kept(dict[str, bytes]):
    """Tiles as they come, readable."""

    def read(self, path: str, /) -> bytes:
        if path not in self:
            raise MissingFileError("none", place=path)
        return self[path]


@given(st.lists(st.sampled_from([0, 1, 2, 100, 255, 256, 257, 512]), max_size=4))
def test_growing_yields_exactly_the_new_tiles_and_survives_reloading(steps: list[int]) -> None:
    kept, edge = Kept(), TileEdge()
    for step in steps:
        old = edge.size
        tiles = dict(edge.extend(LOGGED[old : old + step]))
        assert set(tiles) == set(tiles_of_growth(old, edge.size))
        kept.update((tile.path, data) for tile, data in tiles.items())
        root = edge.root()
        assert root == naive_root(HASHES[: edge.size])
        edge = TileEdge.load(kept, size=edge.size, root=root)


def test_a_copy_grows_on_its_own() -> None:
    edge = TileEdge()
    list(edge.extend(LOGGED[:10]))
    copy = edge.copy()
    list(copy.extend(LOGGED[10:20]))
    assert (edge.size, copy.size) == (10, 20)
    assert edge.root() == naive_root(HASHES[:10])


def test_loading_checks_the_root() -> None:
    assert TileEdge.load(MemoryFiles(), size=0, root=EMPTY_ROOT).size == 0
    with pytest.raises(TileError):
        TileEdge.load(MemoryFiles(), size=0, root=bytes(32))
    with pytest.raises(MissingFileError):
        TileEdge.load(MemoryFiles(), size=3, root=naive_root(HASHES[:3]))


def test_an_entry_that_is_too_long_is_refused() -> None:
    with pytest.raises(TileError):
        list(TileEdge().extend([bytes(65536)]))
