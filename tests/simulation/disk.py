# SPDX-License-Identifier: Apache-2.0
"""A disk under SQLite that loses power, tears writes, fails and fills up, by one random generator.

The model: what was synced survives; of writes since, each 512-byte sector survives or not on its
own; a deleted file may come back until the folder is next synced, as it is with the first sync
of a new journal. A failed sync may have reached
the disk, or may have lost the data for good although later reads still see it, as Linux does.
"""

import random
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

__all__ = ["Disk", "PowerCut"]

SECTOR_BYTES = 512

FAULTS = ("write fails", "write fails half done", "disk full", "sync fails", "sync fails late")


class PowerCut(apsw.IOError):
    """The machine stopped."""


@dataclass(slots=True)
class _File:
    """What the disk holds for certain, and the writes since: offset and data, or a new size."""

    durable: bytearray
    unsynced: list[tuple[int, bytes] | int] = field(default_factory=list)


class Disk:
    """One machine's disk. Each restart gets a new folder with what survived."""

    def __init__(self, root: Path, rng: random.Random) -> None:
        self.root, self.rng = root, rng
        self.generation = 0
        self.counts: Counter[str] = Counter()
        self.is_off = False
        self.quiet = False
        self.cut_in = self.fault_in = 0
        self._files: dict[str, _File] = {}
        self._deleted: dict[str, bytes] = {}
        self.folder.mkdir(parents=True)
        self._vfs = _Vfs(self)

    @property
    def folder(self) -> Path:
        return self.root / f"boot{self.generation}"

    def remove(self) -> None:
        """Give SQLite its own file system back."""
        apsw.set_default_vfs("unix")
        self._vfs.unregister()
        shutil.rmtree(self.root, ignore_errors=True)

    def restart(self) -> None:
        """Power comes back: a new folder holds what survived."""
        before = self.folder
        self.generation += 1
        self.folder.mkdir()
        mode = self.rng.choice(("nothing", "everything", "some", "some"))
        images = {name: self._survives(file, mode) for name, file in self._files.items()}
        for name, image in self._deleted.items():
            if self.rng.random() < 0.5:
                images.setdefault(name, image)
        for name, image in images.items():
            (self.folder / name).write_bytes(image)
        self._files, self._deleted = {}, {}
        self.is_off = False
        self.cut_in = self.fault_in = 0
        shutil.rmtree(before)

    def _survives(self, file: _File, mode: str) -> bytes:
        image = bytearray(file.durable)
        for change in file.unsynced:
            if mode == "nothing":
                continue
            if isinstance(change, int):
                if mode == "everything" or self.rng.random() < 0.5:
                    del image[change:]
                continue
            offset, data = change
            fate = "whole" if mode == "everything" else self.rng.choice(("whole", "lost", "torn"))
            if fate == "whole":
                _put(image, offset, data)
            elif fate == "torn":
                self._tear(image, offset, data)
        return bytes(image)

    def _tear(self, image: bytearray, offset: int, data: bytes) -> None:
        self.counts["torn"] += 1
        start = 0
        while start < len(data):
            end = start + SECTOR_BYTES - (offset + start) % SECTOR_BYTES
            if self.rng.random() < 0.5:
                _put(image, offset + start, data[start:end])
            start = end

    # -- what SQLite does to it --

    def opened(self, name: str) -> None:
        if name not in self._files:
            path = self.folder / name
            self._files[name] = _File(bytearray(path.read_bytes() if path.exists() else b""))

    def wrote(self, name: str, offset: int, data: bytes) -> str:
        fault = self._operation(FAULTS[:3])
        if fault != "write fails":
            kept = data[: len(data) // 2] if fault else data
            self._files[name].unsynced.append((offset, kept))
            self.counts["writes"] += 1
        return fault

    def truncated(self, name: str, size: int) -> None:
        self._operation(())
        self._files[name].unsynced.append(size)

    def synced(self, name: str) -> str:
        fault = self._operation(FAULTS[3:])
        file = self._files[name]
        if fault != "sync fails":
            for change in file.unsynced:
                if isinstance(change, int):
                    del file.durable[change:]
                else:
                    _put(file.durable, *change)
            if name.endswith(("-wal", "-journal")):
                # SQLite syncs the folder with the first sync of a new journal.
                self._deleted.clear()
        # A failed sync leaves the pages clean: no later sync will write them.
        file.unsynced.clear()
        self.counts["syncs"] += 1
        return fault

    def deleted(self, name: str) -> None:
        self._operation(())
        file = self._files.pop(name, None)
        if file is not None:
            self._deleted[name] = bytes(file.durable)

    def read(self) -> None:
        if self.is_off:
            raise PowerCut

    def _operation(self, faults: tuple[str, ...]) -> str:
        if self.is_off:
            raise PowerCut
        if self.quiet:
            return ""
        self.cut_in -= 1
        if self.cut_in == 0:
            self.is_off = True
            raise PowerCut
        self.fault_in -= 1
        if self.fault_in == 0:
            if not faults:
                self.fault_in = 1
                return ""
            fault = self.rng.choice(faults)
            self.counts[fault] += 1
            return fault
        return ""


def _put(image: bytearray, offset: int, data: bytes) -> None:
    if len(image) < offset:
        image.extend(bytes(offset - len(image)))
    image[offset : offset + len(data)] = data


class _Vfs(apsw.VFS):
    """SQLite's own file system, watched."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        super().__init__("simulated-disk", "unix", makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> "_VfsFile":  # noqa: N802 -- SQLite's name
        return _VfsFile(self._disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self._disk.deleted(Path(filename).name)
        super().xDelete(filename, syncdir)


class _VfsFile(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        path = name.filename() if hasattr(name, "filename") else name
        self._disk, self._name = disk, Path(path or "temporary").name
        super().__init__("unix", name, flags)
        disk.opened(self._name)

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        self._disk.read()
        return super().xRead(amount, offset)

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: N802
        data = bytes(data)
        fault = self._disk.wrote(self._name, offset, data)
        if fault == "write fails half done":
            super().xWrite(data[: len(data) // 2], offset)
        if fault == "disk full":
            raise apsw.FullError("the simulated disk is full")
        if fault:
            raise apsw.IOError(fault)
        super().xWrite(data, offset)

    def xLock(self, level: int) -> None:  # noqa: N802
        # Said again here so that apsw tells "busy" from a failing disk.
        super().xLock(level)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._disk.truncated(self._name, newsize)
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        if self._disk.synced(self._name):
            raise apsw.IOError("sync failed")
