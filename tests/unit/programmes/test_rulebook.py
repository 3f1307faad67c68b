# SPDX-License-Identifier: Apache-2.0
"""What a programme's rules say to payments."""

import pytest

from kerege.programmes import Allowed, Blocked, Item, Situation
from kerege.programmes.rulebook import BUILT_IN_RULES, Rulebook
from tests.programmes import (
    CANTEEN,
    CHILD,
    MONDAY_NOON,
    SHOP,
    STATE,
    at_us,
    cap,
    condition,
    contracted,
    payment,
    programme,
    route,
)

GIVE = route("payer.is_funder && payee.kind == 'person'", name="give", arrival="keep")
EAT = route(
    "payer.kind == 'person' && payee.kind == 'firm'",
    condition("payee.category in ['8211', '5814']", "canteens"),
    condition("at.open && at.minute >= 7 * 60 && at.minute < 18 * 60", "hours"),
    condition("payment.amount <= 90000", "basket"),
    name="eat",
    caps=(cap(700_00), cap(2000_00, name="a-week", window="week")),
)
BACK = route("payee.is_funder", name="back", arrival="return")
MEALS = Rulebook(programme(GIVE, EAT, BACK))


@pytest.mark.parametrize(
    ("situation", "answer"),
    [
        (payment(), Allowed(EAT, 500_00)),
        (payment(amount=800_00), Allowed(EAT, 700_00)),
        (payment(payer=STATE, payee=CHILD), Allowed(GIVE, 500_00)),
        (payment(payee=STATE), Allowed(BACK, 500_00)),
        (payment(payee=SHOP), Blocked("eat", "canteens", 0)),
        (payment(amount=900_01), Blocked("eat", "basket", 700_00)),
        (payment(at_us=at_us("2026-11-22T07:00")), Blocked("eat", "hours", 0)),
        (payment(at_us=at_us("2026-11-23T13:00")), Blocked("eat", "hours", 0)),
        (payment(payee=CHILD), Blocked()),
        (payment(payer=CANTEEN, payee=SHOP), Blocked()),
        (payment(at_us=at_us("2026-01-01T00:00") - 1), Blocked("", "starts")),
        (payment(payee=STATE, at_us=at_us("2026-01-01T00:00")), Allowed(BACK, 500_00)),
        (payment(payee=STATE, at_us=at_us("2027-01-01T00:00") - 1), Allowed(BACK, 500_00)),
        (payment(payee=STATE, at_us=at_us("2027-01-01T00:00")), Blocked("", "ends")),
    ],
)
def test_meals(situation: Situation, answer: Allowed | Blocked) -> None:
    assert MEALS.judge(situation) == answer
    assert MEALS.judge(situation) == answer, "a remembered answer is the same"


def test_the_first_route_whose_when_holds_is_the_way() -> None:
    rules = Rulebook(
        programme(
            route("payment.amount < 100", name="small"),
            route(
                "payment.amount < 1000", condition("payment.amount == 7", "seven"), name="middle"
            ),
            route(name="rest"),
        )
    )
    answers = [rules.judge(payment(amount=amount)) for amount in (99, 100, 1000)]
    assert [one.route.name if isinstance(one, Allowed) else one for one in answers] == [
        "small",
        # Another route at a smaller amount is no answer to what would have passed here.
        Blocked("middle", "seven", 0),
        "rest",
    ]


def test_money_returns_to_its_funder_only() -> None:
    rules = Rulebook(programme(route(arrival="return")))
    assert rules.judge(payment()) == Blocked("way", "funder")


@pytest.mark.parametrize(
    ("contract", "rule"),
    [
        (None, "contract"),
        (contracted(is_buyer=False), "contract"),
        (contracted(is_supplier=False), "contract"),
        (contracted(of_programme=False), "contract"),
        (contracted(unmet=("wages",)), "obligations"),
        (contracted(is_buyer=False, unmet=("wages",)), "contract"),
    ],
)
def test_a_payment_for_a_contract_needs_it_in_order(contract: None, rule: str) -> None:
    rules = Rulebook(programme(route(about="contract")))
    assert rules.judge(payment(contract=contract)) == Blocked("way", rule)


def test_a_payment_for_its_contract() -> None:
    rules = Rulebook(programme(route(about="contract")))
    assert isinstance(rules.judge(payment(contract=contracted())), Allowed)


def test_a_payment_for_an_invoice_needs_it() -> None:
    rules = Rulebook(programme(route(about="invoice")))
    assert rules.judge(payment()) == Blocked("way", "invoice")
    assert isinstance(rules.judge(payment(invoiced=True)), Allowed)


def test_item_groups_bound_what_is_paid() -> None:
    rules = Rulebook(programme(route(groups=("meal", "milk"))))
    items = [Item("meal", 300_00), Item("sweets", 150_00), Item("milk", 50_00)]
    assert rules.judge(payment(items=items)) == Allowed(rules.programme.routes[0], 350_00)
    assert rules.judge(payment(items=items[1:2])) == Blocked("way", "groups")
    assert rules.judge(payment()) == Blocked("way", "groups")


def test_items_beyond_the_amount_allow_no_more_than_it() -> None:
    rules = Rulebook(programme(route(groups=("meal",))))
    answer = rules.judge(payment(items=[Item("meal", 10**17)] * 3))
    assert answer == Allowed(rules.programme.routes[0], 500_00)


@pytest.mark.parametrize(
    ("cel", "limit"),
    [
        ("payment.amount <= 400", 400),
        ("payment.amount < 400", 399),
        ("payment.amount > 10 && payment.amount < 20", 19),
        ("payment.amount == 7 || payment.amount == 3", 7),
        ("payment.amount > 600", 0),
        ("payment.amount / 0 == 1", 0),
    ],
)
def test_a_limit_is_what_would_have_passed(cel: str, limit: int) -> None:
    rules = Rulebook(programme(route("true", condition(cel))))
    assert rules.judge(payment(amount=500)) == Blocked("way", "rule", limit)


@pytest.mark.parametrize(
    "cel",
    [
        "1 / (payment.amount - payment.amount) == 1",
        "payment.purpose % 0 == 0",
        "payment.amount * 999999999999999999 > 0",
        "items['milk'] >= 0",
        "false && 1 / 0 == 1",
    ],
)
def test_a_fault_in_a_condition_is_a_no_with_its_name(cel: str) -> None:
    rules = Rulebook(programme(route("true", condition("true", "first"), condition(cel, "second"))))
    assert rules.judge(payment(amount=500)) == Blocked("way", "second", 0)


def test_a_fault_in_a_when_is_another_way() -> None:
    rules = Rulebook(programme(route("1 / payment.purpose == 1", name="odd"), route(name="rest")))
    answer = rules.judge(payment())
    assert isinstance(answer, Allowed)
    assert answer.route.name == "rest"


def test_a_fault_in_one_condition_does_not_hide_behind_another_that_fails() -> None:
    rules = Rulebook(
        programme(route("true", condition("1 / 0 == 1", "broken"), condition("false", "closed")))
    )
    assert rules.judge(payment()) == Blocked("way", "broken", 0)


def test_conditions_that_are_too_much_together_name_the_last() -> None:
    """The evaluator stops after 10 000 turns of loops in one call."""
    loops = [condition("items.all(g, items[g] > 0)", name) for name in ("one", "two")]
    rules = Rulebook(programme(route("true", *loops)))
    items = [Item(f"g{number}", 1) for number in range(6000)]
    assert rules.judge(payment(items=items)) == Blocked("way", "two", 0)


def test_asking_without_the_reason_is_the_same() -> None:
    for situation in (payment(), payment(payee=SHOP), payment(payee=CHILD), payment(amount=10**9)):
        judged = MEALS.judge(situation)
        assert MEALS.allow(situation) == (judged if isinstance(judged, Allowed) else None)


def test_what_is_remembered_is_bounded() -> None:
    rules = Rulebook(programme(route("payment.channel == 'qr'")))
    for number in range(3000):
        rules.judge(payment(channel=f"c{number}"))
    assert len(rules._remembered) <= 1024
    assert isinstance(rules.judge(payment(channel="qr")), Allowed)


def test_what_hangs_on_the_minute_is_remembered_for_it_alone() -> None:
    rules = Rulebook(programme(route("true", condition("at.minute < 1080"))))
    evening = MONDAY_NOON + (1079 - 720) * 60_000_000
    for _ in range(2):
        allowed = [
            isinstance(rules.judge(payment(at_us=evening + n * 60_000_000)), Allowed)
            for n in range(3)
        ]
        assert allowed == [True, False, False]
    for minute in range(3000):
        rules.judge(payment(at_us=MONDAY_NOON + minute * 60_000_000))
    assert len(rules._remembered) <= 1024


def test_a_window_ends_a_little_later_for_each() -> None:
    rules = Rulebook(programme())
    before_midnight = at_us("2026-11-23T18:59")
    ends = [
        rules.window_s(cap(1, window="day"), at_us=before_midnight, counted=f"wal_{number}")
        for number in range(100)
    ]
    assert min(ends) >= 60
    assert max(ends) < 60 + 3600
    assert len(set(ends)) > 90
    assert rules.window_s(cap(1, window="life"), at_us=before_midnight, counted="wal_1") == 0


def test_built_in_rules_are_each_told_by_some_test_above() -> None:
    assert set(BUILT_IN_RULES) == {
        "starts",
        "ends",
        "funder",
        "contract",
        "obligations",
        "invoice",
        "groups",
    }
