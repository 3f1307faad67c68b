# SPDX-License-Identifier: Apache-2.0
"""Our bytes against the server's own reading of them."""

import numpy as np
import psycopg
import pytest

from kerege.ledger.stores.postgres_wire import (
    BIGINT,
    INTEGER,
    SMALLINT,
    UUID,
    Layout,
    UuidArray,
    register_arrays,
    uuid_column,
)

EXTREMES = np.array([0, 1, -1, 2**63 - 1, -(2**63)], np.int64)


def test_copied_rows_arrive_as_they_were(pg_url: str) -> None:
    ids = [bytes([n]) * 16 for n in range(5)]
    small = np.array([0, 1, -1, 32767, -32768])
    rows = Layout(UUID, BIGINT, INTEGER, SMALLINT).encode(
        (uuid_column(ids), EXTREMES, small * 2, small)
    )
    with psycopg.connect(pg_url) as connection:
        connection.execute("CREATE TABLE t (u uuid, b bigint, i integer, s smallint)")
        with connection.cursor() as cursor, cursor.copy("COPY t FROM STDIN (FORMAT BINARY)") as to:
            to.write(rows)
        found = connection.execute("SELECT uuid_send(u), b, i, s FROM t ORDER BY u").fetchall()
    doubled, single = (small * 2).tolist(), small.tolist()
    assert found == list(zip(ids, EXTREMES.tolist(), doubled, single, strict=True))


@pytest.mark.parametrize("size", [0, 1, 5])
def test_arrays_go_there_and_back(pg_url: str, size: int) -> None:
    values = EXTREMES[:size]
    with psycopg.connect(pg_url) as connection:
        register_arrays(connection)
        rows = connection.execute("SELECT %b::bigint[], cardinality(%b)", (values, values))
        back, count = rows.fetchall()[0]
        ints = connection.execute(
            "SELECT array_agg(v) FROM unnest(%b) v", (values,), binary=True
        ).fetchall()[0][0]
        found = connection.execute(
            "SELECT uuid_send(v) FROM unnest(%b) v", (UuidArray([b"\x01" * 16] * size),)
        ).fetchall()
    assert count == size
    assert back == values.tolist() or back.tolist() == values.tolist()
    assert (ints is None and size == 0) or ints.tolist() == values.tolist()
    assert found == [(b"\x01" * 16,)] * size
