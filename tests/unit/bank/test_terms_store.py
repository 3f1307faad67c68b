# SPDX-License-Identifier: Apache-2.0
"""Statements of terms: holders by wallet, settings kept and changed."""

from pathlib import Path

from kerege.bank import terms_store as store
from kerege.bank.terms_store import Holder, Setting
from tests.desks import Desk


def test_holders_and_settings(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    customer = desk.customer()
    wallet = desk.wallet(customer)
    with desk.tables.begin() as connection:
        found = store.holders(connection, [wallet, "wal_none"])
        assert found == {wallet: Holder(customer, "person", "phone", "active", top_up=False)}
        store.save_setting(connection, wallet, Setting("tea", top_up=True))
        store.save_setting(connection, wallet, Setting("shop", top_up=True))
        assert store.settings_of(connection, [wallet]) == {wallet: Setting("shop", top_up=True)}
        assert store.holders(connection, [wallet])[wallet].top_up is True
    desk.close()
