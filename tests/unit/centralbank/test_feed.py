# SPDX-License-Identifier: Apache-2.0
"""Each institution hears of its own wallets, in order, from any point, and of nobody else's."""

from collections.abc import Callable

import pytest

from kerege.centralbank import feed as feed_module
from kerege.centralbank.feed import Feed
from kerege.centralbank.telling import Teller
from kerege.ledger import Ledger
from kerege.payments.events import Page
from tests.doors import Door


@pytest.fixture
def make_feed(door: Door) -> Callable[..., Feed]:
    ledger: Ledger = door.country.ledger

    def make(first_leaf: int = 0) -> Feed:
        teller = Teller(ledger, door.country.register)
        return Feed(ledger._store, teller, first_leaf=first_leaf)

    return make


def _pay(door: Door, amount: int) -> str:
    pay = door.pay(door.aru, door.bek.id, amount)
    assert door.send(door.altyn, pay, door.aru.key).accepted
    return pay.id


def test_both_banks_hear_their_side(door: Door, make_feed: Callable[..., Feed]) -> None:
    order = _pay(door, 5)
    feed = make_feed()
    ours, theirs = (feed.after(-1, bank=bank.name).events[-1] for bank in (door.altyn, door.qala))
    assert (ours.order, ours.kind, ours.cursor) == (order, "pay", theirs.cursor)
    (out,), (into,) = ours.wallets, theirs.wallets
    assert (out.wallet, out.change, out.bank) == (door.aru.id, -5, "qala-bank")
    assert (into.wallet, into.change, into.counterparty) == (door.bek.id, 5, door.aru.id)


def test_nobody_else_hears(door: Door, make_feed: Callable[..., Feed]) -> None:
    _pay(door, 5)
    assert make_feed().after(-1, bank=door.country.bank("ush-bank").name).events == ()


def test_pages_from_memory_and_from_the_ledger_are_the_same(
    door: Door, make_feed: Callable[..., Feed], monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [_pay(door, 1) for _ in range(7)]
    monkeypatch.setattr(feed_module, "_LOOKED_AT", 3)
    for feed in (make_feed(), make_feed(10**6)):
        cursor, heard = -1, []
        while (page := feed.after(cursor, bank=door.qala.name, limit=2)).next != cursor:
            cursor = page.next
            heard += [event.order for event in page.events if event.kind == "pay"]
        assert heard == orders


def test_a_reader_at_the_end_hears_what_is_caught_up_with(
    door: Door, make_feed: Callable[..., Feed]
) -> None:
    feed, bank = make_feed(), door.qala.name
    end = feed.after(-1, bank=bank).next
    order = _pay(door, 3)
    assert feed.known_after(end, bank=bank) == Page((), end)
    newest = feed.catch_up()
    known = feed.known_after(end, bank=bank)
    assert known is not None
    assert ([e.order for e in known.events], known.next) == ([order], newest)
    assert feed.after(end, bank=bank) == known


def test_memory_is_bounded(
    door: Door, make_feed: Callable[..., Feed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "_RECENT", 2)
    feed, bank = make_feed(), door.qala.name
    end = feed.catch_up()
    orders = [_pay(door, 1) for _ in range(7)]
    for _ in range(2):
        feed.catch_up()
    assert len(feed._window.told) <= 4
    assert feed.known_after(end, bank=bank) is None
    assert [e.order for e in feed.after(end, bank=bank).events] == orders
    assert [e.order for e in feed.after(end + 5, bank=bank).events] == orders[5:]
