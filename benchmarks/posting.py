# SPDX-License-Identifier: Apache-2.0
"""Runs of posting to a ledger: batches built before the clock starts, outcomes checked after it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.registry import Stage, rate
from benchmarks.rows import ACCOUNTS, BATCH
from benchmarks.workload import (
    OVERDRAFT,
    SUBMITTERS,
    Spent,
    Workload,
    open_accounts,
    orders_of,
    post_all,
)
from kerege.ledger.ledger import Ledger
from kerege.ledger.request import Columns

__all__ = ["REFUSED_IN", "Posting", "WrongOutcomesError", "unseen_by_collector"]

REFUSED_IN = 100
"""For runs with refusals: one order in so many asks for more than its account may spend."""


class WrongOutcomesError(Exception):
    """The ledger refused, or accepted, another number of orders than it had to."""


class Posting:
    """A ledger of `ACCOUNTS` accounts and the orders still to be posted to it."""

    def __init__(self, stage: Stage, ledger: Ledger, *, batches: int, refused_in: int = 0) -> None:
        """Open the accounts, and tell the conditions."""
        open_accounts(ledger, ACCOUNTS)
        self._ledger = ledger
        self._workload = Workload(stage.seed, ACCOUNTS, refused_in=refused_in)
        self._batches = batches
        self._conditions = stage.conditions
        stage.conditions.update(
            {
                "accounts": ACCOUNTS,
                "batch": BATCH,
                "batches": batches,
                "orders": "one plain transfer each, uniformly random accounts, built beforehand",
                "refused": f"1 in {refused_in}, for want of money" if refused_in else "none",
                "submitters": f"{SUBMITTERS} threads, so that writing overlaps deciding",
            }
        )

    def objects(self) -> float:
        """One run from objects; transfers a second."""
        batches = [self._workload.columns() for _ in range(self._batches)]
        orders = [orders_of(columns) for columns in batches]
        with unseen_by_collector():
            posted, spent = post_all(self._ledger.post, orders)
        refused = sum(not outcome.accepted for outcomes in posted for outcome in outcomes)
        return self._rate(batches, refused, spent)

    def columns(self) -> float:
        """One run from arrays; transfers a second."""
        batches = [self._workload.columns() for _ in range(self._batches)]
        with unseen_by_collector():
            posted, spent = post_all(self._ledger.post_columns, batches)
        refused = sum(int((outcomes.refusal != 0).sum()) for outcomes in posted)
        return self._rate(batches, refused, spent)

    def _rate(self, batches: list[Columns], refused: int, spent: Spent) -> float:
        expected = sum(int((columns.amount > OVERDRAFT).sum()) for columns in batches)
        if refused != expected:
            raise WrongOutcomesError(f"{refused} orders refused, not {expected}")
        transfers = self._batches * BATCH
        cpu = self._conditions.setdefault("cpu_us_per_transfer", [])
        assert isinstance(cpu, list)
        cpu.append(round(spent.cpu_s / transfers * 1e6, 2))
        return rate(transfers, spent.wall_s)


@contextmanager
def unseen_by_collector() -> Iterator[None]:
    """Hide what was built beforehand from the garbage collector: it is not the ledger's to walk."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
