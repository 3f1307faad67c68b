# SPDX-License-Identifier: Apache-2.0
"""What came of a benchmark: its samples, their middle, or why there is none."""

import json
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.registry import Benchmark

__all__ = ["Result", "ratio_to_floor", "write_json"]


@dataclass(slots=True)
class Result:
    """A benchmark with the figures of its runs so far. A fault voids the figures."""

    benchmark: Benchmark
    conditions: dict[str, object] = field(default_factory=dict)
    samples: list[float] = field(default_factory=list)
    fault: str | None = None

    @property
    def median(self) -> float | None:
        """The middle of the samples; None if the benchmark failed."""
        if self.fault is not None or not self.samples:
            return None
        return statistics.median(self.samples)

    @property
    def spread(self) -> tuple[float, float] | None:
        """The least and the greatest sample; None if the benchmark failed."""
        if self.median is None:
            return None
        return min(self.samples), max(self.samples)


def ratio_to_floor(result: Result, results: Iterable[Result]) -> float | None:
    """The median as a share of its floor's, if both were run."""
    for other in results:
        if other.benchmark.id == result.benchmark.floor and result.median and other.median:
            return result.median / other.median
    return None


def write_json(results: Iterable[Result], machine: Mapping[str, object], path: Path) -> None:
    """Write the list of figures; a failed one is null, with its fault among the conditions."""
    rows = [
        {
            "id": result.benchmark.id,
            "value": result.median,
            "unit": result.benchmark.unit,
            "target": result.benchmark.target,
            "runs": len(result.samples),
            "conditions": {**machine, **result.conditions, **_evidence(result)},
        }
        for result in results
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _evidence(result: Result) -> dict[str, object]:
    if result.fault is not None:
        return {"fault": result.fault}
    better = "low" if result.benchmark.lower_is_better else "high"
    return {"better": better, "samples": result.samples}
