# SPDX-License-Identifier: Apache-2.0
"""One statement counts, on both databases."""

from pathlib import Path

from kerege.bank import throttle_store
from kerege.bank.people_store import open_people_tables


def check(url: str) -> None:
    tables = open_people_tables(url)
    with tables.begin() as connection:
        for begins_us, used in ((0, 1), (0, 2), (60, 1), (60, 2)):
            assert throttle_store.count_once(connection, "r", b"s" * 32, begins_us) == used
        assert throttle_store.count_once(connection, "other", b"s" * 32, 60) == 1
        assert throttle_store.remove_before(connection, 60) == 0
        assert throttle_store.remove_before(connection, 61) == 2
    tables.close()


def test_on_sqlite(tmp_path: Path) -> None:
    check(f"sqlite:///{tmp_path}/bank.db")


def test_on_postgres(pg_url: str) -> None:
    check(pg_url)
