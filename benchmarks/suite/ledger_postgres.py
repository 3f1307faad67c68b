# SPDX-License-Identifier: Apache-2.0
"""The ledger on PostgreSQL, on the server and with the settings that its floor has.

No target: none was set. What it costs to be a ledger there shows in the share of the floor.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from benchmarks.harness import POSTGRES_SETTINGS
from benchmarks.posting import Posting
from benchmarks.registry import Sample, Stage, benchmark
from kerege.ledger.ledger import Ledger
from kerege.ledger.stores.postgres import PostgresStore
from kerege.runtime import SystemClock


@benchmark("ledger.objects.postgres", unit="transfers/s", group="posting", floor="floor.postgres")
def ledger_objects_postgres(stage: Stage) -> Iterator[Sample]:
    """Python objects in, Python objects out."""
    with _posting(stage) as posting:
        yield posting.objects


@benchmark("ledger.columns.postgres", unit="transfers/s", group="posting", floor="floor.postgres")
def ledger_columns_postgres(stage: Stage) -> Iterator[Sample]:
    """Arrays in, arrays out."""
    with _posting(stage) as posting:
        yield posting.columns


@contextmanager
def _posting(stage: Stage) -> Iterator[Posting]:
    server = stage.postgres()
    stage.conditions.update(
        {
            "postgres": f"{server.version} ({server.origin})",
            "settings": " ".join(f"{name}={value}" for name, value in POSTGRES_SETTINGS.items()),
        }
    )
    with (
        server.fresh_database() as url,
        closing(PostgresStore(url, place="the benchmark's database")) as store,
    ):
        ledger = Ledger(store, SystemClock().now_us)
        yield Posting(stage, ledger, batches=stage.size(30, quick=6))
