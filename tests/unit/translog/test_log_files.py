# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from kerege.translog.files import DiskFiles, FileStoreError
from kerege.translog.log_files import LogStore, write_durably
from kerege.translog.memory_files import MemoryFiles
from kerege.translog.tiles import ENTRIES_LEVEL, Tile

TILES = [(Tile(ENTRIES_LEVEL, 1234), b"bundle"), (Tile(0, 1234, 5), b"tile")]


@pytest.mark.parametrize("threads", [0, 4])
def test_tiles_lie_where_a_web_server_finds_them(tmp_path: Path, threads: int) -> None:
    store = LogStore(DiskFiles(tmp_path), flush_threads=threads)
    assert store.write_tiles(TILES) == [tile for tile, _ in TILES]
    assert (tmp_path / "tile/entries/x001/234").read_bytes() == b"bundle"
    assert (tmp_path / "tile/0/x001/234.p/5").read_bytes() == b"tile"
    assert not list(tmp_path.rglob("*.tmp"))


def test_a_failure_to_flush_is_not_lost_among_threads() -> None:
    # Four folders are made and flushed, then two files written: the ninth step flushes a file.
    files = MemoryFiles()
    LogStore(files, flush_threads=4).write_tiles(TILES)
    steps = files.operations
    raised = 0
    for fail_at in range(1, steps + 1):
        failing = MemoryFiles(fail_at=fail_at, failure=FileStoreError)
        with pytest.raises(FileStoreError):
            LogStore(failing, flush_threads=4).write_tiles(TILES)
        raised += 1
    assert raised == steps


def test_the_checkpoint_is_replaced(tmp_path: Path) -> None:
    store = LogStore(DiskFiles(tmp_path))
    assert store.read_checkpoint() is None
    store.write_checkpoint(b"one")
    store.write_checkpoint(b"two")
    assert store.read_checkpoint() == store.read("checkpoint") == b"two"


def test_partial_tiles_are_dropped_with_their_folder() -> None:
    files = MemoryFiles()
    store = LogStore(files, flush_threads=0)
    store.write_tiles([(Tile(0, 0, width), b"") for width in (1, 7)])
    store.write_tiles([(Tile(0, 0), b"")])
    store.drop_partials([Tile(0, 0), Tile(0, 1)])
    assert files.paths() == ["tile/0/000"]
    assert files.names("tile/0") == ["000"]


def test_a_durable_write_makes_its_folders() -> None:
    files = MemoryFiles()
    write_durably(files, "a/b/c", b"data")
    assert files.read("a/b/c") == b"data"
