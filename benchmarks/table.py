# SPDX-License-Identifier: Apache-2.0
"""The table a person reads."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.peers import PEERS
from benchmarks.registry import Benchmark
from benchmarks.result import Result, ratio_to_floor

__all__ = ["figure", "print_table"]


def figure(value: float | None) -> str:
    """A number as a person reads it: four digits, or whole with groups of thousands."""
    if value is None:
        return "-"
    if abs(value) >= 1_000:
        return f"{round(value):,}".replace(",", " ")
    return f"{value:.4g}"


def print_table(results: Sequence[Result], machine: Mapping[str, object], console: Console) -> None:
    """Print conditions, figures, each benchmark's own conditions, faults and peers."""
    for name, value in machine.items():
        console.print(f"{name:>16}  {value}", highlight=False, markup=False, soft_wrap=True)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("id", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    for heading in ("median", "least", "most", "target", "reached", "of floor", "runs"):
        table.add_column(heading, justify="right", no_wrap=True)
    for result in results:
        table.add_row(*_cells(result, results))
    console.print()
    console.print(table)
    console.print("\nNot run here, as others measured them on a 2-core machine:")
    for peer in PEERS:
        console.print(f"  {peer.name}: {peer.figure} {peer.unit}", highlight=False, markup=False)
    console.print("\nConditions of each:")
    for result in results:
        console.print(
            f"  {result.benchmark.id}: {_told(result)}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )


def _told(result: Result) -> str:
    told = [f"{name} {value}" for name, value in result.conditions.items()]
    return "; ".join([*told, f"FAILED: {result.fault}"] if result.fault else told)


def _cells(result: Result, results: Sequence[Result]) -> list[str]:
    one = result.benchmark
    if result.fault is not None:
        return [one.id, one.unit, "FAILED", "-", "-", _target(one), "-", "-", "-"]
    least, most = result.spread or (None, None)
    share = ratio_to_floor(result, results)
    return [
        one.id,
        one.unit,
        figure(result.median),
        figure(least),
        figure(most),
        _target(one),
        _reached(result),
        "-" if share is None else f"{share:.2f}",
        str(len(result.samples)),
    ]


def _target(one: Benchmark) -> str:
    if one.target is None:
        return "-"
    return f"{'<=' if one.lower_is_better else '>='} {figure(one.target)}"


def _reached(result: Result) -> str:
    reached = None if result.median is None else result.benchmark.reaches_target(result.median)
    return {None: "-", True: "yes", False: "no"}[reached]
