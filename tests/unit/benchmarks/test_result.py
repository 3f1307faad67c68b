# SPDX-License-Identifier: Apache-2.0
"""The statistics, and the shape of the JSON."""

import json
from contextlib import nullcontext
from pathlib import Path

import pytest

from benchmarks.registry import Benchmark
from benchmarks.result import Result, ratio_to_floor, write_json


def result(name: str, samples: list[float], *, floor: str | None = None) -> Result:
    one = Benchmark(name, "things/s", "one", lambda _: nullcontext(lambda: 0.0), 9.0, floor)
    return Result(one, {"batch": 7}, samples)


@pytest.mark.parametrize(
    ("samples", "median", "spread"),
    [
        ([3.0], 3.0, (3.0, 3.0)),
        ([9.0, 1.0, 2.0], 2.0, (1.0, 9.0)),
        ([4.0, 1.0, 2.0, 9.0], 3.0, (1.0, 9.0)),
        ([], None, None),
    ],
)
def test_middle_and_spread(
    samples: list[float], median: float | None, spread: tuple[float, float] | None
) -> None:
    one = result("a", samples)
    assert (one.median, one.spread) == (median, spread)


def test_a_share_of_the_floor_needs_both() -> None:
    floor, one = result("floor", [4.0]), result("a", [3.0], floor="floor")
    assert ratio_to_floor(one, [floor, one]) == 0.75
    assert ratio_to_floor(one, [one]) is None
    assert ratio_to_floor(floor, [floor, one]) is None
    floor.fault = "broken"
    assert ratio_to_floor(one, [floor, one]) is None


def test_the_json_is_a_list_of_figures(tmp_path: Path) -> None:
    failed = result("b", [1.0])
    failed.fault = "OSError: no room"
    path = tmp_path / "build" / "bench.json"
    write_json([result("a", [9.0, 1.0, 2.0]), failed], {"cpu": "fast", "batch": 0}, path)
    assert json.loads(path.read_text(encoding="utf-8")) == [
        {
            "id": "a",
            "value": 2.0,
            "unit": "things/s",
            "target": 9.0,
            "runs": 3,
            "conditions": {
                "cpu": "fast",
                "batch": 7,
                "better": "high",
                "samples": [9.0, 1.0, 2.0],
            },
        },
        {
            "id": "b",
            "value": None,
            "unit": "things/s",
            "target": 9.0,
            "runs": 1,
            "conditions": {"cpu": "fast", "batch": 7, "fault": "OSError: no room"},
        },
    ]
