# SPDX-License-Identifier: Apache-2.0
"""Reading accepted orders again: what they were, never what a new document says of them."""

import pytest

from kerege.errors import InvariantViolation
from kerege.ledger.ids import parse_order_id
from kerege.ledger.order import Order
from kerege.payments.documents import Document, MalformedDocument, TopUp
from kerege.payments.earlier import (
    enclosed_pay,
    find_mandate,
    find_reserved,
    find_settled,
)
from kerege.payments.memory_scene import unsigned_text
from kerege.payments.scene import Past
from tests.towns import Town


def test_every_leg_is_found_among_steps_of_all_kinds(town: Town) -> None:
    aru, dana, shop = town.wallet(500), town.wallet(waterfall=True), town.wallet()
    pay = town.pay_all(aru, (dana, 10), (shop, 20), (dana, 30), (dana, 40))
    town.must(pay)
    legs = [find_settled(pay.id, leg, town.scene) for leg in range(4)]
    assert [leg and [moved.amount for moved in leg.moved] for leg in legs] == [
        [10],
        [20],
        [30],
        [40],
    ]
    assert [leg and (leg.payer, leg.payee) for leg in legs][1] == (aru, shop)
    assert find_settled(pay.id, 4, town.scene) is None
    assert find_settled(town.next_id(), 0, town.scene) is None


def test_a_hold_knows_its_first_part(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    hold = town.hold(aru, shop, 10)
    more = town.hold(aru, shop, 5, raises=hold.id)
    for part in (hold, more):
        town.must(part)
        found = find_reserved(part.id, town.scene)
        assert found
        assert (found.first, found.amount) == (hold.id, part.amount)
    assert find_mandate(hold.id, town.scene) is None


def test_a_mandate_knows_its_allowance(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    mandate = town.mandate(aru, shop)
    account = town.must(mandate).amounts[0]
    assert find_mandate(mandate.id, town.scene) == (mandate, account)
    assert find_reserved(mandate.id, town.scene) is None
    assert find_settled(mandate.id, 0, town.scene) is None


def _pretend(town: Town, document: Document, order: Order) -> None:
    order_id = parse_order_id(document.id)
    past = Past(document=document, order=order, results=(1,), at_us=0)
    town.scene.orders[order_id] = past


def test_a_history_that_cannot_be_is_our_fault_and_stops(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    pay, hold, mandate = town.pay(aru, shop, 5), town.hold(aru, shop, 5), town.mandate(aru, shop)
    town.must(hold)
    held = town.scene.orders[parse_order_id(hold.id)].order
    _pretend(town, pay, held)
    pull, capture = town.pull(shop, mandate, 5), town.capture(shop, 5, mandate)
    for document in (pull, capture):
        _pretend(town, document, held)
    for impossible in (pay.id, pull.id, capture.id):
        with pytest.raises(InvariantViolation):
            find_settled(impossible, 0, town.scene)


def test_a_topup_encloses_a_payment_and_nothing_else(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    pay, hold = town.pay(aru, shop, 5), town.hold(aru, shop, 5)

    def topup(text: str) -> TopUp:
        return TopUp(id=pay.id, wallet=shop, until_us=1, asset="KZT", amount=1, pay=text)

    assert enclosed_pay(topup(unsigned_text(pay))) == pay
    for text in ("", "a.b.c", "тенге", unsigned_text(hold)):
        with pytest.raises(MalformedDocument) as caught:
            enclosed_pay(topup(text))
        assert caught.value.place == "$.pay"
