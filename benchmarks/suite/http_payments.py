# SPDX-License-Identifier: Apache-2.0
"""Payments over HTTP: wallet to bank to core and back, everything on this machine."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from benchmarks.country import cpu_s, kerege, opened_country, settled
from benchmarks.registry import Sample, Stage, benchmark

LANES = 64
_PEOPLE = 100


def _country(stage: Stage) -> AbstractContextManager[object]:
    return opened_country(stage.folder / "country", "--people", str(_PEOPLE), "--pace", "0")


def _load(stage: Stage, folder: Path, rate: str, seconds: int) -> dict[str, Any]:
    """A load of payments; what they took of each process goes to the conditions, for it depends
    less on what else the machine does than waits do."""
    options = ("--folder", str(folder), "--lanes", str(LANES), "--mix", "pay")
    # Signing in is no part of it; sign-ins are kept for the next time.
    kerege("load", *options, "--rate", "0", "--seconds", "1")
    before = cpu_s(folder)
    told = kerege("load", *options, "--rate", rate, "--seconds", str(seconds))
    after = cpu_s(folder)
    paid = sum(told["outcomes"].values()) or 1
    taken = {name: round(1e6 * (after[name] - before[name]) / paid) for name in after}
    stage.conditions["cpu_us_a_payment"] = {
        **taken,
        "load generator": round(1e6 * told["own_cpu_s"] / paid),
    }
    stage.conditions["p50_ms"], stage.conditions["p99_ms"] = told["p50_ms"], told["p99_ms"]
    stage.conditions["load_average"] = round(os.getloadavg()[0], 1)
    return told


@benchmark("http.p50", unit="ms", group="http", target=10, lower_is_better=True)
def p50(stage: Stage) -> Iterator[Sample]:
    """The middle wait of payments that come one at a time."""
    seconds = stage.size(20, quick=5)
    stage.conditions.update(
        {
            "load": f"5 payments/s for {seconds} s: signed, handed to the payer's"
            " bank, decided by the core, durable on SQLite, answered",
            "people": _PEOPLE,
        }
    )
    folder = stage.folder / "country"
    with _country(stage):
        settled(folder)

        def sample() -> float:
            return float(_load(stage, folder, "5", seconds)["p50_ms"])

        yield sample


@benchmark("http.rate", unit="payments/s", group="http", target=2_000)
def rate(stage: Stage) -> Iterator[Sample]:
    """Payments a second with 64 waiting for their answer at any time."""
    seconds = stage.size(20, quick=5)
    stage.conditions.update(
        {
            "load": f"{LANES} connections for {seconds} s, shared by five banks; the load generator"
            " signs, and shares the machine with the country",
            "people": _PEOPLE,
        }
    )
    folder = stage.folder / "country"
    with _country(stage):
        settled(folder)

        def sample() -> float:
            return float(_load(stage, folder, "0", seconds)["per_s"])

        yield sample
