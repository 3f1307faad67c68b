# SPDX-License-Identifier: Apache-2.0
"""The command itself: exit codes, the table, the file."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from benchmarks import __main__ as command
from benchmarks.registry import Benchmark, Sample, Stage

Runner = Callable[..., Result]


def good(stage: Stage) -> Iterator[Sample]:
    assert list(stage.folder.iterdir()) == []
    stage.conditions["size"] = stage.size(100, quick=10)
    yield lambda: 150_000.0


def bad(stage: Stage) -> Iterator[Sample]:
    if stage.seed == 2026:
        raise OSError("no room")
    yield lambda: 1.0


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runner]:
    suite = {
        "a.good": Benchmark("a.good", "things/s", "one", contextmanager(good), 1e5, "b.good"),
        "b.good": Benchmark("b.good", "things/s", "one", contextmanager(good)),
        "c.bad": Benchmark("c.bad", "things/s", "one", contextmanager(bad)),
    }
    monkeypatch.setattr(command, "load_suite", lambda: suite)

    def invoke(*words: str) -> Result:
        output = ["--output", str(tmp_path / "bench.json"), "--folder", str(tmp_path)]
        return CliRunner().invoke(command.main, [*words, *output])

    yield invoke
    assert [one.name for one in tmp_path.iterdir()] in ([], ["bench.json"])


def test_figures_reach_the_table_and_the_file(run: Runner, tmp_path: Path) -> None:
    done = run("--quick", "--only", "a,b")
    assert done.exit_code == 0, done.output
    assert (
        "a.good  things/s  150 000  150 000  150 000  >= 100 000      yes      1.00     3"
        in done.stdout
    )
    assert "not run here" in done.stdout.lower()
    assert "fdatasync_us" in done.stdout
    first, second = json.loads((tmp_path / "bench.json").read_text())
    assert (first["value"], first["runs"], first["conditions"]["size"]) == (150_000.0, 3, 10)
    assert {"cpu", "cores", "memory_gib", "python", "sqlite", "seed"} <= set(second["conditions"])


def test_a_failure_is_told_and_ends_the_command_with_one(run: Runner, tmp_path: Path) -> None:
    done = run("--runs", "2")
    assert done.exit_code == 1
    assert "FAILED: OSError: no room" in done.stdout
    values = [one["value"] for one in json.loads((tmp_path / "bench.json").read_text())]
    assert values == [150_000.0, 150_000.0, None]


def test_an_unknown_name_ends_the_command_with_two(run: Runner) -> None:
    done = run("--only", "d")
    assert done.exit_code == 2
    assert "there are: a.good, b.good, c.bad" in done.output
