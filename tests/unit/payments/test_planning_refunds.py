# SPDX-License-Identifier: Apache-2.0
"""Refunds: what was paid goes back the way it came, once, signed by who was paid."""

from msgspec.structs import replace

from kerege.ledger.ids import Mark
from kerege.ledger.order import Order, Transfer
from kerege.payments.documents import TopUp
from kerege.payments.memory_scene import unsigned_text
from kerege.payments.scene import Past
from tests.towns import Town


def test_a_leg_is_refunded_in_parts_up_to_what_it_was(town: Town) -> None:
    aru, shop, post = town.wallet(500), town.wallet(100), town.wallet(100)
    pay = town.pay_all(aru, (shop, 200), (post, 50))
    town.must(pay)
    town.must(town.refund(shop, pay, 120))
    over = town.submit(town.refund(shop, pay, 81))
    assert (over.code, over.found, over.limit) == ("exceeds_refundable", 81, 80)
    town.must(town.refund(shop, pay, 80))
    town.must(town.refund(post, pay, 50, leg=1))
    assert [town.balance(w) for w in (aru, shop, post)] == [500, 100, 100]
    above = town.submit(town.refund(shop, pay, 201))
    assert (above.code, above.found, above.limit) == ("exceeds_refundable", 201, 200)


def test_a_refund_is_signed_by_the_legs_payee(town: Town) -> None:
    aru, shop, post = town.wallet(500), town.wallet(100), town.wallet(100)
    pay = town.pay_all(aru, (shop, 200), (post, 50))
    town.must(pay)
    assert town.code(town.refund(post, pay, 1)) == "not_yours"
    assert town.code(town.refund(aru, pay, 1)) == "not_yours"
    assert town.code(town.refund(shop, pay, 1, leg=2)) == "order_not_found"


def test_a_refund_the_payee_cannot_pay_uses_nothing_up(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    pay = town.pay(aru, shop, 200)
    town.must(pay)
    town.must(town.pay(shop, aru, 200))
    assert town.code(town.refund(shop, pay, 200)) == "exceeds_balance"
    town.must(town.pay(aru, shop, 200))
    town.must(town.refund(shop, pay, 200))


def test_captures_and_pulls_are_refunded_holds_and_refunds_are_not(town: Town) -> None:
    aru, shop, judge = town.wallet(500), town.wallet(100), town.wallet()
    hold = town.hold(aru, shop, 100, decider=judge)
    more = town.hold(aru, shop, 50, decider=judge, raises=hold.id)
    town.must(hold)
    town.must(more)
    capture = town.capture(judge, 120, hold, more)
    town.must(capture)
    assert town.code(town.refund(judge, capture, 1)) == "not_yours"
    back = town.refund(shop, capture, 120)
    town.must(back)
    assert town.code(town.refund(shop, capture, 1)) == "exceeds_refundable"
    mandate = town.mandate(aru, shop, holds=True)
    town.must(mandate)
    pull, reserve = town.pull(shop, mandate, 40), town.pull(shop, mandate, 40, hold_s=60)
    town.must(pull)
    town.must(reserve)
    town.must(town.refund(shop, pull, 40))
    assert town.code(town.refund(shop, pull, 1)) == "exceeds_refundable"
    for other in (hold, back, mandate, reserve):
        assert town.code(town.refund(shop, other, 1)) == "order_not_found"
        assert town.code(town.refund(aru, other, 1)) == "order_not_found"
    assert town.balance(aru) == 500
    assert town.code(town.refund(shop, capture, 1, leg=1)) == "order_not_found"


def test_an_order_does_not_refund_itself(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    pay = town.pay(aru, shop, 200)
    refund = town.refund(shop, pay, 1)
    assert town.code(replace(refund, order=refund.id)) == "order_not_found"


def test_a_refund_flows_over_like_any_money(town: Town) -> None:
    aru, shop = town.wallet(100, ceiling=100, waterfall=True), town.wallet()
    pay = town.pay(aru, shop, 80)
    town.must(pay)
    town.world.must(Transfer(town.world.issuer(), town.account(aru), 50))
    town.must(town.refund(shop, pay, 80))
    assert town.balance(aru) == 100
    assert town.world.balance(town.overflow(aru)) == 50


def test_what_flowed_over_is_refunded_from_the_wallet(town: Town) -> None:
    aru, dana = town.wallet(500), town.wallet(100, ceiling=100, waterfall=True)
    pay = town.pay_all(aru, (dana, 80), (dana, 20))
    town.must(pay)
    town.must(town.refund(dana, pay, 80, leg=0))
    town.must(town.refund(dana, pay, 20, leg=1))
    assert (town.balance(aru), town.balance(dana)) == (500, 0)


def test_a_topped_up_payment_goes_back_to_the_customer(town: Town) -> None:
    aru, shop = town.wallet(50), town.wallet()
    bank = town.wallet(1000, owner_kind="bank")
    bill = unsigned_text(town.request(shop, 120))
    pay = town.pay(aru, shop, 120, request=bill)
    topup = TopUp(
        id=pay.id,
        wallet=bank,
        until_us=pay.until_us,
        asset="KZT",
        amount=70,
        pay=unsigned_text(pay),
    )
    town.must(topup)
    town.must(town.refund(shop, topup, 120))
    assert [town.balance(w) for w in (aru, shop, bank)] == [120, 0, 930]


def _paid_in_marks(town: Town, *parts: tuple[int, int]) -> tuple[str, str, Past]:
    """A payment of several marks, as spending marked money first will make it."""
    aru, shop = town.wallet(1000), town.wallet()
    for mark, amount in parts:
        if mark:
            town.give(aru, amount, mark)
    pay = town.pay(aru, shop, sum(amount for _, amount in parts))
    steps = tuple(
        Transfer(town.account(aru), town.account(shop), amount, Mark(mark))
        for mark, amount in parts
    )
    order = Order(town.world.next_id(), steps)
    pay = replace(pay, id="ord_" + order.id.hex())
    (outcome,) = town.world.ledger.post([order])
    assert outcome.accepted
    past = Past(document=pay, order=order, results=outcome.results, at_us=outcome.at_us)
    town.scene.orders[order.id] = past
    return aru, shop, past


def test_marks_go_back_as_they_came_the_last_first(town: Town) -> None:
    aru, shop, past = _paid_in_marks(town, (5, 300), (0, 200))
    town.must(town.refund(shop, past.document, 150))
    assert (town.balance(shop), town.balance(shop, 5)) == (50, 300)
    town.must(town.refund(shop, past.document, 150))
    assert (town.balance(shop), town.balance(shop, 5)) == (0, 200)
    over = town.submit(town.refund(shop, past.document, 201))
    assert (over.code, over.found, over.limit) == ("exceeds_refundable", 201, 200)
    town.must(town.refund(shop, past.document, 200))
    assert (town.balance(aru), town.balance(aru, 5)) == (1000, 300)


def test_the_payers_bank_may_refund_with_its_own_money_and_no_other(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet(bank="qala-bank")
    own = town.wallet(900, owner_kind="bank")
    other = town.wallet(900, owner_kind="bank", bank="qala-bank")
    neighbour = town.wallet(900)
    pay = town.pay(aru, shop, 200)
    town.must(pay)
    assert town.code(town.refund(other, pay, 50)) == "not_yours"
    assert town.code(town.refund(neighbour, pay, 50)) == "not_yours"
    town.must(town.refund(own, pay, 150))
    assert [town.balance(one) for one in (aru, shop, own)] == [450, 200, 750]
    assert town.code(town.refund(shop, pay, 51)) == "exceeds_refundable"


def test_a_refund_is_held_to_what_may_go_back_in_all(town: Town) -> None:
    aru, shop, own = town.wallet(500), town.wallet(), town.wallet(900, owner_kind="bank")
    pay = town.pay(aru, shop, 500)
    town.must(pay)
    town.must(town.refund(shop, pay, 250))
    award = replace(town.refund(own, pay, 150), in_all=350)
    over = town.submit(award)
    assert (over.code, over.found, over.limit) == ("exceeds_refundable", 150, 100)
    town.must(replace(award, id=town.next_id(), amount=100))
    late = replace(award, id=town.next_id(), amount=1)
    assert town.submit(late).limit == 0
    town.must(town.refund(shop, pay, 150))
    assert town.balance(aru) == 500
