# SPDX-License-Identifier: Apache-2.0
"""What a benchmark is, and the list of all of them."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.postgres import Server

__all__ = ["Benchmark", "Sample", "Stage", "benchmark", "choose", "load_suite", "rate"]

Sample = Callable[[], float]
"""Takes one run and returns its figure, in the benchmark's unit."""


class PostgresSource(Protocol):
    """Gives the run's PostgreSQL server, starting it for the first who asks."""

    def __call__(self) -> Server: ...


@dataclass(frozen=True, slots=True)
class Stage:
    """What a benchmark is given: sizes, seed, an empty folder on a real disk, a server.

    `shared` is a folder for what takes minutes to make and serves several benchmarks of a run.
    """

    quick: bool
    seed: int
    folder: Path
    shared: Path
    postgres: PostgresSource
    conditions: dict[str, object] = field(default_factory=dict)

    def size(self, full: int, *, quick: int) -> int:
        """The size for this kind of run."""
        return quick if self.quick else full


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A named figure. Those of one `group` are run in turns, so that they meet the same machine.

    `target` is what is to be reached, in `unit`; `floor` is the benchmark that does the bare work,
    of which this one's figure is shown as a share. Rates are better high, times and sizes low.
    """

    id: str
    unit: str
    group: str
    open: Callable[[Stage], AbstractContextManager[Sample]]
    target: float | None = None
    floor: str | None = None
    lower_is_better: bool = False

    def reaches_target(self, value: float) -> bool | None:
        """Whether `value` is what was asked for; None if nothing was."""
        if self.target is None:
            return None
        return value <= self.target if self.lower_is_better else value >= self.target


_all: dict[str, Benchmark] = {}


def benchmark(
    name: str,
    *,
    unit: str,
    group: str,
    target: float | None = None,
    floor: str | None = None,
    lower_is_better: bool = False,
) -> Callable[[Callable[[Stage], Iterator[Sample]]], Callable[[Stage], Iterator[Sample]]]:
    """Register a generator that sets up, yields a `Sample`, and tears down."""

    def register(body: Callable[[Stage], Iterator[Sample]]) -> Callable[[Stage], Iterator[Sample]]:
        if name in _all:
            raise ValueError(f"two benchmarks are called {name}; rename one")
        opened = contextmanager(body)
        _all[name] = Benchmark(name, unit, group, opened, target, floor, lower_is_better)
        return body

    return register


def load_suite() -> dict[str, Benchmark]:
    """Import every file of `benchmarks/suite/`; return all benchmarks by id, in order of id."""
    suite = importlib.import_module("benchmarks.suite")
    for module in pkgutil.iter_modules(suite.__path__):
        importlib.import_module(f"{suite.__name__}.{module.name}")
    return dict(sorted(_all.items()))


def choose(known: dict[str, Benchmark], only: str) -> list[Benchmark]:
    """Those named in `only`, separated by commas: ids, or the part of an id before a dot.

    An empty `only` means all. Raises `LookupError` for a name that nothing bears.
    """
    chosen = set() if only else set(known)
    for name in filter(None, only.split(",")):
        found = {one for one in known if one == name or one.startswith(f"{name}.")}
        if not found:
            raise LookupError(f"no benchmark {name!r}; there are: {', '.join(known)}")
        chosen |= found
    return [known[name] for name in known if name in chosen]


def rate(count: int, seconds: float) -> float:
    """How many a second."""
    return count / seconds
