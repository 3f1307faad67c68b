# SPDX-License-Identifier: Apache-2.0
"""A file system in memory that can fail at any operation and lose what was not flushed.

The twin of `files.DiskFiles`, for tests and simulations, ours and an integrator's. It knows what a
disk knows: the content of a file, and the names in a folder, survive a crash only once flushed;
before that either state may be found, and an unflushed file may hold anything.
"""

from dataclasses import dataclass, field
from threading import RLock

from kerege.runtime.randomness import Randomness
from kerege.translog.files import FileStoreError, parent_of
from kerege.translog.tiles import MissingFileError

__all__ = ["CrashError", "MemoryFiles"]


class CrashError(Exception):
    """The machine stopped: nothing may catch this but the test that asked for it."""


@dataclass(slots=True)
class _Node:
    """A file, or a folder where `data` is `None`."""

    data: bytes | None
    flushed: bytes | None = None


@dataclass
class MemoryFiles:
    """`Files` in memory.

    `fail_at` counts write operations from 1: that one raises `failure`, before having its effect
    or, with `persist_failure`, after it ("failed but persisted"). After a `CrashError` every
    further write operation raises it too: the machine has stopped.
    """

    fail_at: int = 0
    persist_failure: bool = False
    failure: type[Exception] = CrashError
    operations: int = 0
    _live: dict[str, _Node] = field(default_factory=dict)
    _durable: dict[str, _Node] = field(default_factory=dict)
    _turn: RLock = field(default_factory=RLock)

    def read(self, path: str, /) -> bytes:
        """Return a whole file."""
        node = self._live.get(path)
        if node is None or node.data is None:
            raise MissingFileError("there is no such file", place=path)
        return node.data

    def names(self, folder: str, /) -> list[str]:
        """Return the sorted names in a folder."""
        return sorted(path.rpartition("/")[2] for path in self._live if parent_of(path) == folder)

    def paths(self) -> list[str]:
        """Return the paths of all files, sorted."""
        return sorted(path for path, node in self._live.items() if node.data is not None)

    def write(self, path: str, data: bytes, /) -> None:
        """Create or replace a file."""
        with self._turn:
            late = self._operation()
            self._need_folder(path)
            known = self._live.get(path)
            if known is None:
                self._live[path] = _Node(data, flushed=b"")
            else:
                known.data = data
            self._fail(late)

    def sync(self, path: str, /) -> None:
        """Flush a file's content."""
        with self._turn:
            late = self._operation()
            node = self._live[path]
            node.flushed = node.data
            self._fail(late)

    def rename(self, source: str, target: str, /) -> None:
        """Replace `target` by `source`."""
        with self._turn:
            late = self._operation()
            self._live[target] = self._live.pop(source)
            self._fail(late)

    def make_folder(self, path: str, /) -> bool:
        """Create one folder."""
        with self._turn:
            if path in self._live:
                return False
            late = self._operation()
            self._need_folder(path)
            self._live[path] = _Node(None)
            self._fail(late)
            return True

    def sync_folder(self, path: str, /) -> None:
        """Flush a folder's names."""
        with self._turn:
            late = self._operation()
            for name in {*self._live, *self._durable}:
                if parent_of(name) == path:
                    _settle(name, self._live, self._durable)
            self._fail(late)

    def remove(self, path: str, /) -> None:
        """Remove a file or a folder."""
        with self._turn:
            if path in self._live:
                late = self._operation()
                del self._live[path]
                self._fail(late)

    def lock(self) -> None:
        """Do nothing: memory has no second process."""

    def after_crash(self, randomness: Randomness) -> "MemoryFiles":
        """Return what a machine finds when it starts again: each unflushed change by chance."""
        found = dict(self._durable)
        for path in sorted({*self._live, *self._durable}):
            if self._live.get(path) is not self._durable.get(path) and _pick(2, randomness):
                _settle(path, self._live, found)
        nodes = {
            path: _Node(data := _found_data(node, randomness), flushed=data)
            for path, node in sorted(found.items())
            if _is_reachable(path, found)
        }
        return MemoryFiles(_live=nodes, _durable=dict(nodes))

    def _operation(self) -> bool:
        # Returns whether this operation fails after its effect.
        self.operations += 1
        if self.operations > self.fail_at > 0 and self.failure is CrashError:
            raise CrashError("the machine has stopped")
        if self.operations != self.fail_at:
            return False
        self._fail(not self.persist_failure)
        return True

    def _fail(self, now: bool) -> None:
        if now:
            raise self.failure(f"failed at operation {self.operations}")

    def _need_folder(self, path: str) -> None:
        folder = parent_of(path)
        if folder and (folder not in self._live or self._live[folder].data is not None):
            raise FileStoreError("the disk refused: no such folder", place=path)


def _settle(path: str, source: dict[str, _Node], target: dict[str, _Node]) -> None:
    if path in source:
        target[path] = source[path]
    else:
        target.pop(path, None)


def _is_reachable(path: str, found: dict[str, _Node]) -> bool:
    folder = parent_of(path)
    while folder:
        if folder not in found:
            return False
        folder = parent_of(folder)
    return True


def _found_data(node: _Node, randomness: Randomness) -> bytes | None:
    if node.data is None or node.data == node.flushed:
        return node.data
    torn = node.data[: _pick(len(node.data) + 1, randomness)]
    found = (node.data, node.flushed or b"", torn, bytes(len(node.data)))
    return found[_pick(len(found), randomness)]


def _pick(choices: int, randomness: Randomness) -> int:
    return int.from_bytes(randomness.draw(4)) % choices
