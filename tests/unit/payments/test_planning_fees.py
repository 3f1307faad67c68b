# SPDX-License-Identifier: Apache-2.0
"""Fees in a payment: who pays them, never more than granted; sponsors never stop a payment."""

from typing import Any

import pytest
from msgspec.structs import replace

from kerege.ledger.account import Status
from kerege.payments.fees import FeeRule, FeeSchedule
from tests.towns import DAY_S, Town

TEXTS: Any = {"kk": "а", "ru": "б", "en": "c"}


@pytest.fixture
def office(town: Town) -> str:
    """The wallet that collects."""
    return town.wallet(owner_kind="agency")


def _charge(town: Town, office: str, **rule: Any) -> None:
    given = {"name": f"rule-{len(town.scene.fees.rules)}", "asset": "KZT", "collector": office}
    rules = (*town.scene.fees.rules, FeeRule(texts=TEXTS, **{**given, "basis_points": 100, **rule}))
    town.scene.fees = FeeSchedule(version=1, rules=rules)


def test_the_payer_pays_on_top_up_to_what_it_grants(town: Town, office: str) -> None:
    _charge(town, office, paid_by="payer", kinds=("pay",))
    aru, shop, post = town.wallet(1000), town.wallet(), town.wallet()
    above = town.submit(town.pay(aru, shop, 500, max_fee=4))
    assert (above.code, above.found, above.limit) == ("fee_above_granted", 5, 4)
    pay = town.pay_all(aru, (shop, 500), (post, 300))
    assert town.submit(pay).found == 8
    town.must(town.pay(aru, shop, 500, max_fee=50))
    assert [town.balance(w) for w in (aru, shop, office)] == [495, 500, 5]


def test_the_payee_pays_out_of_what_it_receives(town: Town, office: str) -> None:
    _charge(town, office, paid_by="payee", minimum=20)
    aru, shop = town.wallet(1000), town.wallet()
    town.must(town.pay(aru, shop, 500))
    town.must(town.pay(aru, shop, 15))
    assert [town.balance(w) for w in (aru, shop, office)] == [485, 480, 35]
    hold = town.hold(aru, shop, 200)
    town.must(hold)
    town.must(town.capture(shop, 100, hold))
    mandate = town.mandate(aru, shop)
    town.must(mandate)
    town.must(town.pull(shop, mandate, 100))
    assert [town.balance(w) for w in (aru, shop, office)] == [285, 640, 75]


def test_a_fee_of_money_that_flows_over_leaves_others_money_there(town: Town, office: str) -> None:
    _charge(town, office, paid_by="payee", basis_points=1000)
    aru, dana = town.wallet(1000), town.wallet(90, ceiling=100, waterfall=True)
    town.must(town.pay(aru, dana, 100))
    assert town.balance(dana) == 100
    assert town.world.balance(town.overflow(dana)) == 80
    assert town.balance(office) == 10


def test_every_leg_is_refunded_in_full_whatever_fees_were_paid(town: Town, office: str) -> None:
    _charge(town, office, paid_by="payee")
    _charge(town, office, paid_by="payer", kinds=("pay",))
    aru, dana, shop = town.wallet(1000), town.wallet(50, waterfall=True), town.wallet(50)
    pay = town.pay(aru, dana, 100, max_fee=50)
    both = town.pay_all(aru, (dana, 200), (shop, 300))
    both = replace(both, max_fee=50)
    town.must(pay)
    town.must(both)
    legs = ((dana, pay, 0, 100), (dana, both, 0, 200), (shop, both, 1, 300))
    for payee, order, leg, amount in legs:
        assert town.code(town.refund(payee, order, amount + 1, leg)) == "exceeds_refundable"
        town.must(town.refund(payee, order, amount, leg))
    assert town.balance(aru) == 1000 - 6
    assert town.balance(office) == 12


def test_nobody_pays_a_fee_to_itself(town: Town, office: str) -> None:
    _charge(town, office, paid_by="payee")
    _charge(town, office, paid_by="payer", kinds=("pay",))
    aru = town.wallet(1000)
    town.must(town.pay(aru, office, 500))
    town.must(town.pay(office, aru, 500))
    assert town.balance(aru) == 1000


@pytest.mark.parametrize(
    ("rule", "fee"),
    [
        ({"purposes": (7,)}, 5),
        ({"purposes": (8,)}, 0),
        ({"categories": ("5411",)}, 5),
        ({"categories": ("5412",)}, 0),
        ({"payer_kinds": ("person",), "payee_kinds": ("firm", "agency")}, 5),
        ({"payer_kinds": ("firm",)}, 0),
        ({"payee_kinds": ("person",)}, 0),
        ({"kinds": ("capture", "pull")}, 0),
        ({"asset": "USD"}, 0),
        ({"collector": "wal_" + "f" * 32}, 0),
    ],
)
def test_rules_match_what_they_name(
    town: Town, office: str, rule: dict[str, Any], fee: int
) -> None:
    _charge(town, office, paid_by="payee", **rule)
    aru, shop = town.wallet(1000), town.wallet(owner_kind="firm", category="5411")
    town.must(town.pay(aru, shop, 500, purpose=7))
    assert town.balance(office) == fee


def _sponsor(town: Town, office: str, amount: int, *, rewards: str = "", **terms: Any) -> Any:
    sponsor = town.wallet(amount)
    mandate = town.mandate(sponsor, office, **{"each": 50, "total": 12, **terms})
    town.must(mandate)
    _charge(town, office, paid_by="sponsor", mandate=mandate.id, rewards=rewards)
    return sponsor, mandate


def test_a_sponsor_pays_within_its_mandate_and_then_no_more(town: Town, office: str) -> None:
    sponsor, _ = _sponsor(town, office, 100)
    aru, shop = town.wallet(5000), town.wallet()
    for _ in range(4):
        town.must(town.pay(aru, shop, 500))
    assert [town.balance(w) for w in (sponsor, office)] == [90, 10]
    town.must(town.pay_all(aru, (shop, 100), (shop, 100), (shop, 100)))
    assert [town.balance(w) for w in (sponsor, office)] == [88, 12]


def test_a_sponsor_without_money_or_mandate_stops_nobody(town: Town, office: str) -> None:
    aru, shop = town.wallet(5000), town.wallet()
    _sponsor(town, office, 3)
    gone, cancelled = _sponsor(town, office, 100)
    town.must(town.cancel(gone, cancelled))
    frozen, _ = _sponsor(town, office, 100)
    town.world.freeze(town.account(frozen), Status.DEBITS_FROZEN)
    suspended, _ = _sponsor(town, office, 100)
    town.change(suspended, suspended=True)
    _sponsor(town, office, 100, each=4)
    _charge(town, office, paid_by="sponsor", mandate=town.next_id())
    town.must(town.pay(aru, shop, 500))
    assert town.balance(office) == 0
    assert town.balance(shop) == 500


def test_a_mandate_to_another_sponsors_nothing(town: Town, office: str) -> None:
    thief, aru, shop = town.wallet(), town.wallet(5000), town.wallet()
    sponsor, mandate = _sponsor(town, office, 100)
    _charge(town, thief, paid_by="sponsor", mandate=mandate.id)
    town.must(town.pay(aru, shop, 500))
    assert [town.balance(w) for w in (sponsor, office, thief)] == [95, 5, 0]


def test_rewards_reach_whom_they_name_as_far_as_it_may_hold_them(town: Town, office: str) -> None:
    payers_friend, _ = _sponsor(town, office, 100, rewards="payer")
    payees_friend, _ = _sponsor(town, office, 100, rewards="payee")
    aru, full = town.wallet(1000), town.wallet(ceiling=502)
    town.must(town.pay(aru, full, 500))
    assert [town.balance(w) for w in (aru, full)] == [505, 502]
    assert [town.balance(w) for w in (payers_friend, payees_friend)] == [95, 98]


def test_a_windowed_mandate_sponsors_again(town: Town, office: str) -> None:
    _sponsor(town, office, 100, total=5, window_s=DAY_S)
    aru, shop = town.wallet(5000), town.wallet()
    for expected in (5, 5):
        town.must(town.pay(aru, shop, 500))
        assert town.balance(office) == expected
    town.pass_s(DAY_S)
    town.must(town.pay(aru, shop, 500))
    assert town.balance(office) == 10


def test_who_is_overtaken_is_told_so(
    town: Town, office: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sponsor(town, office, 100, total=5)
    aru, shop = town.wallet(5000), town.wallet()
    monkeypatch.setattr(town.scene, "spendable", lambda _: 1000)
    town.must(town.pay(aru, shop, 500))
    assert town.code(town.pay(aru, shop, 500)) == "sponsor_used_up"


def test_a_sponsor_does_not_reward_itself(town: Town, office: str) -> None:
    sponsor, _ = _sponsor(town, office, 1000, rewards="payer")
    shop = town.wallet()
    town.must(town.pay(sponsor, shop, 500))
    assert town.balance(sponsor) == 500
