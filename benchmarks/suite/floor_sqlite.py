# SPDX-License-Identifier: Apache-2.0
"""Bare SQLite: what writing the ledger's rows costs when nothing is checked."""

import time
from collections.abc import Iterator
from pathlib import Path

import apsw

from benchmarks.registry import Sample, Stage, benchmark, rate
from benchmarks.rows import ACCOUNTS, BATCH, Batch, make_batches

SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA cache_size = -65536;
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY, debits INTEGER NOT NULL, credits INTEGER NOT NULL
) STRICT;
CREATE TABLE transfers (
    seq INTEGER PRIMARY KEY, order_id BLOB NOT NULL, kind INTEGER NOT NULL,
    debit INTEGER NOT NULL, credit INTEGER NOT NULL, mark INTEGER NOT NULL,
    amount INTEGER NOT NULL, code INTEGER NOT NULL,
    debit_before INTEGER NOT NULL, credit_before INTEGER NOT NULL,
    debit_balance INTEGER NOT NULL, credit_balance INTEGER NOT NULL
) STRICT;
CREATE TABLE orders (
    number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, at INTEGER NOT NULL,
    seq INTEGER NOT NULL, legs INTEGER NOT NULL, outcome INTEGER NOT NULL
) STRICT;
"""


@benchmark("floor.sqlite", unit="transfers/s", group="posting")
def floor_sqlite(stage: Stage) -> Iterator[Sample]:
    """Insert the transfers, update two balances for each."""
    yield _sampler(stage, with_orders=False)


@benchmark("floor.sqlite.orders", unit="transfers/s", group="posting", floor="floor.sqlite")
def floor_sqlite_orders(stage: Stage) -> Iterator[Sample]:
    """The same, and an order with its unique id for each transfer."""
    yield _sampler(stage, with_orders=True)


def _sampler(stage: Stage, *, with_orders: bool) -> Sample:
    count = stage.size(60, quick=25)
    stage.conditions.update(
        {
            "accounts": ACCOUNTS,
            "batch": BATCH,
            "batches": count,
            "durable": "WAL, synchronous=FULL, a commit per batch",
            "writes": "executemany of tuples made beforehand",
            "order rows": "one a transfer" if with_orders else "none",
        }
    )

    def sample() -> float:
        path = stage.folder / "floor.db"
        connection = _open(path)
        try:
            seconds = sum(
                _post(connection, batch, with_orders=with_orders)
                for batch in make_batches(stage.seed, count)
            )
        finally:
            connection.close()
            path.unlink()
        return rate(count * BATCH, seconds)

    return sample


def _open(path: Path) -> apsw.Connection:
    connection = apsw.Connection(str(path))
    # Without fetchall, apsw would pause at the row that the first PRAGMA returns.
    connection.execute(SCHEMA).fetchall()
    with connection:
        accounts = ((number,) for number in range(1, ACCOUNTS + 1))
        connection.executemany("INSERT INTO accounts VALUES (?, 0, 0)", accounts)
    return connection


def _post(connection: apsw.Connection, batch: Batch, *, with_orders: bool) -> float:
    """Write and commit one batch; return the seconds it took."""
    start = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "INSERT INTO transfers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", batch.transfers
    )
    if with_orders:
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)", batch.orders)
    connection.executemany(
        "UPDATE accounts SET debits = debits + ? WHERE id = ?",
        ((row[6], row[3]) for row in batch.transfers),
    )
    connection.executemany(
        "UPDATE accounts SET credits = credits + ? WHERE id = ?",
        ((row[6], row[4]) for row in batch.transfers),
    )
    connection.execute("COMMIT")
    return time.perf_counter() - start
