# SPDX-License-Identifier: Apache-2.0
"""Ledgers to measure and orders to post to them, the same for the same seed."""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

import numpy as np

from benchmarks.rows import BATCH, START_MS
from kerege.ledger.account import Role
from kerege.ledger.ids import AccountId, OrderId
from kerege.ledger.ledger import Ledger
from kerege.ledger.order import MAX_STEPS, DeclareAsset, OpenAccount, Order, Transfer
from kerege.ledger.request import Columns

__all__ = [
    "OVERDRAFT",
    "SUBMITTERS",
    "Spent",
    "Workload",
    "open_accounts",
    "orders_of",
    "post_all",
]

SUBMITTERS = 3
"""Threads that post: one whose batch is written, one whose batch is decided, one that gets its
outcomes and brings the next batch."""

OVERDRAFT = 10**12
"""Minor units each account may be below zero: as good as money in it, and needs no paying in."""

LARGEST = 1_000_000
"""Minor units; no account can reach its floor by orders that are to be accepted."""

_PROGRESS_EVERY = 64
"""Orders between two lines of progress: half a million accounts."""

_T = TypeVar("_T")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock, and of both cores' work in this process."""

    wall_s: float
    cpu_s: float


class Workload:
    """Plain transfers between accounts 1 to `accounts`, uniformly random, with time-ordered ids.

    One in `refused_in` asks for more than its account may spend (0: none does).
    """

    def __init__(self, seed: int, accounts: int, *, refused_in: int = 0) -> None:
        self._random = np.random.default_rng(seed)
        self._accounts = accounts
        self._refused_in = refused_in
        self._batches = count()

    def columns(self, size: int = BATCH) -> Columns:
        """The next batch as arrays."""
        random, accounts = self._random, self._accounts
        debits = random.integers(0, accounts, size)
        amounts = random.integers(1, LARGEST, size)
        if self._refused_in:
            amounts[random.integers(0, self._refused_in, size) == 0] = 2 * OVERDRAFT
        return Columns(
            ids=self._ids(size),
            debit=debits + 1,
            credit=(debits + random.integers(1, accounts, size)) % accounts + 1,
            amount=amounts,
            code=np.ones(size, np.int64),
        )

    def _ids(self, size: int) -> bytes:
        """Same millisecond, then random, hence in no order within a batch."""
        moment = (START_MS + next(self._batches)).to_bytes(6)
        ids = np.frombuffer(self._random.bytes(16 * size), np.uint8).reshape(size, 16).copy()
        ids[:, :6] = np.frombuffer(moment, np.uint8)
        return ids.tobytes()


def orders_of(columns: Columns) -> list[Order]:
    """The same transfers as objects."""
    rows = zip(
        columns.order_ids(),
        columns.debit.tolist(),
        columns.credit.tolist(),
        columns.amount.tolist(),
        columns.code.tolist(),
        strict=True,
    )
    return [
        Order(
            id=OrderId(order_id),
            steps=(Transfer(AccountId(debit), AccountId(credit), amount, code=code),),
        )
        for order_id, debit, credit, amount, code in rows
    ]


def open_accounts(
    ledger: Ledger, accounts: int, *, progress: Callable[[str], None] | None = None
) -> None:
    """Declare an asset and open accounts 1 to `accounts`, thousands to an order."""
    _accepted(ledger, [_order(0, [DeclareAsset("KZT", 2)])])
    holder = OpenAccount("KZT", Role.HOLDER, "wallet", floor=-OVERDRAFT)
    for number, start in enumerate(range(0, accounts, MAX_STEPS), 1):
        steps = [holder] * min(MAX_STEPS, accounts - start)
        _accepted(ledger, [_order(number, steps)])
        if progress and number % _PROGRESS_EVERY == 0:
            progress(f"{start + len(steps):,} of {accounts:,} accounts opened")


def _order(number: int, steps: Iterable[DeclareAsset | OpenAccount]) -> Order:
    return Order(id=OrderId((number + 1).to_bytes(16)), steps=tuple(steps))


def _accepted(ledger: Ledger, orders: Sequence[Order]) -> None:
    for outcome in ledger.post(orders):
        if not outcome.accepted:
            raise ValueError(f"setting up failed: {outcome}")


def post_all(
    post: Callable[[_T], _R], batches: Sequence[_T], *, submitters: int = SUBMITTERS
) -> tuple[list[_R], Spent]:
    """Post all batches from several threads; their outcomes and what it took."""
    with ThreadPoolExecutor(submitters) as pool:
        wall, cpu = time.perf_counter(), time.process_time()
        outcomes = list(pool.map(post, batches))
        return outcomes, Spent(time.perf_counter() - wall, time.process_time() - cpu)
