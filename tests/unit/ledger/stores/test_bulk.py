# SPDX-License-Identifier: Apache-2.0
"""Any number of rows, each once and in order."""

import apsw
import pytest

from kerege.ledger.stores.bulk import Insert


@pytest.mark.parametrize("count", [0, 1, 2, 7, 63, 64, 65, 511, 2_047, 2_049, 10_000])
def test_every_row_is_inserted_once(count: int) -> None:
    connection = apsw.Connection(":memory:")
    connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b, c)")
    insert = Insert("INSERT INTO t (a, b, c)", "(?, 7, ?)")
    insert.run(connection, ((n, -n) for n in range(count)))
    found = list(connection.execute("SELECT a, b, c FROM t ORDER BY a"))
    assert found == [(n, 7, -n) for n in range(count)]


def test_what_follows_the_rows_decides_on_conflicts() -> None:
    connection = apsw.Connection(":memory:")
    connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b)")
    tail = "ON CONFLICT (a) DO UPDATE SET b = excluded.b"
    insert = Insert("INSERT INTO t (a, b)", "(?, ?)", tail)
    insert.run(connection, [(1, "first"), (2, "other"), (1, "second")])
    assert list(connection.execute("SELECT b FROM t ORDER BY a")) == [("second",), ("other",)]
