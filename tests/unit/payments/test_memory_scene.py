# SPDX-License-Identifier: Apache-2.0
"""The scene in memory behaves as the core node's does, signatures apart."""

import pytest

from kerege.errors import InvariantViolation
from kerege.keys import parse_compact
from kerege.ledger.account import Role
from kerege.ledger.ids import AccountId, parse_order_id
from kerege.ledger.order import OpenAccount, Order
from kerege.payments.documents import decode_document
from kerege.payments.memory_scene import unsigned_text
from kerege.payments.refusal import Refusal
from tests.towns import Town


def test_an_allowance_is_opened_once(town: Town) -> None:
    step = OpenAccount("ALLOWANCE", Role.HOLDER, "request:x", floor=-5)
    opening = Order(town.world.next_id(), (step,))
    assert town.scene.allowance(opening) == town.scene.allowance(opening)
    other = Order(opening.id, (OpenAccount("ALLOWANCE", Role.HOLDER, "request:y", floor=-6),))
    with pytest.raises(InvariantViolation):
        town.scene.allowance(other)


def test_only_accepted_orders_are_past(town: Town) -> None:
    aru, shop = town.wallet(10), town.wallet()
    good, short = town.pay(aru, shop, 5), town.pay(aru, shop, 50)
    town.submit(good)
    town.submit(short)
    past = town.scene.past(parse_order_id(good.id))
    assert past
    assert (past.document, past.results) == (good, (5,))
    assert town.scene.past(parse_order_id(short.id)) is None


def test_a_repeat_is_answered_even_if_it_would_be_planned_otherwise_by_now(town: Town) -> None:
    aru, dana = town.wallet(10), town.wallet()
    pay = town.pay(aru, dana, 5)
    first = town.must(pay)
    town.change(dana, overflow={"KZT": AccountId(1)})
    again = town.must(pay)
    assert (again.replayed, again.amounts) == (True, first.amounts)


def test_texts_are_read_without_looking_at_signatures(town: Town) -> None:
    aru, shop = town.wallet(10), town.wallet()
    pay, request = town.pay(aru, shop, 5), town.request(shop, 5)
    text = unsigned_text(pay)
    assert decode_document(parse_compact(text.encode()).payload) == pay
    assert town.scene.payment(text) == pay
    assert town.scene.request(unsigned_text(request)) == request
    assert town.scene.payment(unsigned_text(request)) is Refusal.ORDER_TEXT_INVALID
    assert town.scene.request(text) is Refusal.REQUEST_INVALID
    assert town.scene.request("nonsense") is Refusal.REQUEST_INVALID
