# SPDX-License-Identifier: Apache-2.0
"""What concerns programmes is noted once, in order, and costs what the programme costs."""

from collections.abc import Sequence
from typing import Any

import pytest

from kerege.centralbank import order_log, programme_orders
from kerege.centralbank.contract_trees import ContractTrees
from kerege.centralbank.programme_orders import ProgrammeOrders
from kerege.keys import parse_compact, sign_compact
from kerege.ledger import Mark, format_order_id
from kerege.ledger.stored import StoredBatch
from kerege.payments import ORDER_TYP
from kerege.payments.documents import Refund
from tests.building import Site
from tests.doors import Door
from tests.registers import kid_of
from tests.trading import Trade

ROADS = [Mark(1)]


class Counting:
    """A store that counts the orders it is asked for."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.read = self.looked_up = 0

    def batches(self, **asked: Any) -> Sequence[StoredBatch]:
        found: Sequence[StoredBatch] = self._store.batches(**asked)
        self.read += sum(len(batch.orders) for batch in found)
        return found

    def accepted(self, order_id: Any) -> Any:
        self.looked_up += 1
        return self._store.accepted(order_id)


def _names(orders: ProgrammeOrders, marks: Sequence[Mark] = ROADS) -> list[str]:
    return [format_order_id(stored.id) for _, stored in orders.of(marks)]


def test_papers_and_marked_money_in_their_order(door: Door) -> None:
    site = Site(door)
    orders = ProgrammeOrders(door.country.ledger._store)
    assert orders.catch_up()
    before = _names(orders)
    road = site.contract(site.treasury, site.builder, 500_00)
    paid = site.pay(site.treasury, site.builder, 300_00, about=road.id)
    plain = door.pay(door.aru, door.bek.id, 1)
    assert door.send(door.altyn, plain, door.aru.key).accepted
    wage = site.pay(site.builder, site.worker, 10_00, purpose=1)
    assert _names(orders) == before
    assert orders.catch_up()
    assert _names(orders) == [*before, road.id, paid.id, wage.id]
    assert _names(orders, [Mark(9)]) == [road.id, paid.id]


def test_a_second_look_reads_what_is_new_and_what_concerns(door: Door) -> None:
    site = Site(door)
    store = Counting(door.country.ledger._store)
    trees = ContractTrees(store, door.country.ledger, door.country.register)  # type: ignore[arg-type]
    road = site.contract(site.treasury, site.builder, 500_00)
    assert trees.tree("procurement") is not None
    for _ in range(30):
        assert door.send(door.altyn, door.pay(door.aru, door.bek.id, 1), door.aru.key).accepted
    assert trees.tree("procurement") is not None
    store.read = store.looked_up = 0
    site.pay(site.treasury, site.builder, 300_00, about=road.id)
    tree = trees.tree("procurement")
    assert tree is not None
    assert tree.roots[0].received == 300_00
    assert store.read <= 2
    assert store.looked_up <= 5


def test_what_is_left_unread_is_read_next_time(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(door)
    site.contract(site.treasury, site.builder, 500_00)
    whole = ProgrammeOrders(door.country.ledger._store)
    assert whole.catch_up()
    monkeypatch.setattr(order_log, "MAX_ORDERS_SEEN", 1)
    parts = ProgrammeOrders(door.country.ledger._store)
    calls = 1
    while not parts.catch_up():
        calls += 1
        assert calls < 100
    assert calls > 5
    assert _names(parts) == _names(whole)


def test_memory_is_bounded_and_says_so(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    Site(door)
    monkeypatch.setattr(programme_orders, "MAX_NOTED", 0)
    assert not ProgrammeOrders(door.country.ledger._store).catch_up()


def test_a_name_that_is_written_otherwise_hides_nothing(door: Door) -> None:
    r"""`"\u0061bout"` is `about` to whoever reads JSON."""
    trade = Trade(door)
    bill = trade.invoice(trade.mill, trade.baker, 100_00)
    pay = trade.payment(trade.baker, bill, 16_00)
    payload = parse_compact(trade.country.sign(pay, trade.baker.key)).payload
    hidden = payload.replace(b'"about"', rb'"\u0061bout"').replace(b'"about', rb'"\u0061bout')
    assert hidden != payload
    key = trade.baker.key
    text = sign_compact(hidden, key, kid=kid_of(key), typ=ORDER_TYP)
    assert door.bring(door.altyn, text).accepted
    back = Refund(**trade.frame(trade.mill), order=pay.id, amount=5_00)
    trade.must(trade.mill, back)
    orders = ProgrammeOrders(door.country.ledger._store)
    assert orders.catch_up()
    assert [one for one in _names(orders, []) if one in (bill.id, pay.id, back.id)] == [
        bill.id,
        pay.id,
        back.id,
    ]
