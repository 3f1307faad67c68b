# SPDX-License-Identifier: Apache-2.0
"""Ledgers in SQLite files, and one of millions of accounts made once a run for all who need it."""

import time
from pathlib import Path

from benchmarks.harness import say
from benchmarks.registry import Stage
from benchmarks.workload import open_accounts
from kerege.ledger.ledger import Ledger
from kerege.ledger.stores.sqlite import SqliteStore
from kerege.runtime import SystemClock

__all__ = ["large_ledger", "open_ledger"]


def open_ledger(path: Path) -> Ledger:
    """A ledger in this file, by the machine's clock."""
    return Ledger(SqliteStore(path), SystemClock().now_us)


def large_ledger(stage: Stage, accounts: int) -> Path:
    """The file of a closed ledger of `accounts` accounts and no transfer but who asked added."""
    path = stage.shared / f"ledger-{accounts}.db"
    if not path.exists():
        start = time.perf_counter()
        ledger = open_ledger(path)
        open_accounts(ledger, accounts, progress=say)
        ledger.close()
        say(f"{accounts:,} accounts opened in {time.perf_counter() - start:.0f} s")
    return path
