# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from kerege.translog import files as module
from kerege.translog.files import DiskFiles, FileStoreError, folders_of, parent_of
from kerege.translog.tiles import MissingFileError


def test_files_are_written_moved_listed_and_removed(tmp_path: Path) -> None:
    files = DiskFiles(tmp_path)
    assert files.make_folder("a")
    assert not files.make_folder("a")
    files.write("a/x.tmp", b"data")
    files.sync("a/x.tmp")
    files.rename("a/x.tmp", "a/x")
    files.sync_folder("a")
    files.sync_folder("")
    assert files.read("a/x") == b"data"
    assert files.names("a") == ["x"]
    files.remove("a/x")
    files.remove("a/x")
    files.remove("a")
    assert files.names("a") == files.names("") == []


def test_what_is_not_there_is_missing(tmp_path: Path) -> None:
    files = DiskFiles(tmp_path)
    files.write("file", b"")
    for path in ("none", "none/below", "file/below"):
        with pytest.raises(MissingFileError):
            files.read(path)
    assert files.names("file") == []


def test_refusals_of_the_disk_name_the_file(tmp_path: Path) -> None:
    files = DiskFiles(tmp_path)
    files.make_folder("full")
    files.write("full/file", b"")
    for attempt in (
        lambda: files.read("full"),
        lambda: files.write("none/file", b""),
        lambda: files.sync("none"),
        lambda: files.sync_folder("full/file"),
        lambda: files.rename("none", "other"),
        lambda: files.make_folder("none/below"),
        lambda: files.remove("full"),
    ):
        with pytest.raises(FileStoreError) as caught:
            attempt()
        assert str(tmp_path) in caught.value.place


def test_a_file_too_large_for_a_log_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 10)
    files = DiskFiles(tmp_path)
    files.write("large", bytes(11))
    with pytest.raises(FileStoreError, match="larger"):
        files.read("large")


def test_one_folder_has_one_writer(tmp_path: Path) -> None:
    first, second = DiskFiles(tmp_path / "log"), DiskFiles(tmp_path / "log")
    first.lock()
    first.lock()
    with pytest.raises(FileStoreError, match="another process"):
        second.lock()
    first.unlock()
    first.unlock()
    second.lock()
    second.unlock()


def test_folders_of_a_path() -> None:
    assert folders_of("a/b/c") == ["a", "a/b"]
    assert folders_of("a") == []
    assert (parent_of("a/b"), parent_of("a")) == ("a", "")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileStoreError, match="the disk refused"):
        DiskFiles(tmp_path / "file" / "log").lock()
