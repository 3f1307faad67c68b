# SPDX-License-Identifier: Apache-2.0
"""The vault's statements, on both databases."""

from pathlib import Path

from kerege.bank import vault_store
from kerege.bank.people_store import open_people_tables

OWNER = "cus_" + "1" * 32


def check(url: str) -> None:
    tables = open_people_tables(url)
    with tables.begin() as connection:
        vault_store.insert_keys(connection, [(OWNER, "old", b"wrapped")])
        vault_store.replace_fields(connection, OWNER, {"name": b"1", "phone": b"2"})
        vault_store.replace_fields(connection, OWNER, {"name": b"3", "phone": None})
        assert vault_store.find_key(connection, OWNER) == ("old", b"wrapped")
        assert vault_store.find_key(connection, "nobody") is None
        assert vault_store.fields_of(connection, OWNER) == [("name", b"3")]
        assert vault_store.keys_not_under(connection, "old", limit=9) == []
        assert vault_store.keys_not_under(connection, "new", limit=9) == [
            (OWNER, "old", b"wrapped")
        ]
        vault_store.replace_key(connection, OWNER, "new", b"again")
        assert vault_store.keys_not_under(connection, "new", limit=9) == []
        vault_store.destroy(connection, OWNER)
        assert vault_store.find_key(connection, OWNER) is None
        assert vault_store.fields_of(connection, OWNER) == []
    vault_store.scrub(tables)
    tables.close()


def test_on_sqlite(tmp_path: Path) -> None:
    check(f"sqlite:///{tmp_path}/bank.db")


def test_on_postgres(pg_url: str) -> None:
    check(pg_url)
