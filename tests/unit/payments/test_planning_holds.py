# SPDX-License-Identifier: Apache-2.0
"""Holds: reserved, raised, captured by whom they name and never twice, released, expired."""

import pytest
from msgspec.structs import replace

from kerege.keys import encode_base64url
from tests.towns import HOUR_S, Town, lock_of

PREIMAGE = bytes(range(32))


def test_a_hold_is_captured_and_the_rest_goes_back(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    hold = town.hold(aru, shop, 200, purpose=4)
    town.must(hold)
    assert (town.balance(aru), town.held(aru)) == (500, 200)
    town.must(town.capture(shop, 150, hold))
    assert (town.balance(aru), town.held(aru), town.balance(shop)) == (350, 0, 150)
    assert town.code(town.capture(shop, 1, hold)) == "pending_already_captured"


def test_capture_in_parts_keeps_the_rest_reserved(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    hold = town.hold(aru, shop, 200)
    town.must(hold)
    town.must(town.capture(shop, 150, hold, keep=True))
    assert (town.held(aru), town.balance(shop)) == (50, 150)
    over = town.submit(town.capture(shop, 51, hold, keep=True))
    assert (over.code, over.found, over.limit) == ("exceeds_hold", 51, 50)
    town.must(town.capture(shop, 20, hold))
    assert (town.held(aru), town.balance(aru)) == (0, 330)


def test_a_raised_hold_is_captured_over_its_parts(town: Town) -> None:
    aru, hotel = town.wallet(500), town.wallet()
    hold = town.hold(aru, hotel, 100)
    more, most = (town.hold(aru, hotel, 50, raises=hold.id) for _ in range(2))
    for part in (hold, more, most):
        town.must(part)
    town.must(town.capture(hotel, 120, hold, more, most, keep=True))
    assert (town.held(aru), town.balance(hotel)) == (80, 120)
    town.must(town.capture(hotel, 30, more, most))
    assert (town.held(aru), town.balance(hotel)) == (0, 150)


def test_what_parts_do_not_give_is_released(town: Town) -> None:
    aru, hotel = town.wallet(500), town.wallet()
    hold = town.hold(aru, hotel, 100)
    more, most = (town.hold(aru, hotel, 50, raises=hold.id) for _ in range(2))
    for part in (hold, more, most):
        town.must(part)
    town.must(town.capture(hotel, 120, hold, more, most))
    assert (town.held(aru), town.balance(hotel)) == (0, 120)
    over = town.submit(town.capture(hotel, 201, hold, more, most))
    assert (over.code, over.found, over.limit) == ("exceeds_hold", 201, 200)


def test_only_the_payee_captures_and_releases(town: Town) -> None:
    aru, shop, thief = town.wallet(500), town.wallet(), town.wallet()
    hold = town.hold(aru, shop, 200)
    town.must(hold)
    for stranger in (aru, thief):
        assert town.code(town.capture(stranger, 1, hold)) == "not_yours"
        assert town.code(town.release(stranger, hold)) == "not_yours"
    town.must(town.release(shop, hold))
    assert (town.balance(aru), town.held(aru)) == (500, 0)
    assert town.code(town.capture(shop, 1, hold)) == "pending_already_voided"


def test_a_named_decider_captures_in_the_payees_stead(town: Town) -> None:
    aru, shop, judge = town.wallet(500), town.wallet(), town.wallet()
    first, second = (town.hold(aru, shop, 100, decider=judge) for _ in range(2))
    town.must(first)
    town.must(second)
    assert town.code(town.capture(shop, 1, first)) == "not_yours"
    town.must(town.capture(judge, 60, first))
    assert [town.balance(w) for w in (aru, shop, judge)] == [440, 60, 0]
    town.must(town.release(judge, second))
    assert town.held(aru) == 0
    third = town.hold(aru, shop, 100, decider=judge)
    town.must(third)
    town.must(town.release(shop, third))
    assert town.code(town.hold(aru, shop, 1, decider="wal_" + "f" * 32)) == "decider_unknown"


def test_a_lock_opens_to_its_preimage_only(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    hold = town.hold(aru, shop, 100, lock=lock_of(PREIMAGE))
    town.must(hold)
    for wrong in ("", encode_base64url(bytes(32)), lock_of(PREIMAGE)):
        assert town.code(town.capture(shop, 100, hold, preimage=wrong)) == "preimage_wrong"
    town.must(town.capture(shop, 100, hold, preimage=encode_base64url(PREIMAGE)))


def test_the_empty_preimage_opens_nothing_even_its_own_lock(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    hold = town.hold(aru, shop, 100, lock=lock_of(b""))
    town.must(hold)
    assert town.code(town.capture(shop, 100, hold)) == "preimage_wrong"


def test_a_hold_ends_by_itself(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    hold = town.hold(aru, shop, 100, seconds=HOUR_S)
    town.must(hold)
    town.pass_s(HOUR_S)
    assert town.held(aru) == 0
    assert town.code(town.capture(shop, 100, hold)) == "pending_expired"
    assert town.code(town.release(shop, hold)) == "pending_expired"


def test_holds_reserve_what_is_there_once(town: Town) -> None:
    aru, shop = town.wallet(100), town.wallet()
    town.must(town.hold(aru, shop, 80))
    over = town.submit(town.hold(aru, shop, 21))
    assert (over.code, over.step, over.found, over.limit) == ("exceeds_balance", 0, 21, 20)
    assert town.code(town.pay(aru, shop, 21)) == "exceeds_balance"


@pytest.mark.parametrize("change", ["to", "decider", "lock", "purpose"])
def test_a_raise_keeps_the_holds_rules(town: Town, change: str) -> None:
    aru, shop, other = town.wallet(500), town.wallet(), town.wallet()
    hold = town.hold(aru, shop, 100)
    town.must(hold)
    value = {"to": other, "decider": other, "lock": lock_of(PREIMAGE), "purpose": 1}[change]
    raise_ = replace(town.hold(aru, shop, 1, raises=hold.id), **{change: value})
    assert town.code(raise_) == "hold_parts_mismatch"


def test_who_may_reserve_for_whom(town: Town) -> None:
    aru, gold = town.wallet(500), town.wallet()
    town.change(gold, accounts={"XAU-G": 1})
    assert town.code(town.hold(aru, aru, 1)) == "payee_is_payer"
    assert town.code(town.hold(aru, gold, 1)) == "payee_does_not_hold_asset"
    assert town.code(town.hold(gold, aru, 1)) == "asset_not_held"
    assert town.code(town.hold(aru, "wal_" + "f" * 32, 1)) == "payee_unknown"


def test_a_raise_is_the_payers_own_and_names_a_hold(town: Town) -> None:
    aru, shop, thief = town.wallet(500), town.wallet(), town.wallet(500)
    hold, pay = town.hold(aru, shop, 100), town.pay(aru, shop, 1)
    town.must(hold)
    town.must(pay)
    raise_ = town.hold(aru, shop, 10, raises=hold.id)
    town.must(raise_)
    assert town.code(town.hold(thief, shop, 1, raises=hold.id)) == "not_yours"
    assert town.code(town.hold(aru, shop, 1, raises=raise_.id)) == "hold_parts_mismatch"
    for absent in (pay.id, "ord_" + "0" * 31 + "f"):
        assert town.code(town.hold(aru, shop, 1, raises=absent)) == "order_not_found"
    itself = town.hold(aru, shop, 1)
    assert town.code(replace(itself, raises=itself.id)) == "order_not_found"


def test_parts_are_of_one_hold_and_named_once(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    one, other = town.hold(aru, shop, 100), town.hold(aru, shop, 100)
    town.must(one)
    town.must(other)
    for parts in ((one, other), (one, one)):
        assert town.code(town.capture(shop, 150, *parts)) == "hold_parts_mismatch"
        assert town.code(town.release(shop, *parts)) == "hold_parts_mismatch"
    pay = town.pay(aru, shop, 1)
    town.must(pay)
    assert town.code(town.capture(shop, 1, pay)) == "order_not_found"
    assert town.code(town.release(shop, pay)) == "order_not_found"


def test_a_captured_hold_flows_over(town: Town) -> None:
    aru, dana = town.wallet(500), town.wallet(50, ceiling=100, waterfall=True)
    hold = town.hold(aru, dana, 200)
    town.must(hold)
    assert town.must(town.capture(dana, 200, hold)).amounts == (200, 50)
    assert town.world.balance(town.overflow(dana)) == 150


def test_nothing_stays_with_the_bank_a_payee_has_left(town: Town) -> None:
    aru, dana = town.wallet(500), town.wallet(50, ceiling=100, waterfall=True)
    left = town.overflow(dana)
    holds = [town.hold(aru, dana, 100) for _ in range(3)]
    for hold in holds:
        town.must(hold)
    new = town.world.collector()
    town.change(dana, overflow={"KZT": new})
    town.must(town.capture(dana, 100, holds[0]))
    assert (town.world.balance(left), town.world.balance(new), town.balance(dana)) == (0, 50, 100)
    town.change(dana, overflow={})
    assert town.code(town.capture(dana, 100, holds[1])) == "exceeds_ceiling"
    assert town.world.balance(left) == 0


def test_a_suspended_wallet_signs_nothing(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    hold = town.hold(aru, shop, 100)
    town.must(hold)
    town.change(shop, suspended=True)
    assert town.code(town.capture(shop, 1, hold)) == "wallet_suspended"
    assert town.code(town.release(shop, hold)) == "wallet_suspended"
    town.change(aru, suspended=True)
    assert town.code(town.hold(aru, shop, 1)) == "wallet_suspended"
