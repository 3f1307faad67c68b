# SPDX-License-Identifier: Apache-2.0
"""The register's statements, on PostgreSQL too; `test_customers` goes through all on SQLite."""

import pytest
import sqlalchemy as sa

from kerege.bank import customers_store as store
from kerege.bank.customer import CustomerState
from kerege.payments.ids import WalletId
from tests.people import AIGERIM, child, open_house

WALLET = WalletId("wal_" + "1" * 32)


def test_on_postgres(pg_url: str) -> None:
    house = open_house(pg_url)
    mother = house.add()
    ward = house.add(child(), tier="identified", guardian=mother.id)
    assert house.customers.find_by_phone(AIGERIM.phone) == mother
    assert house.customers.wards(mother.id) == [ward]
    assert house.customers.attach_wallet(mother.id, WALLET, custody=False) is None
    assert house.customers.wallets(mother.id) == {WALLET: False}
    house.customers.detach_wallet(WALLET)
    house.customers.set_state(ward.id, CustomerState.CLOSED)
    house.customers.forget(ward.id)
    assert house.customers.wards(mother.id) == []
    assert house.customers.count() == {"active": 1, "forgotten": 1}
    house.tables.close()


def test_work_in_the_way_of_itself_ends_with_the_databases_own_error(pg_url: str) -> None:
    house = open_house(pg_url)
    tries = []

    def work(connection: sa.Connection) -> None:
        tries.append(1)
        added = house.customers.page()[0]
        store.insert_customers(connection, [added])

    house.add()
    with pytest.raises(sa.exc.IntegrityError):
        store.retried(house.tables, work)
    assert len(tries) == 3
    house.tables.close()
