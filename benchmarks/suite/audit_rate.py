# SPDX-License-Identifier: Apache-2.0
"""A full audit from an export alone: every balance and the log's root recomputed."""

import resource
import time
from collections.abc import Iterator
from contextlib import closing

from benchmarks.registry import Sample, Stage, benchmark, rate
from benchmarks.rows import ACCOUNTS, BATCH
from benchmarks.sqlite_ledger import open_ledger
from benchmarks.workload import Workload, open_accounts, post_all
from kerege.centralbank import audit_export
from kerege.ledger.exporting import export_lines
from kerege.ledger.stores.sqlite import SqliteStore
from kerege.translog import salt_for

SALT_KEY = bytes(32)


class WrongReportError(Exception):
    """The audit recomputed another number of transfers than there are."""


def _children_cpu_s() -> float:
    """Of processes that have ended: the second one's, with its start."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@benchmark("audit.rate", unit="transfers/s", group="audit", target=200_000)
def audit_rate(stage: Stage) -> Iterator[Sample]:
    """By the clock, with the second process's start and the reading of the file."""
    batches = stage.size(122, quick=25)
    transfers = batches * BATCH
    path, export = stage.folder / "ledger.db", stage.folder / "ledger.jsonl"
    with closing(open_ledger(path)) as ledger:
        open_accounts(ledger, ACCOUNTS)
        workload = Workload(stage.seed, ACCOUNTS)
        post_all(ledger.post_columns, [workload.columns() for _ in range(batches)])
    start = time.perf_counter()
    with (
        closing(SqliteStore(path)) as store,
        store.snapshot() as snapshot,
        export.open("wb") as file,
    ):
        file.writelines(export_lines(snapshot, salt_of=lambda one: salt_for(SALT_KEY, one)))
    stage.conditions.update(
        {
            "accounts": ACCOUNTS,
            "transfers": transfers,
            "processes": "two: one recomputes the books, one the log's root",
            "export_mib": round(export.stat().st_size / 2**20),
            "exported_per_s": round(rate(transfers, time.perf_counter() - start)),
        }
    )

    cpu: dict[str, list[float]] = {"books": [], "root": []}
    stage.conditions["cpu_us_per_transfer"] = cpu

    def sample() -> float:
        start, own, others = time.perf_counter(), time.process_time(), _children_cpu_s()
        report = audit_export(export)
        seconds = time.perf_counter() - start
        cpu["books"].append(round((time.process_time() - own) / transfers * 1e6, 2))
        cpu["root"].append(round((_children_cpu_s() - others) / transfers * 1e6, 2))
        if report.books.transfers != transfers:
            raise WrongReportError(f"{report.books.transfers} transfers, not {transfers}")
        return rate(transfers, seconds)

    yield sample
