# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.errors import KeregeError
from kerege.translog import mirror as module
from kerege.translog.files import FileStoreError
from kerege.translog.follow import ForkError
from kerege.translog.fsck import check_log
from kerege.translog.memory_files import MemoryFiles
from kerege.translog.mirror import mirror_log
from kerege.translog.tiles import MissingFileError, tiles_of_tree
from tests.logs import TRUST, entries, grown_log

LOGGED = entries(700)
LOG = grown_log(LOGGED)


class Hidden:
    """The log without some of its files."""

    def __init__(self, *hidden: str) -> None:
        self.hidden = hidden

    def read(self, path: str, /) -> bytes:
        if path in self.hidden:
            raise MissingFileError("hidden", place=path)
        return LOG.read(path)


def test_every_file_is_copied_and_checked() -> None:
    copy = MemoryFiles()
    told: list[tuple[int, int]] = []
    report = mirror_log(LOG, copy, TRUST, progress=lambda *done: told.append(done))
    wanted = [tile.path for tile in tiles_of_tree(700)]
    assert (report.fetched, report.kept) == (len(wanted), 0)
    assert copy.paths() == sorted(["checkpoint", *wanted])
    assert all(copy.read(path) == LOG.read(path) for path in copy.paths())
    assert told[-1] == (700, 700)


def test_it_goes_on_where_it_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MIRROR_BATCH_FILES", 1)
    copy = MemoryFiles()
    with pytest.raises(MissingFileError):
        mirror_log(Hidden("tile/entries/001"), copy, TRUST)
    assert copy.paths() == ["tile/entries/000"]
    report = mirror_log(LOG, copy, TRUST)
    assert report.kept == 1
    assert check_log(copy, TRUST).checkpoint.size == 700


def test_it_catches_up_with_a_log_that_grew() -> None:
    copy = MemoryFiles()
    mirror_log(grown_log(LOGGED[:300]), copy, TRUST)
    report = mirror_log(LOG, copy, TRUST)
    assert report.kept == 2
    assert check_log(copy, TRUST).checkpoint.size == 700
    assert mirror_log(LOG, copy, TRUST).fetched == 0


def test_a_damaged_copy_is_mended() -> None:
    copy = MemoryFiles()
    mirror_log(LOG, copy, TRUST)
    for path in ("tile/0/001", "tile/entries/000", "tile/1/000.p/2"):
        copy.write(path, b"damaged")
    assert mirror_log(LOG, copy, TRUST).fetched == 3
    check_log(copy, TRUST)


def test_a_full_bundle_in_place_of_a_partial_one_is_cut_to_size() -> None:
    shorter = grown_log(LOGGED[:600])

    class Grown:
        def read(self, path: str, /) -> bytes:
            if path in ("tile/0/002.p/88", "tile/entries/002.p/88"):
                raise MissingFileError("gone", place=path)
            if path == "tile/0/002":
                return LOG.read("tile/0/002.p/188") + bytes(32 * 68)
            if path == "tile/entries/002":
                return LOG.read("tile/entries/002.p/188") + b"\0\0" * 68
            return shorter.read(path)

    copy = MemoryFiles()
    mirror_log(Grown(), copy, TRUST)
    assert copy.read("tile/entries/002.p/88") == shorter.read("tile/entries/002.p/88")
    check_log(copy, TRUST)


@pytest.mark.parametrize("path", ["tile/0/001", "tile/entries/002.p/188", "tile/1/000.p/2"])
def test_nothing_wrong_is_ever_kept(path: str) -> None:
    class Lying(Hidden):
        def read(self, asked: str, /) -> bytes:
            data = LOG.read(asked)
            return data[:-1] + bytes([data[-1] ^ 1]) if asked == path else data

    copy = MemoryFiles()
    with pytest.raises(KeregeError):
        mirror_log(Lying(), copy, TRUST)
    assert path not in copy.paths()
    assert "checkpoint" not in copy.paths()


def test_a_log_that_forked_leaves_the_copy_as_it_was() -> None:
    copy = MemoryFiles()
    mirror_log(LOG, copy, TRUST)
    before = {path: copy.read(path) for path in copy.paths()}
    with pytest.raises(ForkError):
        mirror_log(grown_log([*LOGGED[1:], b"x", b"y"]), copy, TRUST)
    assert {path: copy.read(path) for path in copy.paths()} == before


def test_a_disk_that_refuses_is_told() -> None:
    copy = MemoryFiles(fail_at=20, failure=FileStoreError)
    with pytest.raises(FileStoreError):
        mirror_log(LOG, copy, TRUST)
    assert mirror_log(LOG, copy, TRUST).checkpoint.size == 700
