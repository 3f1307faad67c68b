# SPDX-License-Identifier: Apache-2.0
"""The statements of aliases, on both databases."""

from pathlib import Path

import msgspec

from kerege.bank import aliases_store as store
from kerege.bank.alias import AliasState, Shows
from tests.people import House, open_house


def check(house: House) -> None:
    customer = house.add().id
    row = store.AliasRow("t" * 43, "phone", customer, "wal_1", AliasState.CLAIMING, 5)
    with house.tables.begin() as connection:
        assert store.find_alias(connection, row.tag) is None
        store.insert_alias(connection, row)
        assert store.find_alias(connection, row.tag) == row
        assert store.unsettled(connection, 5, limit=9) == []
        assert store.unsettled(connection, 6, limit=9) == [row]
        store.set_state(connection, row.tag, AliasState.LISTED, "wal_2", 7)
        listed = msgspec.structs.replace(row, state=AliasState.LISTED, wallet="wal_2", changed_us=7)
        assert store.unsettled(connection, 100, limit=9) == []
        assert store.aliases_of(connection, customer) == [listed]
        assert store.aliases_of_wallet(connection, "wal_2") == [listed]
        store.remove_alias(connection, row.tag)
        assert store.aliases_of(connection, customer) == []
        assert store.shows_of(connection, customer) is None
        for shows in (Shows.NOTHING, Shows.MASKED):
            store.set_shows(connection, customer, shows)
            assert store.shows_of(connection, customer) is shows
    house.tables.close()


def test_on_sqlite(tmp_path: Path) -> None:
    check(open_house(tmp_path))


def test_on_postgres(pg_url: str) -> None:
    check(open_house(pg_url))
