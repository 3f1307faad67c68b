# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.translog.checkpoint import Checkpoint, format_checkpoint
from kerege.translog.fsck import DamageError, check_log
from kerege.translog.memory_files import MemoryFiles
from kerege.translog.note import format_note, sign_note
from kerege.translog.tiles import MissingFileError
from tests.logs import ORIGIN, SIGNER, TRUST, entries, grown_log

LOGGED = entries(700)


def _flip(files: MemoryFiles, path: str, at: int) -> None:
    data = bytearray(files.read(path))
    data[at] ^= 1
    files.write(path, bytes(data))


def test_a_whole_log_is_found_whole() -> None:
    told: list[tuple[int, int]] = []
    report = check_log(
        grown_log(LOGGED, sizes=[100]), TRUST, progress=lambda *done: told.append(done)
    )
    assert (report.checkpoint.size, report.bundles, report.tiles) == (700, 3, 4)
    assert told == [(256, 700), (512, 700), (700, 700)]
    assert check_log(grown_log([]), TRUST).bundles == 0


@pytest.mark.parametrize(
    ("path", "at", "named", "start", "end"),
    [
        ("tile/0/001", 0, "tile/0/001", 0, 32),
        ("tile/0/001", 8191, "tile/0/001", 8160, 8192),
        ("tile/0/002.p/188", 70, "tile/0/002.p/188", 64, 96),
        ("tile/1/000.p/2", 33, "tile/1/000.p/2", 32, 64),
        # A changed entry shows where its leaf hash stands; the message names both files.
        ("tile/entries/001", 34 * 3 + 5, "tile/0/001", 96, 128),
        ("tile/entries/001", 0, "tile/entries/001", 0, 34 * 256),
    ],
)
def test_the_first_wrong_file_and_bytes_are_named(
    path: str, at: int, named: str, start: int, end: int
) -> None:
    files = grown_log(LOGGED)
    _flip(files, path, at)
    with pytest.raises(DamageError) as caught:
        check_log(files, TRUST)
    assert (caught.value.path, caught.value.start, caught.value.end) == (named, start, end)
    assert path in str(caught.value)


def test_a_tile_cut_short_is_named() -> None:
    files = grown_log(LOGGED)
    files.write("tile/0/001", files.read("tile/0/001")[:-1])
    with pytest.raises(DamageError, match="8191 bytes instead of 8192"):
        check_log(files, TRUST)


def test_a_wrong_root_is_the_checkpoints() -> None:
    files = grown_log(LOGGED)
    text = format_checkpoint(Checkpoint(ORIGIN, 700, bytes(32)))
    note = format_note(sign_note(text, [SIGNER]))
    files.write("checkpoint", note)
    with pytest.raises(DamageError) as caught:
        check_log(files, TRUST)
    assert caught.value.path == "checkpoint"
    assert note[caught.value.start : caught.value.end].decode() == text.split("\n")[2]


@pytest.mark.parametrize("path", ["checkpoint", "tile/0/000", "tile/entries/002.p/188"])
def test_a_missing_file_is_named(path: str) -> None:
    files = grown_log(LOGGED)
    files.remove(path)
    with pytest.raises(MissingFileError) as caught:
        check_log(files, TRUST)
    assert path.partition(".p")[0] in caught.value.place


def test_full_files_stand_in_for_partial_ones() -> None:
    files, older = grown_log(LOGGED), grown_log(LOGGED[:600])
    files.write("checkpoint", older.read("checkpoint"))
    files.write("tile/0/002", files.read("tile/0/002.p/188") + bytes(32 * 68))
    files.write("tile/entries/002", files.read("tile/entries/002.p/188") + b"\0\0" * 68)
    assert check_log(files, TRUST).checkpoint.size == 600
