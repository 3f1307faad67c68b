# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.errors import InvariantViolation
from kerege.translog.tiles import (
    ENTRIES_LEVEL,
    Tile,
    TileError,
    items_of_level,
    parse_tile_path,
    partial_tiles,
    tiles_completed,
    tiles_of_growth,
    tiles_of_tree,
)
from kerege.translog.tree import MAX_TREE_SIZE

PATHS = [
    (Tile(0, 0), "tile/0/000"),
    (Tile(0, 999), "tile/0/999"),
    (Tile(0, 1000), "tile/0/x001/000"),
    (Tile(5, 1234067), "tile/5/x001/x234/067"),
    (Tile(0, 1234067, 8), "tile/0/x001/x234/067.p/8"),
    (Tile(63, 1, 255), "tile/63/001.p/255"),
    (Tile(ENTRIES_LEVEL, 1001, 1), "tile/entries/x001/001.p/1"),
    (Tile(1, MAX_TREE_SIZE), "tile/1/x009/x223/x372/x036/x854/x775/807"),
]


@pytest.mark.parametrize(("tile", "path"), PATHS)
def test_paths_are_those_of_the_specification(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_tile_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "checkpoint",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/data/000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001/x002",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/0/000.p",
        "tile/0/../000",
        "tile/0/٠٠٠",
        "tile/1/x009/x223/x372/x036/x854/x775/808",
        "tile/0/" + "x001/" * 100 + "001",
        "tile/0/000\n",
    ],
)
def test_any_other_path_is_refused(path: str) -> None:
    with pytest.raises(TileError):
        parse_tile_path(path)


@pytest.mark.parametrize(
    "coordinates", [(-2, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)]
)
def test_coordinates_without_a_path_are_our_fault(coordinates: tuple[int, int, int]) -> None:
    with pytest.raises(InvariantViolation):
        Tile(*coordinates)


def test_the_specifications_own_example_of_70000_leaves() -> None:
    tiles = [tile for tile in tiles_of_tree(70_000) if tile.level >= 0]
    assert sum(tile.level == 0 and tile.is_full for tile in tiles) == 273
    assert [tile for tile in tiles if not tile.is_full or tile.level] == [
        Tile(0, 273, 112),
        Tile(1, 0),
        Tile(1, 1, 17),
        Tile(2, 0, 1),
    ]
    assert partial_tiles(70_000) == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert list(tiles_of_tree(256)) == [Tile(ENTRIES_LEVEL, 0), Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of_tree(0)) == []


def test_growth_is_what_the_larger_tree_has_anew() -> None:
    for old, new in [(0, 1), (1, 1), (200, 256), (256, 300), (255, 70_000), (65_536, 65_537)]:
        grown = set(tiles_of_growth(old, new))
        assert grown == set(tiles_of_tree(new)) - set(tiles_of_tree(old))
    with pytest.raises(InvariantViolation):
        list(tiles_of_growth(2, 1))


def test_partial_tiles_that_became_full() -> None:
    assert tiles_completed(200, 255) == []
    assert set(tiles_completed(200, 256)) == {Tile(0, 0), Tile(ENTRIES_LEVEL, 0)}
    assert tiles_completed(256, 512) == []
    assert Tile(1, 0) in tiles_completed(256, 65_536)


def test_items_of_a_level() -> None:
    found = [items_of_level(level, 70_000) for level in (-1, 0, 1, 2, 3)]
    assert found == [70_000, 70_000, 273, 1, 0]
