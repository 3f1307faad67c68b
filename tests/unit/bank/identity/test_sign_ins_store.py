# SPDX-License-Identifier: Apache-2.0
"""The statements of sign-ins, on both databases."""

from pathlib import Path

from kerege.bank.identity import sign_ins_store as store
from kerege.bank.people_store import open_people_tables

ID = b"i" * 32


def check(url: str) -> None:
    tables = open_people_tables(url)
    with tables.begin() as connection:
        store.insert(connection, ID, parameters="{}", expires_us=10)
        assert store.find(connection, ID, 9) == ("{}", None, None)
        assert store.find(connection, ID, 10) is None
        store.set_code(connection, ID, "code", "cus_1")
        assert store.find(connection, ID, 9) == ("{}", "code", "cus_1")
        store.remove_expired(connection, 9)
        assert store.remove(connection, ID)
        assert not store.remove(connection, ID)
    tables.close()


def test_on_sqlite(tmp_path: Path) -> None:
    check(f"sqlite:///{tmp_path}/bank.db")


def test_on_postgres(pg_url: str) -> None:
    check(pg_url)
