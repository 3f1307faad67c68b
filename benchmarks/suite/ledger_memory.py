# SPDX-License-Identifier: Apache-2.0
"""Memory of a process that serves a large ledger, and how long it takes to start."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.registry import Sample, Stage, benchmark
from benchmarks.rows import BATCH
from benchmarks.sqlite_ledger import large_ledger

GIB_IN_KIB = 2**20


class ServerError(Exception):
    """The fresh process failed; the text is its own."""


@benchmark("memory.accounts10m", unit="GiB", group="memory", lower_is_better=True)
def memory_accounts10m(stage: Stage) -> Iterator[Sample]:
    """Resident memory after opening the ledger and posting a batch."""
    accounts = stage.size(10_000_000, quick=300_000)
    stage.conditions.update(
        {
            "accounts": accounts,
            "what": f"resident memory of a fresh process that opened the ledger and posted {BATCH}"
            " orders from columns; interpreter and libraries included",
        }
    )
    if stage.quick:
        stage.conditions["note"] = f"measured at {accounts} accounts, not extrapolated"
    path = large_ledger(stage, accounts)
    yield lambda: _sample(stage, path, accounts)


def _sample(stage: Stage, path: Path, accounts: int) -> float:
    command = [sys.executable, "-m", "benchmarks.served_ledger", str(path), str(accounts)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ServerError(done.stderr.strip()[-500:])
    told = json.loads(done.stdout)
    stage.conditions["start_up_s"] = told["start_up_s"]
    stage.conditions["peak_gib"] = round(told["peak_kib"] / GIB_IN_KIB, 3)
    return float(told["resident_kib"]) / GIB_IN_KIB
