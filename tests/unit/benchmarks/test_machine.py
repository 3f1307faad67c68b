# SPDX-License-Identifier: Apache-2.0
"""Conditions are measured, and leave nothing behind."""

from pathlib import Path

from benchmarks.machine import describe_machine, fdatasync_us


def test_every_condition_is_told(tmp_path: Path) -> None:
    told = describe_machine(tmp_path, seed=7, quick=True)
    assert (told["seed"], told["sizes"]) == (7, "quick")
    assert {"cpu", "cores", "memory_gib", "python", "sqlite", "file_system", "date"} <= set(told)
    assert all(value not in ("", None) for value in told.values())
    assert list(tmp_path.iterdir()) == []


def test_a_sync_takes_time(tmp_path: Path) -> None:
    assert 0 < fdatasync_us(tmp_path) < 1e6
