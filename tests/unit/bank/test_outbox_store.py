# SPDX-License-Identifier: Apache-2.0
"""Statements of the outbox: a key once, ids that grow."""

from pathlib import Path

from kerege.bank import outbox_store
from kerege.bank.desk_store import open_desk_tables


def row(key: str) -> dict[str, object]:
    return {"key": key, "customer": "c", "at_us": 1, "kind": "k", "wallet": "w", "data": "{}"}


def test_a_key_is_kept_once_and_ids_grow(tmp_path: Path) -> None:
    tables = open_desk_tables(f"sqlite:///{tmp_path}/bank.db")
    with tables.begin() as connection:
        assert outbox_store.last_id(connection) == 0
        outbox_store.insert_notices(connection, [row("a"), row("b")])
        outbox_store.insert_notices(connection, [row("b"), row("c")])
    with tables.read() as connection:
        found = outbox_store.notices_after(connection, "c", 0, limit=9)
        assert len(found) == 3
        assert [each.id for each in found] == sorted({each.id for each in found})
        assert outbox_store.last_id(connection) == found[-1].id
        assert set(outbox_store.notices_by_id(connection, [found[0].id])) == {found[0].id}
    tables.close()


def test_keys_are_counted_among_the_latest_of_a_customer(tmp_path: Path) -> None:
    tables = open_desk_tables(f"sqlite:///{tmp_path}/bank.db")
    with tables.begin() as connection:
        outbox_store.insert_notices(connection, [row("x:1"), row("x:2"), row("y:1")])
        counted = [
            outbox_store.count_recent(connection, customer, begins, since_us=since, among=among)
            for customer, begins, since, among in (
                ("c", "x:", 0, 9),
                ("c", "x:", 2, 9),
                ("c", "x:", 0, 2),
                ("d", "x:", 0, 9),
            )
        ]
    tables.close()
    assert counted == [2, 0, 1, 0]
