# SPDX-License-Identifier: Apache-2.0
"""One key in force and one to come, and no more."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from kerege.bank import custody_store as store
from kerege.bank.custody_store import NEXT, PRESENT, KeptKey
from kerege.bank.money_store import open_money_tables
from kerege.errors import KeregeError

WALLET = "wal_" + "1" * 32


def key(kid: str, state: str) -> KeptKey:
    return KeptKey(WALLET, kid, "master", b"sealed", state, 5)


def test_keys(tmp_path: Path) -> None:
    tables = open_money_tables(f"sqlite:///{tmp_path / 'bank.db'}")
    with tables.begin() as connection:
        store.insert_key(connection, key("a", PRESENT))
        store.insert_key(connection, key("b", NEXT))
    with pytest.raises((sa.exc.IntegrityError, KeregeError)), tables.begin() as connection:
        store.insert_key(connection, key("c", NEXT))
    with tables.begin() as connection:
        assert store.keys_to_come(connection) == [(WALLET, "b")]
        store.promote(connection, WALLET, "c")
        assert store.find_key(connection, WALLET, PRESENT) == key("a", PRESENT)
        store.promote(connection, WALLET, "b")
        assert store.find_key(connection, WALLET, PRESENT) == key("b", PRESENT)
        assert store.find_key(connection, WALLET, NEXT) is None
        assert store.keys_not_under(connection, "master", limit=9) == []
        assert store.keys_not_under(connection, "other", limit=9) == [key("b", PRESENT)]
        anew = KeptKey(WALLET, "b", "other", b"anew", PRESENT, 5)
        store.replace_sealed(connection, anew)
        assert store.find_key(connection, WALLET, PRESENT) == anew
        store.insert_key(connection, key("d", NEXT))
        store.remove_next(connection, WALLET, "b")
        store.remove_next(connection, WALLET, "d")
        assert store.keys_to_come(connection) == []
        store.remove_keys(connection, WALLET)
        assert store.find_key(connection, WALLET, PRESENT) is None
    tables.close()
