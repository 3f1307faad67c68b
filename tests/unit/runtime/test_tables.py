# SPDX-License-Identifier: Apache-2.0
"""A node's tables: all or nothing, versioned, the same on both databases."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from kerege.runtime.tables import DatabaseTooNew, DatabaseUnavailable, Tables

METADATA = sa.MetaData()
THINGS = sa.Table("things", METADATA, sa.Column("number", sa.Integer, primary_key=True))


def _count(tables: Tables) -> int:
    with tables.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(THINGS)) or 0


def _insert_twice(tables: Tables) -> None:
    with tables.begin() as connection:
        connection.execute(THINGS.insert(), [{"number": 1}])
        connection.execute(THINGS.insert(), [{"number": 1}])


def test_a_block_happens_whole_or_not_at_all(tmp_path: Path) -> None:
    tables = Tables(f"sqlite:///{tmp_path}/t.db", METADATA, name="things", version=1)
    with pytest.raises(sa.exc.IntegrityError):
        _insert_twice(tables)
    assert _count(tables) == 0
    with tables.begin() as connection:
        connection.execute(THINGS.insert(), [{"number": 1}])
    tables.close()
    again = Tables(f"sqlite:///{tmp_path}/t.db", METADATA, name="things", version=1)
    assert _count(again) == 1
    again.close()


def test_an_older_database_gets_the_tables_it_lacks(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/t.db"
    older = sa.MetaData()
    sa.Table("first_things", older, sa.Column("number", sa.Integer, primary_key=True))
    Tables(url, older, name="things", version=1).close()
    now = Tables(url, METADATA, name="things", version=2)
    assert _count(now) == 0
    now.close()
    Tables(url, METADATA, name="things", version=2).close()
    with pytest.raises(DatabaseTooNew):
        Tables(url, older, name="things", version=1)


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/t.db"
    Tables(url, METADATA, name="things", version=2).close()
    with pytest.raises(DatabaseTooNew):
        Tables(url, METADATA, name="things", version=1)


def test_postgres(pg_url: str) -> None:
    tables = Tables(pg_url, METADATA, name="things", version=1)
    with tables.begin() as connection:
        connection.execute(THINGS.insert(), [{"number": 1}])
    assert _count(tables) == 1
    tables.close()


def test_trouble_is_told_in_our_words(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable) as caught:
        Tables(f"sqlite:///{tmp_path}/missing/t.db", METADATA, name="things", version=1)
    assert caught.value.remedy
    tables = Tables(f"sqlite:///{tmp_path}/t.db", METADATA, name="things", version=1)
    with pytest.raises(DatabaseUnavailable), tables.read() as connection:
        connection.execute(sa.text("SELECT secret FROM nothing"))
    tables.close()


def test_many_threads_write_one_file(tmp_path: Path) -> None:
    tables = Tables(f"sqlite:///{tmp_path}/t.db", METADATA, name="things", version=1)

    def write(number: int) -> None:
        with tables.begin() as connection:
            connection.execute(THINGS.insert(), [{"number": number}])

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(write, range(100)))
    assert _count(tables) == 100
    tables.close()


@pytest.mark.parametrize("durable", [True, False])
def test_what_need_not_survive_a_power_cut(tmp_path: Path, pg_url: str, durable: bool) -> None:
    for url, asked, answer in (
        (f"sqlite:///{tmp_path}/t.db", "PRAGMA synchronous", 2 if durable else 1),
        (pg_url, "SHOW synchronous_commit", "on" if durable else "off"),
    ):
        tables = Tables(url, METADATA, name="things", version=1, durable=durable)
        with tables.begin() as connection:
            assert connection.scalar(sa.text(asked)) == answer
        tables.close()
