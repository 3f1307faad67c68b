# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterator

import pytest

from kerege.runtime.randomness import SeededRandomness
from kerege.translog.files import FileStoreError
from kerege.translog.memory_files import CrashError, MemoryFiles
from kerege.translog.tiles import MissingFileError


def _after(files: MemoryFiles) -> Iterator[MemoryFiles]:
    return (files.after_crash(SeededRandomness(seed)) for seed in range(64))


def _found(files: MemoryFiles, path: str) -> set[bytes | None]:
    return {found.read(path) if path in found.paths() else None for found in _after(files)}


def test_it_does_what_a_disk_does() -> None:
    files = MemoryFiles()
    assert files.make_folder("a")
    assert not files.make_folder("a")
    files.write("a/x", b"1")
    files.rename("a/x", "a/y")
    assert (files.names("a"), files.read("a/y")) == (["y"], b"1")
    files.remove("a/y")
    files.remove("a/y")
    with pytest.raises(MissingFileError):
        files.read("a/y")
    with pytest.raises(MissingFileError):
        files.read("a")
    with pytest.raises(FileStoreError):
        files.write("none/x", b"")


def test_nothing_unflushed_is_sure_to_survive() -> None:
    files = MemoryFiles()
    files.write("x", b"abcd")
    found = _found(files, "x")
    assert {None, b"", b"abcd", bytes(4)} <= found
    assert found & {b"a", b"ab", b"abc"}
    files.sync("x")
    assert _found(files, "x") == {None, b"abcd"}
    files.sync_folder("")
    assert _found(files, "x") == {b"abcd"}


def test_a_rename_is_seen_whole_or_not_at_all() -> None:
    files = MemoryFiles()
    for name, data in (("x", b"old"), ("x.tmp", b"new")):
        files.write(name, data)
        files.sync(name)
    files.sync_folder("")
    files.rename("x.tmp", "x")
    assert _found(files, "x") == {b"old", b"new"}
    files.sync_folder("")
    assert _found(files, "x") == {b"new"}


def test_a_file_is_lost_with_its_folder() -> None:
    files = MemoryFiles()
    files.make_folder("a")
    files.write("a/x", b"1")
    files.sync("a/x")
    files.sync_folder("a")
    assert _found(files, "a/x") == {None, b"1"}
    files.sync_folder("")
    assert _found(files, "a/x") == {b"1"}


def test_it_fails_when_told_and_stays_down() -> None:
    for persist, names in ((False, []), (True, ["x"])):
        files = MemoryFiles(fail_at=1, persist_failure=persist)
        with pytest.raises(CrashError):
            files.write("x", b"")
        assert files.names("") == names
        with pytest.raises(CrashError):
            files.write("y", b"")


def test_a_refusal_happens_once() -> None:
    files = MemoryFiles(fail_at=2, failure=FileStoreError)
    files.write("x", b"")
    with pytest.raises(FileStoreError):
        files.sync("x")
    files.sync("x")
    assert files.operations == 3
