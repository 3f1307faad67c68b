# SPDX-License-Identifier: Apache-2.0
"""The statements of sessions, on both databases."""

from pathlib import Path

import msgspec

from kerege.bank.identity import sessions_store as store
from kerege.bank.identity.session import Session
from tests.people import House, open_house

TOKEN = b"t" * 32


def check(house: House) -> None:
    customer = house.add().id
    session = Session(
        id="ses_1",
        customer=customer,
        client="app",
        scope="openid",
        started_us=1,
        used_us=1,
        ends_us=100,
        thumbprint="k" * 43,
    )
    with house.tables.begin() as connection:
        store.insert_session(connection, session)
        assert store.find_session(connection, "ses_1") == (session, "active")
        assert store.find_session(connection, "ses_2") == (None, None)
        store.insert_refresh_token(connection, TOKEN, "ses_1", 50)
        assert store.find_by_refresh_token(connection, TOKEN) == (session, 50, None)
        store.use_refresh_token(connection, TOKEN, "ses_1", 7)
        used = msgspec.structs.replace(session, used_us=7)
        assert store.find_by_refresh_token(connection, TOKEN) == (used, 50, 7)
        assert store.find_by_refresh_token(connection, b"u" * 32) is None
        assert store.sessions_of(connection, customer, 99) == [used]
        assert store.sessions_of(connection, customer, 100) == []
        store.end_session(connection, "ses_1", 8)
        store.end_session(connection, "ses_1", 9)
        assert store.find_session(connection, "ses_1")[0] == msgspec.structs.replace(
            used, ended_us=8
        )
        assert store.end_all(connection, customer, 9) == 0
        store.remove_old(connection, 99)
        store.remove_old(connection, 100)
        assert store.find_session(connection, "ses_1") == (None, None)
    house.tables.close()


def test_on_sqlite(tmp_path: Path) -> None:
    check(open_house(tmp_path))


def test_on_postgres(pg_url: str) -> None:
    check(open_house(pg_url))
