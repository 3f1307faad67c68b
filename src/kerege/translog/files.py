# SPDX-License-Identifier: Apache-2.0
"""The few file operations a log needs, with their durability spelled out.

`Files` is our own interface to a file system; `DiskFiles` is the real one and
`memory_files.MemoryFiles` its twin, which can crash. Paths are relative, with `/`.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from kerege.errors import KeregeError
from kerege.translog.tiles import MissingFileError

__all__ = ["MAX_FILE_BYTES", "DiskFiles", "FileStoreError", "Files", "folders_of", "parent_of"]

MAX_FILE_BYTES = 32 * 1024 * 1024
"""Largest file read whole: twice the largest entry bundle."""


class FileStoreError(KeregeError):
    """The disk refused: full, read-only, not ours, or held by another process."""


class Files(Protocol):
    """A folder of files. All methods raise `FileStoreError` when the disk refuses."""

    def read(self, path: str, /) -> bytes:
        """Return a whole file; raises `MissingFileError` if there is none."""

    def names(self, folder: str, /) -> list[str]:
        """Return the sorted names in a folder; none if it does not exist."""

    def write(self, path: str, data: bytes, /) -> None:
        """Create or replace a file. After a crash it may hold anything."""

    def sync(self, path: str, /) -> None:
        """Return once the file's content survives a crash (not yet its name)."""

    def rename(self, source: str, target: str, /) -> None:
        """Replace `target` by `source` in one step. After a crash either may be seen."""

    def make_folder(self, path: str, /) -> bool:
        """Create one folder (its parent exists); return whether it was missing."""

    def sync_folder(self, path: str, /) -> None:
        """Return once the names in this folder (`""` is the root) survive a crash."""

    def remove(self, path: str, /) -> None:
        """Remove a file or an empty folder, or do nothing if there is none."""

    def lock(self) -> None:
        """Become the only writer, if not so already: two writers would fork the log."""


class DiskFiles:
    """`Files` below a folder of this machine."""

    def __init__(self, root: Path) -> None:
        """Use `root`; nothing is created before the first write."""
        self.root = root
        self._lock: int | None = None

    def read(self, path: str, /) -> bytes:
        """Return a whole file of at most `MAX_FILE_BYTES`."""
        try:
            with (self.root / path).open("rb") as file:
                data = file.read(MAX_FILE_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise MissingFileError("there is no such file", place=str(self.root / path)) from error
        except OSError as error:
            raise self._refused(path, error) from error
        if len(data) > MAX_FILE_BYTES:
            raise FileStoreError(
                f"larger than any file of a log ({MAX_FILE_BYTES} bytes)",
                place=str(self.root / path),
            )
        return data

    def names(self, folder: str, /) -> list[str]:
        """Return the sorted names in a folder; none if it does not exist."""
        try:
            return sorted(os.listdir(self.root / folder))  # noqa: PTH208 -- names, not paths
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise self._refused(folder, error) from error

    def write(self, path: str, data: bytes, /) -> None:
        """Create or replace a file, readable by all as a web server needs."""
        try:
            with open(f"{self.root}/{path}", "wb") as file:  # noqa: PTH123 -- hot
                file.write(data)
        except OSError as error:
            raise self._refused(path, error) from error

    def sync(self, path: str, /) -> None:
        """Flush a file to the disk (`fsync`)."""
        self._sync(path, os.O_RDONLY)

    def rename(self, source: str, target: str, /) -> None:
        """Replace `target` by `source` in one step."""
        try:
            os.replace(f"{self.root}/{source}", f"{self.root}/{target}")  # noqa: PTH105 -- hot
        except OSError as error:
            raise self._refused(target, error) from error

    def make_folder(self, path: str, /) -> bool:
        """Create one folder; return whether it was missing."""
        try:
            (self.root / path).mkdir()
        except FileExistsError:
            return False
        except OSError as error:
            raise self._refused(path, error) from error
        return True

    def sync_folder(self, path: str, /) -> None:
        """Flush a folder's names to the disk (`fsync`)."""
        self._sync(path, os.O_RDONLY | os.O_DIRECTORY)

    def remove(self, path: str, /) -> None:
        """Remove a file or an empty folder, or do nothing if there is none."""
        target = self.root / path
        try:
            with suppress(FileNotFoundError):
                if target.is_dir() and not target.is_symlink():
                    target.rmdir()
                else:
                    target.unlink()
        except OSError as error:
            raise self._refused(path, error) from error

    def lock(self) -> None:
        """Hold this folder until `unlock` or the end of the process.

        Raises `FileStoreError` if another process, or another `DiskFiles`, holds it, or the
        folder cannot be made or written.
        """
        if self._lock is not None:
            return
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.root / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise self._refused("", error) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            raise FileStoreError(
                "another process is writing this log",
                place=str(self.root),
                remedy="stop it first; one log has one writer",
            ) from error
        self._lock = lock

    def unlock(self) -> None:
        """Let another process write."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _sync(self, path: str, flags: int) -> None:
        try:
            descriptor = os.open(f"{self.root}/{path}", flags)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise self._refused(path, error) from error

    def _refused(self, path: str, error: OSError) -> FileStoreError:
        return FileStoreError(
            f"the disk refused: {error.strerror or error}", place=str(self.root / path)
        )


def parent_of(path: str) -> str:
    """Return the folder of `path`; the root is `""`."""
    return path.rpartition("/")[0]


def folders_of(path: str) -> list[str]:
    """Return the folders that `path` lies in, outermost first, without the root."""
    names = path.split("/")[:-1]
    return ["/".join(names[: depth + 1]) for depth in range(len(names))]
