# SPDX-License-Identifier: Apache-2.0
"""The page's figures are those of a run, and nothing else of it changes."""

from typing import Any

import pytest

from benchmarks.charts import ChartError
from benchmarks.page import BEGIN, END, fill_page

WHERE = {
    "cpu": "fast",
    "cores": 2,
    "memory_gib": 8,
    "kernel": "Linux 6",
    "python": "CPython 3.11.7",
    "sqlite": "3.54",
    "file_system": "ext4",
    "fdatasync_us": 90,
    "load_1min": 0.1,
    "load_1min_at_end": 2.0,
    "seed": 1,
    "sizes": "full",
    "date": "2026-11-22 07:00 UTC",
}


def row(value: float | None, **conditions: Any) -> dict[str, Any]:
    target = 1.5 if conditions.get("better") == "low" else None
    told = WHERE | conditions
    return {
        "id": "a.b",
        "unit": "s",
        "value": value,
        "target": target,
        "runs": 2,
        "conditions": told,
    }


def test_figures_stand_between_the_marks() -> None:
    page = f"# Before\n\n{BEGIN}\nold\n{END}\n\nAfter.\n"
    rows = [row(1.25, samples=[1.0, 1.5], better="low"), row(None, fault="OSError")]
    filled = fill_page(page, rows)
    assert filled.startswith(f"# Before\n\n{BEGIN}\n\ncpu fast, cores 2,")
    assert filled.endswith(f"\n{END}\n\nAfter.\n")
    assert "| `a.b` | s | 1.25 | 1 | 1.5 | ≤ 1.5 | 2 |\n" in filled
    assert "| `a.b` | s | - | - | - | - | 2 |\n" in filled
    assert "old" not in filled
    assert fill_page(filled, rows) == filled


@pytest.mark.parametrize("page", ["", BEGIN, f"{END} {BEGIN}"])
def test_a_page_without_marks_is_refused(page: str) -> None:
    with pytest.raises(ChartError, match="no marks"):
        fill_page(page, [row(1.0)])
