# SPDX-License-Identifier: Apache-2.0
import psycopg
import pytest

from kerege.sandbox.store_databases import DatabaseNotMade, database_of, make_databases
from tests.postgres import Server


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u@h/kerege", "postgresql://u@h/kerege_uyq_bank"),
        (
            "postgresql://u:p@h:1/k?sslmode=require",
            "postgresql://u:p@h:1/k_uyq_bank?sslmode=require",
        ),
        ("postgresql:///k?host=%2Ftmp", "postgresql:///k_uyq_bank?host=%2Ftmp"),
    ],
)
def test_an_institutions_database_bears_its_name(url: str, expected: str) -> None:
    assert database_of(url, "uyq-bank") == expected


def test_databases_are_made_once(pg_server: Server) -> None:
    with pg_server.fresh_database() as url:
        names = ["core", "uyq-bank"]
        try:
            make_databases(url, names)
            make_databases(url, names)
            for name in names:
                with psycopg.connect(database_of(url, name)) as connection:
                    assert connection.execute("SELECT 1").fetchone() == (1,)
        finally:
            for name in names:
                made = psycopg.conninfo.conninfo_to_dict(database_of(url, name))["dbname"]
                pg_server.drop_database(str(made))


def test_a_server_that_is_not_there_is_our_own_error_without_a_password() -> None:
    with pytest.raises(DatabaseNotMade) as caught:
        make_databases("postgresql://u:secret@127.0.0.1:9/k", ["core"])
    assert "secret" not in str(caught.value)
