# SPDX-License-Identifier: Apache-2.0
"""Payments: every leg or none, money above a holding limit flows over, requests are paid once."""

import pytest
from msgspec.structs import replace

from kerege.payments.memory_scene import unsigned_text
from tests.ledgers import START_US, move
from tests.towns import Town


def test_money_goes_from_payer_to_payees(town: Town) -> None:
    aru, shop, post = town.wallet(500), town.wallet(), town.wallet()
    assert town.submit(town.pay_all(aru, (shop, 200), (post, 50), (shop, 1))).accepted
    assert [town.balance(w) for w in (aru, shop, post)] == [249, 201, 50]


def test_all_legs_or_none_and_the_refusal_names_the_leg(town: Town) -> None:
    aru, shop, small = town.wallet(500), town.wallet(), town.wallet(ceiling=10)
    verdict = town.submit(town.pay_all(aru, (shop, 200), (small, 11)))
    assert (verdict.code, verdict.step) == ("exceeds_ceiling", 1)
    assert (verdict.found, verdict.limit) == (11, 10)
    assert town.balance(aru) == 500


def test_what_exceeds_a_holding_limit_flows_over(town: Town) -> None:
    aru, dana = town.wallet(500), town.wallet(30, ceiling=100, waterfall=True)
    verdict = town.must(town.pay(aru, dana, 200))
    assert verdict.amounts == (200, 70)
    assert town.balance(dana) == 100
    assert town.world.balance(town.overflow(dana)) == 130
    assert town.must(town.pay(aru, dana, 5)).amounts == (5, 0)


def test_each_leg_keeps_its_place_when_steps_are_more(town: Town) -> None:
    aru, dana, small = town.wallet(500), town.wallet(waterfall=True), town.wallet(ceiling=1)
    verdict = town.submit(town.pay_all(aru, (dana, 10), (dana, 10), (small, 2)))
    assert (verdict.code, verdict.step) == ("exceeds_ceiling", 2)


def test_an_overflow_pays_the_wallet_it_belongs_to_straight(town: Town) -> None:
    dana = town.wallet(ceiling=100, waterfall=True)
    bank = town.wallet(owner_kind="bank")
    town.world.must(move(1, town.overflow(dana), 90))
    town.change(bank, accounts={"KZT": town.overflow(dana)})
    assert town.must(town.pay(bank, dana, 60)).amounts == (60,)
    assert town.balance(dana) == 60


@pytest.mark.parametrize(
    ("payer", "payee", "code"),
    [
        ("unknown", "shop", "wallet_unknown"),
        ("suspended", "shop", "wallet_suspended"),
        ("gold", "shop", "asset_not_held"),
        ("aru", "unknown", "payee_unknown"),
        ("aru", "gold", "payee_does_not_hold_asset"),
        ("aru", "aru", "payee_is_payer"),
    ],
)
def test_who_may_pay_whom(town: Town, payer: str, payee: str, code: str) -> None:
    who = {name: town.wallet(500) for name in ("aru", "shop", "suspended", "gold")}
    who["unknown"] = "wal_" + "f" * 32
    town.change(who["suspended"], suspended=True)
    town.change(who["gold"], accounts={"XAU-G": 1})
    assert town.code(town.pay(who[payer], who[payee], 1)) == code


def test_a_repeat_gets_the_first_verdict_and_pays_once(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    pay = town.pay(aru, shop, 200)
    first, second = town.must(pay), town.must(pay)
    assert replace(second, replayed=False) == first
    assert town.balance(shop) == 200
    assert town.code(replace(pay, max_fee=1)) == "id_has_other_content"


def test_times_are_held_by_the_ledger(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    late = town.pay(aru, shop, 1, until_us=START_US - 1)
    early = town.pay(aru, shop, 1, after_us=START_US + 1)
    assert [town.code(late), town.code(early)] == ["expired", "not_yet_valid"]


def test_a_request_is_paid_once(town: Town) -> None:
    aru, dana, shop = town.wallet(500), town.wallet(500), town.wallet()
    bill = unsigned_text(town.request(shop, 120))
    assert town.submit(town.pay(aru, shop, 120, request=bill)).accepted
    again = town.submit(town.pay(dana, shop, 120, request=bill))
    assert (again.code, again.step, again.limit) == ("request_already_paid", -1, 0)
    assert town.balance(shop) == 120


def test_a_bill_is_split_and_never_paid_above_its_amount(town: Town) -> None:
    aru, dana, shop = town.wallet(500), town.wallet(500), town.wallet()
    bill = unsigned_text(town.request(shop, 120, parts=True))
    town.must(town.pay(aru, shop, 70, request=bill))
    over = town.submit(town.pay(dana, shop, 51, request=bill))
    assert (over.code, over.found, over.limit) == ("request_already_paid", 51, 50)
    town.must(town.pay(dana, shop, 50, request=bill))
    assert town.code(town.pay(aru, shop, 1, request=bill)) == "request_already_paid"


def test_a_refused_payment_does_not_use_up_its_request(town: Town) -> None:
    poor, aru, shop = town.wallet(1), town.wallet(500), town.wallet()
    bill = unsigned_text(town.request(shop, 120))
    short = town.submit(town.pay(poor, shop, 120, request=bill))
    assert (short.code, short.step) == ("exceeds_balance", 0)
    town.must(town.pay(aru, shop, 120, request=bill))


def test_an_answer_is_what_was_asked_for(town: Town) -> None:
    aru, shop, thief = town.wallet(500), town.wallet(), town.wallet()
    bill = unsigned_text(town.request(shop, 120, purpose=7))
    answers = [
        town.pay(aru, thief, 120, purpose=7, request=bill),
        town.pay(aru, shop, 119, purpose=7, request=bill),
        town.pay(aru, shop, 121, purpose=7, request=bill),
        town.pay(aru, shop, 120, request=bill),
        replace(town.pay_all(aru, (shop, 60), (shop, 60)), request=bill),
    ]
    assert {town.code(answer) for answer in answers} == {"request_mismatch"}
    assert town.code(town.pay(aru, shop, 120, purpose=7, request="x.y")) == "request_invalid"
    town.must(town.pay(aru, shop, 120, purpose=7, request=bill))


def test_a_request_has_its_time(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    bill = unsigned_text(town.request(shop, 120, until_us=START_US - 1))
    assert town.code(town.pay(aru, shop, 120, request=bill)) == "request_expired"


def test_anothers_request_of_the_same_id_uses_nothing_up(town: Town) -> None:
    aru, shop, thief = town.wallet(500), town.wallet(), town.wallet(500)
    request = town.request(shop, 120)
    theirs = replace(request, wallet=thief)
    town.must(town.pay(aru, thief, 120, request=unsigned_text(theirs)))
    town.must(town.pay(aru, shop, 120, request=unsigned_text(request)))
