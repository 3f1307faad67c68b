# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.translog.memory_files import MemoryFiles
from kerege.translog.tile_tree import TileTree, read_tile
from kerege.translog.tiles import ENTRIES_LEVEL, MissingFileError, Tile, TileError
from kerege.translog.tree import EMPTY_ROOT
from tests.logs import entries, grown_log, leaf_hashes, naive_root

LOGGED = entries(700)
HASHES = leaf_hashes(LOGGED)
ROOT = naive_root(HASHES)


class Counting:
    """A reader that counts what is read of a log."""

    def __init__(self, files: MemoryFiles) -> None:
        self.files = files
        self.paths: list[str] = []

    def read(self, path: str, /) -> bytes:
        self.paths.append(path)
        return self.files.read(path)


def _tree(files: MemoryFiles, size: int = 700) -> TileTree:
    return TileTree(files, size=size, root=naive_root(HASHES[:size]))


def _changed(files: MemoryFiles, path: str) -> MemoryFiles:
    data = bytearray(files.read(path))
    data[-1] ^= 1
    files.write(path, bytes(data))
    return files


def test_nodes_and_entries_are_those_logged() -> None:
    tree = _tree(grown_log(LOGGED))
    assert tree.node(0, 255) == HASHES[255]
    assert tree.node(9, 0) == naive_root(HASHES[:512])
    assert tree.entries(0) == LOGGED[:256]
    assert tree.entries(2) == LOGGED[512:]
    assert tree.compact_range().root() == ROOT
    assert tree.tile_data(Tile(0, 2, 188)) == b"".join(HASHES[512:])


def test_the_empty_tree() -> None:
    TileTree(MemoryFiles(), size=0, root=EMPTY_ROOT).check_edge()
    with pytest.raises(TileError):
        TileTree(MemoryFiles(), size=0, root=ROOT).check_edge()


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("tile/0/001", "tile/0/001"),
        ("tile/0/002.p/188", "tile/0/002.p/188, tile/1/000.p/2"),
        ("tile/1/000.p/2", "tile/0/002.p/188, tile/1/000.p/2"),
    ],
)
def test_a_changed_tile_is_named(path: str, place: str) -> None:
    tree = _tree(_changed(grown_log(LOGGED), path))
    with pytest.raises(TileError) as caught:
        tree.node(0, 300)
    assert caught.value.place == place


def test_a_changed_entry_is_named_by_its_leaf() -> None:
    tree = _tree(_changed(grown_log(LOGGED), "tile/entries/001"))
    with pytest.raises(TileError, match="leaf 511 is not the entry that was logged"):
        tree.entries(1)


def test_a_tile_of_the_wrong_length_is_refused() -> None:
    files = grown_log(LOGGED)
    files.write("tile/0/001", files.read("tile/0/001") + bytes(32))
    with pytest.raises(TileError, match="8224 bytes instead of 8192"):
        read_tile(files, Tile(0, 1))


def test_a_missing_partial_tile_is_read_from_the_full_one() -> None:
    files = grown_log(LOGGED, sizes=[200])
    size = 200
    files.remove("tile/0/000.p/200")
    files.remove("tile/entries/000.p/200")
    tree = _tree(files, size)
    assert tree.root_at(150) == naive_root(HASHES[:150])
    assert tree.entries(0) == LOGGED[:200]
    with pytest.raises(MissingFileError):
        read_tile(files, Tile(ENTRIES_LEVEL, 9, 3))


def test_a_tile_in_memory_is_not_read_again_nor_trusted_for_another_root() -> None:
    reader = Counting(grown_log(LOGGED, sizes=[600]))
    old = TileTree(reader, size=600, root=naive_root(HASHES[:600]))
    old.node(0, 0)
    read = len(reader.paths)
    old.node(0, 1)
    assert len(reader.paths) == read
    new = old.at(size=700, root=ROOT)
    new.node(0, 2)
    assert reader.paths.count("tile/0/000") == 1
    with pytest.raises(TileError):
        old.at(size=700, root=naive_root(HASHES[:699])).node(0, 2)


def test_the_cache_stays_small() -> None:
    reader = Counting(grown_log(LOGGED))
    tree = TileTree(reader, size=700, root=ROOT, cache_tiles=1)
    for index in (0, 256, 0, 256):
        assert tree.node(0, index) == HASHES[index]
    assert reader.paths.count("tile/0/000") == 2


def test_what_is_not_in_the_tree_cannot_be_proven() -> None:
    tree = _tree(grown_log(LOGGED))
    for index, size in [(-1, None), (700, None), (5, 5), (0, 701), (0, 0)]:
        with pytest.raises(TileError):
            tree.inclusion_proof(index, size)
    for old, new in [(-1, None), (701, None), (5, 4), (5, 701)]:
        with pytest.raises(TileError):
            tree.consistency_proof(old, new)
    with pytest.raises(TileError):
        tree.node(3, 700 // 8)
    with pytest.raises(TileError):
        tree.entries(3)
    with pytest.raises(TileError):
        tree.entries(-1)


def test_there_is_nothing_to_prove_from_the_empty_or_the_same_tree() -> None:
    tree = _tree(grown_log(LOGGED))
    assert tree.consistency_proof(0) == tree.consistency_proof(700) == []
    assert tree.inclusion_proof(0, 1) == []
