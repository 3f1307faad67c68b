# SPDX-License-Identifier: Apache-2.0
"""Bare PostgreSQL: what writing the ledger's rows costs when nothing is checked."""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import LiteralString

import psycopg

from benchmarks.harness import POSTGRES_SETTINGS
from benchmarks.registry import Sample, Stage, benchmark, rate
from benchmarks.rows import ACCOUNTS, BATCH, Batch, OrderRow, TransferRow, make_batches

# A fillfactor that leaves room: an update then stays in its page and touches no index.
SCHEMA: LiteralString = """
CREATE TABLE accounts (
    id bigint PRIMARY KEY, debits bigint NOT NULL, credits bigint NOT NULL
) WITH (fillfactor = 50);
CREATE TABLE transfers (
    seq bigint PRIMARY KEY, order_id bytea NOT NULL, kind int NOT NULL,
    debit bigint NOT NULL, credit bigint NOT NULL, mark bigint NOT NULL,
    amount bigint NOT NULL, code bigint NOT NULL,
    debit_before bigint NOT NULL, credit_before bigint NOT NULL,
    debit_balance bigint NOT NULL, credit_balance bigint NOT NULL
);
CREATE TABLE orders (
    number bigint PRIMARY KEY, id bytea NOT NULL UNIQUE, at bigint NOT NULL,
    seq bigint NOT NULL, legs int NOT NULL, outcome int NOT NULL
);
"""

TRANSFER_TYPES = ["int8", "bytea", "int4", *["int8"] * 9]
ORDER_TYPES = ["int8", "bytea", "int8", "int8", "int4", "int4"]

UPDATE: LiteralString = """
UPDATE accounts SET debits = debits + moved.debit, credits = credits + moved.credit
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS moved (id, debit, credit)
WHERE accounts.id = moved.id
"""


@benchmark("floor.postgres", unit="transfers/s", group="posting")
def floor_postgres(stage: Stage) -> Iterator[Sample]:
    """Copy the transfers in, update the balances once for the batch."""
    with _database(stage, with_orders=False) as connection:
        yield lambda: _sample(stage, connection, with_orders=False)


@benchmark("floor.postgres.orders", unit="transfers/s", group="posting", floor="floor.postgres")
def floor_postgres_orders(stage: Stage) -> Iterator[Sample]:
    """The same, and an order with its unique id for each transfer."""
    with _database(stage, with_orders=True) as connection:
        yield lambda: _sample(stage, connection, with_orders=True)


@contextmanager
def _database(stage: Stage, *, with_orders: bool) -> Iterator[psycopg.Connection]:
    server = stage.postgres()
    stage.conditions.update(
        {
            "accounts": ACCOUNTS,
            "batch": BATCH,
            "batches": _count(stage),
            "writes": "binary COPY, one UPDATE FROM unnest",
            "order rows": "one a transfer" if with_orders else "none",
            "postgres": f"{server.version} ({server.origin})",
            "settings": " ".join(f"{name}={value}" for name, value in POSTGRES_SETTINGS.items()),
        }
    )
    with server.fresh_database() as url, psycopg.connect(url) as connection:
        connection.execute(SCHEMA)
        connection.commit()
        yield connection


def _count(stage: Stage) -> int:
    return stage.size(40, quick=15)


def _sample(stage: Stage, connection: psycopg.Connection, *, with_orders: bool) -> float:
    connection.execute("TRUNCATE accounts, transfers, orders")
    connection.execute(
        "INSERT INTO accounts SELECT n, 0, 0 FROM generate_series(1, %s) n", [ACCOUNTS]
    )
    connection.commit()
    connection.autocommit = True
    # What earlier samples left unwritten must not be written at this one's cost.
    connection.execute("VACUUM ANALYZE accounts")
    connection.execute("CHECKPOINT")
    connection.autocommit = False
    seconds = sum(
        _post(connection, batch, with_orders=with_orders)
        for batch in make_batches(stage.seed, _count(stage))
    )
    return rate(_count(stage) * BATCH, seconds)


def _post(connection: psycopg.Connection, batch: Batch, *, with_orders: bool) -> float:
    """Write and commit one batch; return the seconds it took."""
    start = time.perf_counter()
    _copy(connection, "COPY transfers FROM STDIN (FORMAT BINARY)", TRANSFER_TYPES, batch.transfers)
    if with_orders:
        _copy(connection, "COPY orders FROM STDIN (FORMAT BINARY)", ORDER_TYPES, batch.orders)
    connection.execute(UPDATE, _movements(batch.transfers))
    connection.commit()
    return time.perf_counter() - start


def _copy(
    connection: psycopg.Connection,
    command: LiteralString,
    types: Sequence[str],
    rows: Sequence[TransferRow] | Sequence[OrderRow],
) -> None:
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _movements(transfers: Sequence[TransferRow]) -> tuple[list[int], list[int], list[int]]:
    """Accounts in order, what each was debited, what each was credited."""
    debits: dict[int, int] = defaultdict(int)
    credited: dict[int, int] = defaultdict(int)
    for row in transfers:
        debits[row[3]] += row[6]
        credited[row[4]] += row[6]
    ids = sorted(debits.keys() | credited.keys())
    return ids, [debits.get(one, 0) for one in ids], [credited.get(one, 0) for one in ids]
