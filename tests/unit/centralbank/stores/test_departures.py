# SPDX-License-Identifier: Apache-2.0
"""Whom a wallet left stands by the order that moved it, and does not change."""

from kerege.centralbank.stores.departures import bank_left, note_departures
from tests.registers import Country


def test_the_first_note_stands(country: Country) -> None:
    with country.register._tables.begin() as connection:
        note_departures(connection, {})
        note_departures(connection, {"ord_1": "altyn-bank", "ord_2": "dala-post"})
        note_departures(connection, {"ord_1": "qala-bank"})
        assert bank_left(connection, "ord_1") == "altyn-bank"
        assert bank_left(connection, "ord_2") == "dala-post"
        assert bank_left(connection, "ord_3") == ""
