# SPDX-License-Identifier: Apache-2.0
"""What a transfer costs in a large ledger, as a multiple of what it costs in a small one.

The cost that grows with the accounts is that of writing balances back: a ledger of n accounts
writes every changed one once in n transfers (`stores/writeback.py`), some with each batch. The
large ledger is therefore first taken through one whole such pass: from then on as many balances
are due with each batch as ever will be, and any stretch of batches bears its full share.
"""

from collections.abc import Iterator
from contextlib import closing

from benchmarks.harness import say
from benchmarks.posting import unseen_by_collector
from benchmarks.registry import Sample, Stage, benchmark
from benchmarks.rows import BATCH
from benchmarks.sqlite_ledger import large_ledger, open_ledger
from benchmarks.workload import SUBMITTERS, Spent, Workload, open_accounts, post_all
from kerege.ledger.ledger import Ledger
from kerege.ledger.stores.writeback import MIN_PASS

SMALL = 10_000
TURN = 10
"""Batches to one ledger before it is the other's turn."""


@benchmark("ledger.growth", unit="ratio", group="growth", target=1.5, lower_is_better=True)
def ledger_growth(stage: Stage) -> Iterator[Sample]:
    """Seconds for as many transfers in either, in turns, from columns."""
    accounts = stage.size(10_000_000, quick=300_000)
    turns = stage.size(6, quick=2)
    warm = max(accounts, MIN_PASS)
    stage.conditions.update(
        {
            "accounts": f"{accounts} to {SMALL}",
            "batch": BATCH,
            "batches": f"{turns * TURN} each, {TURN} in turn",
            "orders": "columns of plain transfers, uniformly random accounts, none refused",
            "submitters": SUBMITTERS,
            "warmed_up_by": f"{warm} transfers, one whole pass of writing balances back",
        }
    )
    path = large_ledger(stage, accounts)
    with closing(open_ledger(path)) as large, closing(open_ledger(stage.folder / "s.db")) as small:
        open_accounts(small, SMALL)
        many = _Side(large, Workload(stage.seed, accounts))
        few = _Side(small, Workload(stage.seed, SMALL))
        few.post(TURN)
        for done in range(0, warm, TURN * BATCH):
            many.post(TURN)
            if done // BATCH % 100 == 0:
                say(f"ledger.growth: warming up, {done:,} of {warm:,} transfers")
        yield lambda: _sample(stage, few, many, turns)


class _Side:
    """One of the two ledgers."""

    def __init__(self, ledger: Ledger, workload: Workload) -> None:
        self._ledger, self._workload = ledger, workload

    def post(self, batches: int) -> Spent:
        columns = [self._workload.columns() for _ in range(batches)]
        with unseen_by_collector():
            return post_all(self._ledger.post_columns, columns)[1]


def _sample(stage: Stage, few: _Side, many: _Side, turns: int) -> float:
    spent = [(few.post(TURN), many.post(TURN)) for _ in range(turns)]
    small, large = ([one[side] for one in spent] for side in (0, 1))
    transfers = turns * TURN * BATCH
    for name, side in (("small", small), ("large", large)):
        told = stage.conditions.setdefault(f"{name}_us_per_transfer_wall_cpu", [])
        assert isinstance(told, list)
        wall, cpu = sum(one.wall_s for one in side), sum(one.cpu_s for one in side)
        told.append((round(wall / transfers * 1e6, 2), round(cpu / transfers * 1e6, 2)))
    return sum(one.wall_s for one in large) / sum(one.wall_s for one in small)
