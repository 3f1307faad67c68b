# SPDX-License-Identifier: Apache-2.0
"""What planning sees of the ledger, for real and in a dry run."""

from kerege.centralbank.actions import PublishFees
from kerege.payments import Hold, Refund, TopUp
from kerege.payments.fees import FeeRule, FeeSchedule
from tests.doors import Door
from tests.registers import order_name


def test_a_bank_tops_up_its_customers_payment(door: Door) -> None:
    pay = door.pay(door.aru, door.bek.id, 1_400)
    topup = TopUp(
        id=pay.id,
        wallet=door.altyn.own.id,
        until_us=pay.until_us,
        asset="KZT",
        amount=400,
        pay=door.country.sign(pay, door.aru.key).decode(),
    )
    assert door.send(door.altyn, topup, door.altyn.own.key).accepted
    assert [door.balance(w) for w in (door.aru, door.bek, door.altyn.own)] == [0, 2_400, 600]


def test_a_bank_cannot_top_up_a_payment_nobody_signed(door: Door) -> None:
    pay = door.pay(door.aru, door.bek.id, 1_400)
    topup = TopUp(
        id=pay.id,
        wallet=door.altyn.own.id,
        until_us=pay.until_us,
        asset="KZT",
        amount=400,
        pay=door.country.sign(pay, door.altyn.own.key).decode(),
    )
    assert not door.send(door.altyn, topup, door.altyn.own.key).accepted
    assert door.balance(door.aru) == 1_000


def test_a_dry_run_tells_and_changes_nothing(door: Door) -> None:
    pay = door.pay(door.aru, door.bek.id, 300)
    assert door.try_out(door.altyn, pay, door.aru.key).accepted
    assert door.balance(door.aru) == 1_000
    assert door.send(door.altyn, pay, door.aru.key).accepted
    refund = Refund(
        id=order_name(door.country.next_number()),
        wallet=door.bek.id,
        until_us=pay.until_us,
        order=pay.id,
        amount=301,
    )
    too_much = door.try_out(door.qala, refund, door.bek.key)
    assert too_much.code == "exceeds_refundable"
    accounts = len(door.country.ledger.cells(door.account(door.bek)))
    hold = Hold(
        id=order_name(door.country.next_number()),
        wallet=door.aru.id,
        until_us=pay.until_us,
        asset="KZT",
        to=door.bek.id,
        amount=701,
        seconds=60,
    )
    assert door.try_out(door.altyn, hold, door.aru.key).code == "exceeds_balance"
    assert len(door.country.ledger.cells(door.account(door.bek))) == accounts


def test_a_published_fee_is_taken_from_what_the_payee_receives(door: Door) -> None:
    collector = door.country.open(door.qala.name, owner_kind="firm", tier="shop")
    rule = FeeRule(
        name="acquiring",
        asset="KZT",
        paid_by="payee",
        collector=collector.id,
        basis_points=150,
        texts={"kk": "комиссия", "ru": "комиссия", "en": "fee"},
    )
    door.country.act(PublishFees(schedule=FeeSchedule(version=1, rules=(rule,))))
    assert door.send(door.altyn, door.pay(door.aru, door.bek.id, 200), door.aru.key).accepted
    assert [door.balance(one) for one in (door.aru, door.bek, collector)] == [800, 1_197, 3]
