# SPDX-License-Identifier: Apache-2.0
"""Rows are the same for the same seed, and fit to be written."""

from benchmarks.rows import ACCOUNTS, make_batches


def test_one_seed_gives_one_workload() -> None:
    first, again, other = (list(make_batches(seed, 2, size=50)) for seed in (1, 1, 2))
    assert first == again != other


def test_rows_are_whole() -> None:
    batches = list(make_batches(7, 3, size=500))
    transfers = [row for batch in batches for row in batch.transfers]
    orders = [row for batch in batches for row in batch.orders]
    assert [row[0] for row in transfers] == list(range(1, 1_501))
    assert all(row[3] != row[4] for row in transfers)
    assert all(1 <= account <= ACCOUNTS for row in transfers for account in row[3:5])
    assert all(type(value) in (int, bytes) for row in transfers + orders for value in row)
    assert len({order[1] for order in orders}) == 1_500
    assert [order[1] for order in orders] == [row[1] for row in transfers]
