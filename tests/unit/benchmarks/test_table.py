# SPDX-License-Identifier: Apache-2.0
"""What a person reads."""

import io
from contextlib import nullcontext

import pytest
from rich.console import Console

from benchmarks.registry import Benchmark
from benchmarks.result import Result
from benchmarks.table import figure, print_table


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (0.0, "0"),
        (0.00123456, "0.001235"),
        (1.5, "1.5"),
        (999.94, "999.9"),
        (1_000.4, "1 000"),
        (1_234_567.8, "1 234 568"),
    ],
)
def test_figures(value: float | None, text: str) -> None:
    assert figure(value) == text


def test_a_fault_stands_with_its_conditions() -> None:
    one = Benchmark("a.b", "ms", "one", lambda _: nullcontext(lambda: 0.0), 5.0)
    page = io.StringIO()
    failed = Result(one, {"size": 3}, [2.0], "OSError: no [room]")
    print_table([failed], {"cpu": "x" * 200}, Console(file=page, width=120))
    text = page.getvalue()
    assert "x" * 200 in text
    assert "a.b: size 3; FAILED: OSError: no [room]" in text
    assert "Not run here" in text
