# SPDX-License-Identifier: Apache-2.0
"""The statements of authorization codes, on both databases."""

from pathlib import Path

from kerege.bank.customer import CustomerId
from kerege.bank.identity import grants_store as store
from kerege.bank.identity.granted import Granted
from kerege.bank.people_store import open_people_tables

CODE = b"c" * 32
GRANTED = Granted(
    client="app",
    customer=CustomerId("cus_1"),
    redirect_uri="https://app.example/cb",
    scope="openid",
    nonce="n",
    challenge="c" * 43,
    granted_us=1,
    expires_us=10,
    thumbprint="k" * 43,
)


def check(url: str) -> None:
    tables = open_people_tables(url)
    with tables.begin() as connection:
        store.insert_grant(connection, CODE, GRANTED)
        assert store.uses_of(connection, CODE) == 0
        assert store.count_use(connection, CODE) == (GRANTED, 1, None)
        store.set_session(connection, CODE, "ses_1")
        assert store.count_use(connection, CODE) == (GRANTED, 2, "ses_1")
        store.remove_before(connection, 10)
        assert store.uses_of(connection, CODE) == 2
        store.remove_before(connection, 11)
        assert store.count_use(connection, CODE) is None
        assert store.uses_of(connection, CODE) is None
    tables.close()


def test_on_sqlite(tmp_path: Path) -> None:
    check(f"sqlite:///{tmp_path}/bank.db")


def test_on_postgres(pg_url: str) -> None:
    check(pg_url)
