# SPDX-License-Identifier: Apache-2.0
"""A wallet has at most one intent, and one ends it."""

from kerege.centralbank.stores.intents import Intent, begin_intents, end_intents, read_intents
from tests.registers import Country


def _intent(order: str, wallet: str) -> Intent:
    return Intent(order_id=order, wallet=wallet, bank="b", evidence=b"e")


def test_one_intent_a_wallet(country: Country) -> None:
    a, b, c = _intent("o1", "w1"), _intent("o2", "w1"), _intent("o1", "w2")
    with country.register._tables.begin() as connection:
        assert begin_intents(connection, [a, b, c]) == {"o1"}
        assert begin_intents(connection, [b]) == set()
        assert read_intents(connection) == [a]
        assert read_intents(connection, wallets=["w1"]) == [a]
        assert read_intents(connection, order_ids=["o2"]) == []
        assert end_intents(connection, ["o1", "o2"]) == {"o1"}
        assert end_intents(connection, ["o1"]) == set()
        assert begin_intents(connection, [b]) == {"o2"}
