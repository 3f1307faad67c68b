# SPDX-License-Identifier: Apache-2.0
"""Rows of cards: one a tag, found by what is known of them."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from kerege.bank import cards_store as store
from kerege.bank.card import Card, CardState
from kerege.bank.customer import CustomerId

ONE = Card(
    id="crd_" + "1" * 32,
    tag="t" * 42 + "A",
    customer=CustomerId("cus_1"),
    wallet="wal_1",
    state=CardState.ACTIVE,
    bound_us=5,
    changed_us=5,
)


def test_a_card_is_kept_changed_and_forgotten(tmp_path: Path) -> None:
    tables = store.open_card_tables(f"sqlite:///{tmp_path / 'bank.db'}")
    blocked = replace(ONE, state=CardState.BLOCKED, changed_us=6)
    with tables.begin() as connection:
        for card in (ONE, ONE, blocked):
            store.save_card(connection, card)
        assert store.find_card(connection, ONE.id) == blocked
        assert store.find_by_tag(connection, ONE.tag) == blocked
        assert store.cards_of(connection, "cus_1") == [blocked]
        assert store.cards_of(connection, "cus_2") == []
        store.delete_card(connection, ONE.id)
        assert store.find_card(connection, ONE.id) is None
        store.save_card(connection, ONE)
        store.delete_cards_of_wallet(connection, "wal_2")
        assert store.find_by_tag(connection, ONE.tag) == ONE
        store.delete_cards_of_wallet(connection, "wal_1")
        assert store.find_by_tag(connection, ONE.tag) is None
    tables.close()


def test_a_tag_is_one_cards(tmp_path: Path) -> None:
    tables = store.open_card_tables(f"sqlite:///{tmp_path / 'bank.db'}")
    with tables.begin() as connection:
        store.save_card(connection, ONE)
    with pytest.raises(sa.exc.IntegrityError), tables.begin() as connection:
        store.save_card(connection, replace(ONE, id="crd_" + "2" * 32))
    tables.close()
