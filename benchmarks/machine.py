# SPDX-License-Identifier: Apache-2.0
"""The conditions every figure shares: machine, versions, disk, date."""

import os
import platform
import re
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

import apsw

__all__ = ["describe_machine", "fdatasync_us"]

SYNCS = 200
"""Enough for a steady median; less than a second on a slow disk."""

BLOCK_BYTES = 4_096


def describe_machine(folder: Path, *, seed: int, quick: bool) -> dict[str, object]:
    """Conditions by name. `folder` is where the databases of the run lie."""
    return {
        "cpu": _cpu_model(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "kernel": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "sqlite": f"{apsw.sqlite_lib_version()} (apsw {apsw.apsw_version()})",
        "file_system": _file_system(folder),
        "fdatasync_us": round(fdatasync_us(folder)),
        "load_1min": round(os.getloadavg()[0], 2),
        "seed": seed,
        "sizes": "quick" if quick else "full",
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }


def fdatasync_us(folder: Path) -> float:
    """The median time in microseconds to write a block at a file's end and have it on disk."""
    path = folder / f"fdatasync-{os.getpid()}"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        return statistics.median(_one_sync_us(handle) for _ in range(SYNCS))
    finally:
        os.close(handle)
        path.unlink()


def _one_sync_us(handle: int) -> float:
    start = time.perf_counter()
    os.write(handle, bytes(BLOCK_BYTES))
    os.fdatasync(handle)
    return (time.perf_counter() - start) * 1e6


def _cpu_model() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.M)
    except OSError:
        found = None
    return found[1] if found else platform.processor() or platform.machine()


def _file_system(folder: Path) -> str:
    """The type of the file system that holds `folder`: the mount with the longest path above it."""
    best, kind = Path("/"), "unknown"
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return kind
    for _, place, one, *_ in mounts:
        mount = Path(place)
        if folder.resolve().is_relative_to(mount) and len(mount.parts) >= len(best.parts):
            best, kind = mount, one
    return kind
