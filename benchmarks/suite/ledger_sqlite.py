# SPDX-License-Identifier: Apache-2.0
"""The ledger on SQLite: every transfer an order of its own, decided, kept, its outcome told."""

from collections.abc import Iterator
from contextlib import closing

from benchmarks.posting import REFUSED_IN, Posting
from benchmarks.registry import Sample, Stage, benchmark
from benchmarks.sqlite_ledger import open_ledger
from kerege.ledger.ledger import Ledger


@benchmark(
    "ledger.objects.sqlite",
    unit="transfers/s",
    group="posting",
    target=150_000,
    floor="floor.sqlite",
)
def ledger_objects_sqlite(stage: Stage) -> Iterator[Sample]:
    """Python objects in, Python objects out."""
    with closing(open_ledger(stage.folder / "ledger.db")) as ledger:
        yield _posting(stage, ledger).objects


@benchmark(
    "ledger.columns.sqlite",
    unit="transfers/s",
    group="posting",
    target=300_000,
    floor="floor.sqlite",
)
def ledger_columns_sqlite(stage: Stage) -> Iterator[Sample]:
    """Arrays in, arrays out."""
    with closing(open_ledger(stage.folder / "ledger.db")) as ledger:
        yield _posting(stage, ledger).columns


@benchmark(
    "ledger.objects.sqlite.refusals",
    unit="transfers/s",
    group="posting",
    floor="floor.sqlite",
)
def ledger_objects_sqlite_refusals(stage: Stage) -> Iterator[Sample]:
    """Objects, with refusals among them, which the rules must name."""
    with closing(open_ledger(stage.folder / "ledger.db")) as ledger:
        yield _posting(stage, ledger, refused_in=REFUSED_IN).objects


@benchmark(
    "ledger.columns.sqlite.refusals",
    unit="transfers/s",
    group="posting",
    floor="floor.sqlite",
)
def ledger_columns_sqlite_refusals(stage: Stage) -> Iterator[Sample]:
    """Arrays, with refusals among them, which the rules must name."""
    with closing(open_ledger(stage.folder / "ledger.db")) as ledger:
        yield _posting(stage, ledger, refused_in=REFUSED_IN).columns


def _posting(stage: Stage, ledger: Ledger, *, refused_in: int = 0) -> Posting:
    stage.conditions["durable"] = "WAL, synchronous=FULL, a commit per batch"
    return Posting(stage, ledger, batches=stage.size(60, quick=25), refused_in=refused_in)
