# SPDX-License-Identifier: Apache-2.0
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from kerege.ledger.errors import SchemaTooNew, StoreFailed
from kerege.ledger.stores.opening import open_store


def test_many_may_create_a_ledger_at_once(pg_url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        for store in pool.map(open_store, [pg_url] * 8):
            assert list(store.assets()) == []
            store.close()


def test_a_newer_ledger_is_refused_and_left_alone(pg_url: str) -> None:
    open_store(pg_url).close()
    with psycopg.connect(pg_url) as connection:
        connection.execute("UPDATE meta SET value = 2 WHERE key = 'schema_version'")
    with pytest.raises(SchemaTooNew, match="version 2, this release knows 1"):
        open_store(pg_url)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE customers (name text)",
        "CREATE TABLE meta (a int); CREATE TABLE batches (b int)",
        "CREATE TABLE meta (key text, value bigint); CREATE TABLE batches (b int)",
    ],
)
def test_another_database_is_refused_and_left_alone(pg_url: str, statement: str) -> None:
    with psycopg.connect(pg_url) as connection:
        connection.execute(statement)
    with pytest.raises(StoreFailed) as caught:
        open_store(pg_url)
    assert caught.value.remedy
    with psycopg.connect(pg_url) as connection:
        assert connection.execute("SELECT to_regclass('transfers')").fetchall() == [(None,)]
