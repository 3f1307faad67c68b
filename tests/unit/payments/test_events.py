# SPDX-License-Identifier: Apache-2.0
"""Events as they travel."""

import msgspec

from kerege.payments.events import Event, Move, Page


def test_a_page_reads_back_as_written_and_says_nothing_twice() -> None:
    move = Move("wal_1", "KZT", -5, counterparty="wal_2")
    page = Page((Event(7, "ord_1", 9, "pay", (move,)),), next=8)
    text = msgspec.json.encode(page)
    assert msgspec.json.encode(msgspec.json.decode(text, type=Page)) == text
    assert b'{"wallet":"wal_1","asset":"KZT","change":-5,"counterparty":"wal_2"}' in text
    assert b'"document":null' in text
