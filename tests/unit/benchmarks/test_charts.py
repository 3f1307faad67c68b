# SPDX-License-Identifier: Apache-2.0
"""Charts: the same figures give the same bytes."""

import json
from pathlib import Path

import pytest

pytest.importorskip("matplotlib")

from benchmarks.charts import ChartError, draw_all

WHERE = {"cpu": "fast", "cores": 2, "file_system": "ext4", "python": "CPython 3.11.7"}


def figures(path: Path) -> Path:
    rows = [
        {
            "id": f"floor.{number}",
            "value": None if number == 3 else 1_000.0 * number,
            "unit": "transfers/s",
            "target": 1_500.0 if number == 1 else None,
            "runs": 1,
            "conditions": WHERE | {"samples": [900.0 * number, 1_100.0 * number]},
        }
        for number in (1, 2, 3)
    ]
    alone = rows[0] | {"id": "alone", "unit": "s"}
    path.write_text(json.dumps([*rows, alone]), encoding="utf-8")
    return path


def test_the_same_figures_give_the_same_bytes(tmp_path: Path) -> None:
    source = figures(tmp_path / "bench.json")
    (first,) = draw_all(source, tmp_path / "one")
    (second,) = draw_all(source, tmp_path / "two")
    assert first.name == "benchmark-transfers-s.svg"
    assert first.read_bytes() == second.read_bytes()
    text = first.read_text(encoding="utf-8")
    assert "floor.1" in text
    assert "floor.3" not in text
    assert "<dc:date>" not in text


@pytest.mark.parametrize("content", [None, "", "{", "[1]", '[{"id": "a"}]', '{"a": 1}'])
def test_what_is_no_list_of_figures_is_refused(tmp_path: Path, content: str | None) -> None:
    source = tmp_path / "bench.json"
    if content is not None:
        source.write_text(content)
    with pytest.raises(ChartError, match="run `python -m benchmarks` first"):
        draw_all(source, tmp_path)
