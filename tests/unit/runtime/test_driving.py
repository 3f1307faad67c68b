# SPDX-License-Identifier: Apache-2.0
"""Statements run by the driver: in the connection's SQL transaction, the same on both databases."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from kerege.runtime.driving import listed, rows_of, run_many
from kerege.runtime.tables import DatabaseUnavailable, Tables

METADATA = sa.MetaData()
THINGS = sa.Table(
    "things",
    METADATA,
    sa.Column("id", sa.String(20), primary_key=True),
    sa.Column("data", sa.LargeBinary),
)
INSERT = "INSERT INTO things (id, data) VALUES (:id, :data) ON CONFLICT (id) DO NOTHING"
ALL = "SELECT id, data FROM things ORDER BY id"
SOME = {
    "sqlite": (
        "SELECT id FROM things WHERE id LIKE '%' AND id IN (SELECT value FROM json_each(:ids))"
    ),
    "postgresql": "SELECT id FROM things WHERE id LIKE '%' AND id = ANY(:ids)",
}
ROWS: list[dict[str, object]] = [{"id": "a", "data": b"\x00%s:id"}, {"id": "b", "data": None}]


@pytest.fixture(params=["sqlite", "postgresql"])
def tables(request: pytest.FixtureRequest) -> Iterator[Tables]:
    is_sqlite = request.param == "sqlite"
    url = "sqlite://" if is_sqlite else request.getfixturevalue("pg_url")
    tables = Tables(url, METADATA, name="things", version=1)
    yield tables
    tables.close()


def test_rows_go_in_and_come_out(tables: Tables) -> None:
    with tables.begin() as connection:
        assert run_many(connection, INSERT, ROWS) == 2
        assert run_many(connection, INSERT, [*ROWS, {"id": "c", "data": b""}]) == 1
        assert run_many(connection, INSERT, []) == 0
    with tables.read() as connection:
        rows = rows_of(connection, ALL, {})
        assert [(each, data and bytes(data)) for each, data in rows] == [
            *(("a", b"\x00%s:id"), ("b", None), ("c", b""))
        ]


@pytest.mark.parametrize("ids", [[], ["a"], ["c", "a", "a"], ["x'", '"', ":id", "%s"]])
def test_any_number_of_ids_is_one_parameter(tables: Tables, ids: list[str]) -> None:
    with tables.begin() as connection:
        run_many(connection, INSERT, ROWS)
        rows = rows_of(connection, SOME, {"ids": listed(connection, ids)})
    assert {each for (each,) in rows} == {"a", "b"} & set(ids)


def test_it_is_part_of_the_transaction(tables: Tables) -> None:
    def fail() -> None:
        with tables.begin() as connection:
            run_many(connection, INSERT, ROWS)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with tables.read() as connection:
        assert rows_of(connection, ALL, {}) == []


def test_a_database_that_does_not_confirm(tables: Tables) -> None:
    if not tables.is_sqlite:
        pytest.skip("there a missing table is another kind of fault")
    with pytest.raises(DatabaseUnavailable), tables.read() as connection:
        rows_of(connection, "SELECT 1 FROM nowhere", {})
