# SPDX-License-Identifier: Apache-2.0
"""The statements of one-time codes, on both databases."""

from pathlib import Path

from kerege.bank.identity import codes_store
from kerege.bank.people_store import open_people_tables

CODE = b"c" * 32


def check(url: str) -> None:
    tables = open_people_tables(url)
    with tables.begin() as connection:
        codes_store.insert_code(
            connection, CODE, purpose="p", mac=b"m" * 32, tries=1, expires_us=10
        )
        assert codes_store.use_try(connection, CODE, purpose="q", now_us=5) is None
        assert codes_store.use_try(connection, CODE, purpose="p", now_us=10) is None
        assert codes_store.use_try(connection, CODE, purpose="p", now_us=5) == b"m" * 32
        assert codes_store.use_try(connection, CODE, purpose="p", now_us=5) is None
        codes_store.remove_expired(connection, 9)
        codes_store.spend(connection, CODE)
        codes_store.remove_expired(connection, 10)
    tables.close()


def test_on_sqlite(tmp_path: Path) -> None:
    check(f"sqlite:///{tmp_path}/bank.db")


def test_on_postgres(pg_url: str) -> None:
    check(pg_url)
