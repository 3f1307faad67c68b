# SPDX-License-Identifier: Apache-2.0
"""Mandates: pulled within their limits, in any window of time, until they end or are cancelled."""

from msgspec.structs import replace

from tests.ledgers import START_US
from tests.towns import DAY_S, HOUR_S, Town


def test_pulls_stay_within_each_and_total(town: Town) -> None:
    aru, shop = town.wallet(1000), town.wallet()
    mandate = town.mandate(aru, shop, each=100, total=250)
    town.must(mandate)
    above = town.submit(town.pull(shop, mandate, 101))
    assert (above.code, above.found, above.limit) == ("mandate_exceeds_each", 101, 100)
    for _ in range(2):
        town.must(town.pull(shop, mandate, 100))
    over = town.submit(town.pull(shop, mandate, 51))
    assert (over.code, over.found, over.limit) == ("mandate_used_up", 51, 50)
    town.must(town.pull(shop, mandate, 50))
    assert (town.balance(aru), town.balance(shop)) == (750, 250)
    town.pass_s(400 * DAY_S)
    assert town.code(town.pull(shop, mandate, 1)) == "mandate_used_up"


def test_a_window_slides(town: Town) -> None:
    aru, shop = town.wallet(1000), town.wallet()
    mandate = town.mandate(aru, shop, each=100, total=150, window_s=DAY_S)
    town.must(mandate)
    town.must(town.pull(shop, mandate, 100))
    town.pass_s(DAY_S - HOUR_S)
    town.must(town.pull(shop, mandate, 50))
    assert town.code(town.pull(shop, mandate, 1)) == "mandate_used_up"
    town.pass_s(HOUR_S)
    assert town.code(town.pull(shop, mandate, 100)) == "accepted"
    assert town.code(town.pull(shop, mandate, 1)) == "mandate_used_up"
    town.pass_s(DAY_S)
    town.must(town.pull(shop, mandate, 100))


def test_a_pull_without_money_uses_nothing_up(town: Town) -> None:
    aru, shop = town.wallet(50), town.wallet()
    mandate = town.mandate(aru, shop, each=100, total=100)
    town.must(mandate)
    assert town.code(town.pull(shop, mandate, 100)) == "exceeds_balance"
    town.must(town.pull(shop, mandate, 50))


def test_only_the_payee_pulls_and_only_under_a_mandate(town: Town) -> None:
    aru, shop, thief = town.wallet(500), town.wallet(), town.wallet()
    mandate, pay = town.mandate(aru, shop), town.pay(aru, shop, 1)
    town.must(mandate)
    town.must(pay)
    assert town.code(town.pull(thief, mandate, 1)) == "not_yours"
    assert town.code(town.pull(aru, mandate, 1)) == "not_yours"
    assert town.code(town.pull(shop, pay, 1)) == "order_not_found"
    pull = town.pull(shop, mandate, 1)
    assert town.code(replace(pull, mandate=pull.id)) == "order_not_found"
    town.must(pull)
    assert town.code(town.pull(shop, pull, 1)) == "order_not_found"


def test_who_may_grant_to_whom(town: Town) -> None:
    aru, shop, gold = town.wallet(500), town.wallet(), town.wallet()
    town.change(gold, accounts={"XAU-G": 1})
    assert town.code(town.mandate(aru, aru)) == "payee_is_payer"
    assert town.code(town.mandate(aru, gold)) == "payee_does_not_hold_asset"
    assert town.code(town.mandate(gold, aru)) == "asset_not_held"
    assert town.code(town.mandate(aru, "wal_" + "f" * 32)) == "payee_unknown"
    assert town.code(town.mandate(aru, shop, ends_us=START_US)) == "mandate_ended"


def test_a_mandate_ends(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    mandate = town.mandate(aru, shop, ends_us=START_US + HOUR_S * 1_000_000)
    town.must(mandate)
    town.must(town.pull(shop, mandate, 1))
    town.pass_s(HOUR_S)
    verdict = town.submit(town.pull(shop, mandate, 1))
    assert (verdict.code, verdict.limit) == ("mandate_ended", mandate.ends_us)


def test_either_side_cancels_for_good(town: Town) -> None:
    aru, shop, thief = town.wallet(500), town.wallet(), town.wallet()
    for canceller in (aru, shop):
        mandate = town.mandate(aru, shop, window_s=DAY_S)
        town.must(mandate)
        town.must(town.pull(shop, mandate, 10))
        assert town.code(town.cancel(thief, mandate)) == "not_yours"
        town.must(town.cancel(canceller, mandate))
        assert town.code(town.pull(shop, mandate, 10)) == "mandate_ended"
        town.must(town.cancel(canceller, mandate))
        town.pass_s(DAY_S)
        assert town.code(town.pull(shop, mandate, 10)) == "mandate_ended"
    assert town.code(town.cancel(aru, town.pay(aru, shop, 1))) == "order_not_found"


def test_a_pull_may_reserve_where_granted(town: Town) -> None:
    aru, hotel = town.wallet(500), town.wallet()
    plain, granted = town.mandate(aru, hotel), town.mandate(aru, hotel, holds=True)
    town.must(plain)
    town.must(granted)
    assert town.code(town.pull(hotel, plain, 1, hold_s=60)) == "mandate_holds_not_granted"
    hold = town.pull(hotel, granted, 100, hold_s=HOUR_S)
    town.must(hold)
    assert (town.held(aru), town.balance(hotel)) == (100, 0)
    more = town.hold(aru, hotel, 30, raises=hold.id)
    town.must(more)
    town.must(town.cancel(aru, granted))
    town.must(town.capture(hotel, 110, hold, more))
    assert (town.held(aru), town.balance(hotel)) == (0, 110)


def test_a_reserving_pull_may_name_a_decider(town: Town) -> None:
    aru, shop, judge = town.wallet(500), town.wallet(), town.wallet()
    mandate = town.mandate(aru, shop, holds=True)
    town.must(mandate)
    hold = town.pull(shop, mandate, 100, hold_s=HOUR_S, decider=judge)
    town.must(hold)
    assert town.code(town.capture(shop, 100, hold)) == "not_yours"
    town.must(town.release(judge, hold))
    unknown = town.pull(shop, mandate, 1, hold_s=60, decider="wal_" + "f" * 32)
    assert town.code(unknown) == "decider_unknown"


def test_a_suspended_payer_is_not_pulled_from(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet()
    mandate = town.mandate(aru, shop)
    town.must(mandate)
    town.change(aru, suspended=True)
    assert town.code(town.pull(shop, mandate, 1)) == "wallet_suspended"
    assert town.code(town.cancel(aru, mandate)) == "wallet_suspended"


def test_a_pull_flows_over(town: Town) -> None:
    aru, dana = town.wallet(500), town.wallet(80, ceiling=100, waterfall=True)
    mandate = town.mandate(aru, dana)
    town.must(mandate)
    assert town.must(town.pull(dana, mandate, 100)).amounts == (100, 100, 20)
