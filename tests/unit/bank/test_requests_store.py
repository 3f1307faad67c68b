# SPDX-License-Identifier: Apache-2.0
"""Statements of standing requests: open ones are listed and counted, old ones go."""

from pathlib import Path

from kerege.bank import requests_store as store
from kerege.bank.desk_store import open_desk_tables
from kerege.bank.requests_store import KeptRequest


def kept(number: int, until_us: int) -> KeptRequest:
    return KeptRequest(
        id=f"req_{number:032}", customer="c", wallet="w", until_us=until_us, text="t", note="n"
    )


def test_open_counted_and_forgotten(tmp_path: Path) -> None:
    tables = open_desk_tables(f"sqlite:///{tmp_path}/bank.db")
    with tables.begin() as connection:
        for number, until_us in ((1, 10), (2, 20), (3, 30)):
            store.insert_request(connection, kept(number, until_us))
        assert store.find_request(connection, kept(1, 10).id) == kept(1, 10)
        assert store.open_of(connection, "c", now_us=20, limit=9) == [kept(3, 30), kept(2, 20)]
        assert store.count_open(connection, "c", now_us=20) == 2
        store.delete_over(connection, before_us=20)
        assert store.find_request(connection, kept(1, 10).id) is None
    tables.close()
