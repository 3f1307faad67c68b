# SPDX-License-Identifier: Apache-2.0
"""Benchmarks take turns, and one that fails stops none of the others."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from benchmarks.harness import postgres_source, run_all, scratch_folder
from benchmarks.registry import Benchmark, Sample, Stage
from tests.postgres import Server, installations

Body = Callable[[Stage], Iterator[Sample]]


def no_server() -> Server:
    raise AssertionError("nobody asked for a server")


def staged(_: Benchmark) -> Stage:
    return Stage(quick=True, seed=1, folder=Path(), shared=Path(), postgres=no_server)


def make(name: str, body: Body, *, group: str = "one") -> Benchmark:
    return Benchmark(name, "things/s", group, contextmanager(body))


def steady(log: list[str], name: str) -> Body:
    def body(stage: Stage) -> Iterator[Sample]:
        stage.conditions["size"] = stage.size(100, quick=10)

        def sample() -> float:
            log.append(name)
            return 5.0

        log.append(f"{name} opens")
        yield sample
        log.append(f"{name} closes")

    return body


def test_a_group_is_sampled_in_turns() -> None:
    log: list[str] = []
    chosen = [make("a", steady(log, "a")), make("b", steady(log, "b"))]
    results = run_all(chosen, 2, staged)
    assert log == ["a opens", "b opens", "a", "b", "a", "b", "b closes", "a closes"]
    assert [(one.median, one.conditions) for one in results] == [(5.0, {"size": 10})] * 2


def test_groups_follow_each_other() -> None:
    log: list[str] = []
    chosen = [make("a", steady(log, "a"), group="z"), make("b", steady(log, "b"), group="y")]
    run_all(chosen, 1, staged)
    assert log == ["b opens", "b", "b closes", "a opens", "a", "a closes"]


def fails_to_open(stage: Stage) -> Iterator[Sample]:
    if stage.quick:
        raise OSError("no room")
    yield lambda: 1.0


def fails_to_sample(_: Stage) -> Iterator[Sample]:
    yield lambda: 1 / 0


def fails_to_close(_: Stage) -> Iterator[Sample]:
    yield lambda: 1.0
    raise OSError("stuck")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (fails_to_open, "OSError: no room"),
        (fails_to_sample, "ZeroDivisionError: division by zero"),
        (fails_to_close, "OSError: stuck"),
    ],
)
def test_one_failure_is_a_result_and_the_others_run(
    body: Body, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log: list[str] = []
    chosen = [make("a", steady(log, "a")), make("bad", body), make("c", steady(log, "c"))]
    first, bad, last = run_all(chosen, 2, staged)
    assert (bad.fault, bad.median, bad.spread) == (fault, None, None)
    assert (first.samples, last.samples) == ([5.0, 5.0], [5.0, 5.0])
    assert log[-2:] == ["c closes", "a closes"]
    out, err = capsys.readouterr()
    assert out == ""
    assert "bad: FAILED" in err
    assert "a: run 2 of 2: 5 things/s" in err


def test_a_user_can_stop_the_run_and_all_is_closed() -> None:
    log: list[str] = []

    def stopped(_: Stage) -> Iterator[Sample]:
        def sample() -> float:
            raise KeyboardInterrupt

        try:
            yield sample
        finally:
            log.append("stopped closes")

    with pytest.raises(KeyboardInterrupt):
        run_all([make("a", stopped)], 1, staged)
    assert log == ["stopped closes"]


def test_the_server_of_a_run_is_one_and_durable() -> None:
    if not list(installations()):
        pytest.skip("no PostgreSQL 15 to 18 is installed")
    with postgres_source(scratch_folder()) as source:
        server = source()
        assert source() is server
        with psycopg.connect(server.maintenance_url) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                assert connection.execute(f"SHOW {setting}").fetchone() == ("on",)
