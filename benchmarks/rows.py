# SPDX-License-Identifier: Apache-2.0
"""Made-up transfers and orders in the ledger's own shape, the same for the same seed."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

__all__ = ["ACCOUNTS", "BATCH", "Batch", "OrderRow", "TransferRow", "make_batches"]

ACCOUNTS = 100_000
BATCH = 8_190
"""Transfers per batch, as in the figures we compare with: what fits one TigerBeetle message."""

START_MS = 1_790_000_000_000
"""Milliseconds since 1970 of the first batch's ids."""

TransferRow = tuple[int, bytes, int, int, int, int, int, int, int, int, int, int]
"""seq, order id, kind, debit, credit, mark, amount, code, the last transfer of each side, and the
balance of each side afterwards."""

OrderRow = tuple[int, bytes, int, int, int, int]
"""number, id, at (microseconds since 1970), first seq, legs, outcome."""


class Batch(NamedTuple):
    """One commit's worth: each order has one transfer."""

    transfers: list[TransferRow]
    orders: list[OrderRow]


def make_batches(seed: int, count: int, *, size: int = BATCH) -> Iterator[Batch]:
    """`count` batches of `size` transfers between accounts 1 to `ACCOUNTS`, uniformly random."""
    random = np.random.default_rng(seed)
    for number in range(count):
        yield _make_batch(random, number, size)


def _make_batch(random: np.random.Generator, number: int, size: int) -> Batch:
    first = 1 + number * size
    seqs = range(first, first + size)
    ids = _time_ordered_ids(random, START_MS + number, size)
    debits = random.integers(0, ACCOUNTS, size)
    credited = (debits + random.integers(1, ACCOUNTS, size)) % ACCOUNTS
    columns = [
        seqs,
        ids,
        [1] * size,
        (debits + 1).tolist(),
        (credited + 1).tolist(),
        [0] * size,
        random.integers(1, 1_000_000, size).tolist(),
        [1] * size,
        random.integers(0, first, size).tolist(),
        random.integers(0, first, size).tolist(),
        random.integers(0, 10**9, size).tolist(),
        random.integers(0, 10**9, size).tolist(),
    ]
    at_us = (START_MS + number) * 1_000
    orders = [(seq, order, at_us, seq, 1, 0) for seq, order in zip(seqs, ids, strict=True)]
    return Batch(list(zip(*columns, strict=True)), orders)


def _time_ordered_ids(random: np.random.Generator, moment_ms: int, size: int) -> list[bytes]:
    """Ids as submitters make them: same millisecond, then random, hence in no order in a batch."""
    head, tail = moment_ms.to_bytes(6), random.bytes(10 * size)
    return [head + tail[at : at + 10] for at in range(0, 10 * size, 10)]
