# SPDX-License-Identifier: Apache-2.0
"""Payments over HTTP: wallet to bank to core and back, everything on this machine."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

from benchmarks.country import kerege, opened_country, settled
from benchmarks.registry import Sample, Stage, benchmark

LANES = 64
_PEOPLE = 100


def _country(stage: Stage) -> AbstractContextManager[object]:
    return opened_country(stage.folder / "country", "--people", str(_PEOPLE), "--pace", "0")


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
            options = ("--rate", "5", "--seconds", str(seconds), "--mix", "pay")
            told = kerege("load", "--folder", str(folder), *options)
            stage.conditions["p99_ms"] = told["p99_ms"]
            return float(told["p50_ms"])

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
            options = ("--rate", "0", "--lanes", str(LANES), "--seconds", str(seconds))
            told = kerege("load", "--folder", str(folder), *options, "--mix", "pay")
            stage.conditions["p50_ms"], stage.conditions["p99_ms"] = told["p50_ms"], told["p99_ms"]
            return float(told["per_s"])

        yield sample
