# SPDX-License-Identifier: Apache-2.0
"""Rows of refusals: once for an order, the newest of each wallet."""

from pathlib import Path

from msgspec.structs import replace

from kerege.bank import till_refusals_store as store
from kerege.bank.till_refusals_store import TillRefusal

ONE = TillRefusal(
    order="ord_" + "1" * 32,
    wallet="wal_" + "1" * 32,
    at_us=5,
    payee="wal_" + "2" * 32,
    asset="KZT",
    amount=1_200_00,
    code="programme_rule",
    rule="/".join("x" * 32 for _ in range(3)),
    found=7,
    limit=6,
)


def test_a_refusal_is_kept_once_and_only_the_newest(tmp_path: Path) -> None:
    keep_the_newest(f"sqlite:///{tmp_path / 'bank.db'}")


def test_on_postgres(pg_url: str) -> None:
    keep_the_newest(pg_url)


def keep_the_newest(url: str) -> None:
    tables = store.open_till_tables(url)
    other = replace(ONE, order="ord_other", wallet="wal_other", at_us=1)
    later = [replace(ONE, order=f"ord_{number}", at_us=number) for number in range(6, 9)]
    with tables.begin() as connection:
        for each in (ONE, replace(ONE, code="exceeds_balance"), other, *later):
            store.insert_refusal(connection, each, keep=3)
    with tables.read() as connection:
        assert store.refusals_of(connection, ONE.wallet) == later[::-1]
        assert store.refusals_of(connection, "wal_other") == [other]
    with tables.begin() as connection:
        store.delete_of_wallet(connection, ONE.wallet)
    with tables.read() as connection:
        assert store.refusals_of(connection, ONE.wallet) == []
        assert store.refusals_of(connection, "wal_other") == [other]
    tables.close()
