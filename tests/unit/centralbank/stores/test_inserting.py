# SPDX-License-Identifier: Apache-2.0
"""Inserting what is new, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from kerege.centralbank.stores.inserting import MAX_NAMED, insert_new, parts
from kerege.runtime.tables import Tables

METADATA = sa.MetaData()
THINGS = sa.Table("things", METADATA, sa.Column("name", sa.String(10), primary_key=True))


@pytest.fixture(params=["sqlite", "postgresql"])
def tables(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tables]:
    url = f"sqlite:///{tmp_path}/t.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("pg_url")
    tables = Tables(url, METADATA, name="things", version=1)
    yield tables
    tables.close()


def test_only_what_is_new_goes_in(tables: Tables) -> None:
    count = 2 * MAX_NAMED + 1
    rows = [{"name": str(number)} for number in range(count)]
    with tables.begin() as connection:
        assert insert_new(connection, THINGS, rows[:3], returning=THINGS.c.name) == {"0", "1", "2"}
        new = insert_new(connection, THINGS, [*rows, *rows], returning=THINGS.c.name)
        assert len(new) == count - 3
        assert insert_new(connection, THINGS, [], returning=THINGS.c.name) == set()
    assert [len(part) for part in parts(range(count))] == [MAX_NAMED, MAX_NAMED, 1]
