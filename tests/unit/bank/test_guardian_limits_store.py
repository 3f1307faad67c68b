# SPDX-License-Identifier: Apache-2.0
"""Rows of guardians' limits."""

from pathlib import Path

from msgspec.structs import replace

from kerege.bank import guardian_limits_store as store
from kerege.bank.guardian_limits_store import GuardianLimit
from kerege.bank.money_store import open_money_tables


def test_limits_are_replaced(tmp_path: Path) -> None:
    tables = open_money_tables(f"sqlite:///{tmp_path / 'bank.db'}")
    one = GuardianLimit("wal-1", "KZT", 5, None, 50, "cus", 7)
    other = replace(one, wallet="wal-2")
    with tables.begin() as connection:
        for limit in (one, replace(one, payment=6), other):
            store.save_limit(connection, limit)
        assert store.limits_of(connection, ["wal-2", "wal-1", "wal-3"]) == [
            replace(one, payment=6),
            other,
        ]
        store.delete_limit(connection, "wal-1", "KZT")
        store.delete_limit(connection, "wal-2", "KGS")
        assert store.limits_of(connection, ["wal-1", "wal-2"]) == [other]
    tables.close()
