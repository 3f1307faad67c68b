# SPDX-License-Identifier: Apache-2.0
"""What planning sees of the ledger, for real and in a dry run."""

from kerege.centralbank.actions import PublishFees
from kerege.keys import key_thumbprint, sign_compact
from kerege.payments import (
    REQUEST_TYP,
    Hold,
    Refund,
    Request,
    TopUp,
    encode_document,
    format_request_id,
)
from kerege.payments.fees import FeeRule, FeeSchedule
from tests.doors import ANSWER_S, Door
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


def _bill(door: Door, amount: int, number: int) -> str:
    request = Request(
        id=format_request_id(number.to_bytes(16, "big")),
        wallet=door.bek.id,
        asset="KZT",
        amount=amount,
        until_us=door.country.clock.now_us() + 1_000_000,
    )
    key = door.bek.key
    kid = key_thumbprint(key.public_key)
    return sign_compact(encode_document(request), key, kid=kid, typ=REQUEST_TYP).decode()


def test_a_batch_opens_its_allowances_together_and_pays_each_request_once(door: Door) -> None:
    bills = [_bill(door, 10, number) for number in range(5)]
    pays = [door.pay(door.aru, door.bek.id, 10, request=bill) for bill in [*bills, *bills]]
    texts = [door.country.sign(pay, door.aru.key) for pay in pays]
    verdicts = door.acceptance.submit_all(door.altyn.name, texts).result(ANSWER_S)
    assert [verdict.code for verdict in verdicts] == ["accepted"] * 5 + ["request_already_paid"] * 5
    assert door.balance(door.bek) == 1_050


def test_refunds_of_one_leg_in_one_batch_never_exceed_it(door: Door) -> None:
    pay = door.pay(door.aru, door.bek.id, 300)
    assert door.send(door.altyn, pay, door.aru.key).accepted
    refunds = [
        Refund(
            id=order_name(door.country.next_number()),
            wallet=door.bek.id,
            until_us=pay.until_us,
            order=pay.id,
            amount=200,
        )
        for _ in range(2)
    ]
    texts = [door.country.sign(refund, door.bek.key) for refund in refunds]
    verdicts = door.acceptance.submit_all(door.qala.name, texts).result(ANSWER_S)
    assert [verdict.code for verdict in verdicts] == ["accepted", "exceeds_refundable"]
    assert (verdicts[1].found, verdicts[1].limit) == (200, 100)


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
