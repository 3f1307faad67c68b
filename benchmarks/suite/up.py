# SPDX-License-Identifier: Apache-2.0
"""A whole country on one machine: how soon somebody pays in it, and how much memory it takes."""

import itertools
import time
from collections.abc import Iterator

from benchmarks.country import cpu_s, kerege, opened_country, settled
from benchmarks.registry import Sample, Stage, benchmark

GIB = 2**30
_REST_S = 5.0
"""For what was busy to come to rest."""


@benchmark("up.first_payment", unit="s", group="up", target=10, lower_is_better=True)
def first_payment(stage: Stage) -> Iterator[Sample]:
    """Seconds from the command to the first accepted payment, in a new country each time."""
    people = stage.size(1_000, quick=100)
    stage.conditions.update(
        {
            "people": people,
            "what": "from `kerege up` in an empty folder to the first accepted payment: keys made,"
            " core founded, five institutions licensed, money issued; wall clock, start of Python"
            " included, libraries on the disk's cache",
        }
    )
    numbers = itertools.count()

    def sample() -> float:
        folder = stage.folder / f"country-{next(numbers)}"
        start = time.monotonic()
        with opened_country(folder, "--people", str(people), "--pace", "0") as told:
            whole_s = time.monotonic() - start
            waited = stage.conditions.setdefault("told_by_the_command_s", [])
            assert isinstance(waited, list)
            waited.append(told["open_s"])
            return whole_s

    yield sample


@benchmark("up.memory", unit="GiB", group="up", target=1, lower_is_better=True)
def memory(stage: Stage) -> Iterator[Sample]:
    """Memory of all processes of a country in which everybody has joined and nobody pays."""
    people = stage.size(1_000, quick=50)
    stage.conditions.update(
        {
            "people": people,
            "what": "proportional set size of every process `kerege status` shows, the process that"
            " others are forked from and `kerege up` itself included",
        }
    )
    folder = stage.folder / "country"
    with opened_country(folder, "--people", str(people), "--pace", "0"):
        settled(folder)
        time.sleep(_REST_S)

        def sample() -> float:
            told = kerege("status", "--folder", str(folder))
            stage.conditions["by_process_mib"] = {
                one["name"]: round(one["memory_bytes"] / 2**20) for one in told["processes"]
            }
            return float(told["memory_bytes"]) / GIB

        yield sample


@benchmark("up.rest", unit="% of a core", group="up", target=5, lower_is_better=True)
def rest(stage: Stage) -> Iterator[Sample]:
    """CPU of a country in which everybody has joined and nobody pays."""
    people = stage.size(1_000, quick=50)
    seconds = stage.size(30, quick=5)
    stage.conditions.update({"people": people, "what": f"user and system time in {seconds} s"})
    folder = stage.folder / "country"
    with opened_country(folder, "--people", str(people), "--pace", "0"):
        settled(folder)
        time.sleep(_REST_S)

        def sample() -> float:
            before, start = cpu_s(folder), time.monotonic()
            time.sleep(seconds)
            after, whole_s = cpu_s(folder), time.monotonic() - start
            taken = {name: 100 * (after[name] - before[name]) / whole_s for name in after}
            stage.conditions["by_process"] = {name: round(one, 2) for name, one in taken.items()}
            return sum(taken.values())

        yield sample
