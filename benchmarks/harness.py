# SPDX-License-Identifier: Apache-2.0
"""Run benchmarks in turns and outlive those that fail.

Benchmarks of one group are all set up first and then sampled A B A B, so that a machine that slows
down slows them alike.
"""

import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import groupby
from pathlib import Path

from benchmarks.registry import Benchmark, PostgresSource, Sample, Stage
from benchmarks.result import Result
from tests.postgres import DURABLE, Server, private_server

__all__ = ["POSTGRES_SETTINGS", "postgres_source", "run_all", "scratch_folder"]

POSTGRES_SETTINGS = {**DURABLE, "shared_buffers": "1GB", "max_wal_size": "8GB"}
"""Durable, with room for 100 k accounts in memory and no checkpoint inside a run."""

DISK = Path("/var/tmp")
"""On a disk by its definition, while /tmp may be in memory, where fsync costs nothing."""


def say(line: str) -> None:
    """Progress; the table alone goes to standard output."""
    print(line, file=sys.stderr, flush=True)


def scratch_folder() -> Path:
    """Where the databases of a run lie."""
    return DISK if DISK.is_dir() else Path(tempfile.gettempdir())


@contextmanager
def postgres_source(parent: Path) -> Iterator[PostgresSource]:
    """A durable server for the whole run, started only if a benchmark asks for it."""
    with ExitStack() as stack:
        started: list[Server] = []

        def source() -> Server:
            if not started:
                server = private_server(POSTGRES_SETTINGS, parent=parent)
                started.append(stack.enter_context(server))
            return started[0]

        yield source


def run_all(
    chosen: Sequence[Benchmark], runs: int, make_stage: Callable[[Benchmark], Stage]
) -> list[Result]:
    """`runs` samples of each benchmark, by groups. Failures are results too."""
    results = []
    ordered = sorted(chosen, key=lambda one: one.group)
    for _, group in groupby(ordered, key=lambda one: one.group):
        results += _run_group([Result(one) for one in group], runs, make_stage)
    return results


def _run_group(
    results: list[Result], runs: int, make_stage: Callable[[Benchmark], Stage]
) -> list[Result]:
    with ExitStack() as stack:
        opened = []
        for result in results:
            say(f"{result.benchmark.id}: setting up")
            with _outlived(result):
                stage = make_stage(result.benchmark)
                result.conditions = stage.conditions
                # A fault while closing is this benchmark's as well, not the end of the run.
                stack.enter_context(_outlived(result))
                opened.append((result, stack.enter_context(result.benchmark.open(stage))))
        for number in range(1, runs + 1):
            for result, sample in opened:
                if result.fault is None:
                    _take(result, sample, f"run {number} of {runs}")
    return results


def _take(result: Result, sample: Sample, label: str) -> None:
    with _outlived(result):
        figure = sample()
        result.samples.append(figure)
        say(f"{result.benchmark.id}: {label}: {figure:,.6g} {result.benchmark.unit}")


@contextmanager
def _outlived(result: Result) -> Iterator[None]:
    """Turn any failure into a fault of the result. This is a shell's edge: the others must run."""
    try:
        yield
    except Exception as fault:
        result.fault = result.fault or f"{type(fault).__name__}: {fault}"
        say(f"{result.benchmark.id}: FAILED\n{traceback.format_exc()}")
