# SPDX-License-Identifier: Apache-2.0
"""Which money pays: programmes' money where rules allow, the rest unmarked, in one order."""

import pytest

from kerege.programmes import Allowed, Blocked, Item, Route, Situation
from kerege.programmes.rulebook import Rulebook
from tests.ledgers import START_US
from tests.programmes import cap, condition, route
from tests.towns import DAY_S, Town

GRANT = route("payer.is_funder", name="grant", arrival="keep")
CANTEEN = route("payee.category == '8211'", name="canteen")


class Lunch:
    """A child with 300 of the programme and 50 of its own, and a canteen."""

    def __init__(self, town: Town, *routes: Route, granted: int = 300, own: int = 50) -> None:
        self.town = town
        self.meals = town.programme(GRANT, *(routes or (CANTEEN,)))
        self.child, self.canteen = town.wallet(own), town.wallet(category="8211")
        town.grant(self.meals, self.child, granted)

    def has(self) -> tuple[int, int]:
        """What the child has of the programme and of its own."""
        return self.town.balance(self.child, self.meals.mark), self.town.balance(self.child)


@pytest.fixture
def lunch(town: Town) -> Lunch:
    return Lunch(town)


def test_marked_money_pays_first_and_arrives_unmarked(town: Town, lunch: Lunch) -> None:
    town.must(town.pay(lunch.child, lunch.canteen, 120))
    assert lunch.has() == (180, 50)
    assert town.balance(lunch.canteen) == 120
    assert town.balance(lunch.canteen, lunch.meals.mark) == 0


def test_the_rest_is_the_payers_own_in_one_order(town: Town, lunch: Lunch) -> None:
    town.must(town.pay(lunch.child, lunch.canteen, 320))
    assert lunch.has() == (0, 30)
    assert town.balance(lunch.canteen) == 320


def test_why_a_programme_kept_its_money_is_asked_only_for_a_refusal(
    town: Town, lunch: Lunch, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    judge = Rulebook.judge

    def watched(rules: Rulebook, situation: Situation) -> Allowed | Blocked:
        asked.append(situation)
        return judge(rules, situation)

    monkeypatch.setattr(Rulebook, "judge", watched)
    shop = town.wallet(category="5411")
    town.must(town.pay(lunch.child, shop, 50))
    assert (lunch.has(), asked) == ((300, 0), [])
    verdict = town.submit(town.pay(lunch.child, shop, 1))
    assert (verdict.code, verdict.rule, len(asked)) == ("programme_rule", "meals//", 1)


def test_more_than_all_money_is_refused_as_ever(town: Town, lunch: Lunch) -> None:
    verdict = town.submit(town.pay(lunch.child, lunch.canteen, 360))
    assert (verdict.code, verdict.found, verdict.limit) == ("exceeds_balance", 60, 50)
    assert lunch.has() == (300, 50)


def test_where_no_route_leads_the_refusal_names_the_programme(town: Town, lunch: Lunch) -> None:
    friend = town.wallet()
    verdict = town.submit(town.pay(lunch.child, friend, 70))
    assert (verdict.code, verdict.rule) == ("programme_rule", "meals//")
    assert (verdict.found, verdict.limit) == (70, 50)
    town.must(town.pay(lunch.child, friend, 50))
    assert lunch.has() == (300, 0)


def test_a_condition_is_named(town: Town) -> None:
    rule = condition("payment.amount <= 100", name="small")
    lunch = Lunch(town, route("true", rule, name="canteen"), own=0)
    verdict = town.submit(town.pay(lunch.child, lunch.canteen, 101))
    assert (verdict.code, verdict.rule) == ("programme_rule", "meals/canteen/small")
    town.must(town.pay(lunch.child, lunch.canteen, 100))


def test_who_pays_may_choose(town: Town, lunch: Lunch) -> None:
    town.must(town.pay(lunch.child, lunch.canteen, 40, spend="unmarked"))
    assert lunch.has() == (300, 10)
    too_much = town.pay(lunch.child, lunch.canteen, 40, spend="unmarked")
    assert town.code(too_much) == "exceeds_balance"
    town.must(town.pay(lunch.child, lunch.canteen, 40, spend="meals"))
    assert lunch.has() == (260, 10)
    verdict = town.submit(town.pay(lunch.child, lunch.canteen, 261, spend="meals"))
    assert (verdict.code, verdict.rule) == ("programme_rule", "meals//balance")
    assert (verdict.found, verdict.limit) == (261, 260)
    unknown = town.pay(lunch.child, lunch.canteen, 1, spend="meal")
    assert town.code(unknown) == "programme_unknown"


def test_the_soonest_to_end_goes_first(town: Town, lunch: Lunch) -> None:
    ends_us = START_US + DAY_S * 1_000_000
    soon = town.programme(GRANT, CANTEEN, id="autumn", ends_us=ends_us)
    town.grant(soon, lunch.child, 100)
    town.must(town.pay(lunch.child, lunch.canteen, 150))
    assert town.balance(lunch.child, soon.mark) == 0
    assert lunch.has() == (250, 50)


def test_items_bound_what_a_programme_pays(town: Town) -> None:
    lunch = Lunch(town, route("true", name="canteen", groups=("meal",)))
    items = (Item("meal", 60), Item("sweets", 30))
    town.must(town.pay(lunch.child, lunch.canteen, 90, items=items))
    assert lunch.has() == (240, 20)


def test_a_cap_holds_for_its_window(town: Town) -> None:
    daily = cap(100, name="daily", window="day")
    lunch = Lunch(town, route("true", name="canteen", caps=(daily,)), own=0)
    town.must(town.pay(lunch.child, lunch.canteen, 60))
    verdict = town.submit(town.pay(lunch.child, lunch.canteen, 60))
    assert (verdict.code, verdict.rule) == ("programme_rule", "meals/canteen/daily")
    assert (verdict.found, verdict.limit) == (60, 40)
    town.must(town.pay(lunch.child, lunch.canteen, 40))
    used_up = town.submit(town.pay(lunch.child, lunch.canteen, 1))
    assert (used_up.rule, used_up.limit) == ("meals/canteen/daily", 0)
    town.pass_s(DAY_S + 3600)
    town.must(town.pay(lunch.child, lunch.canteen, 100))
    assert lunch.has() == (100, 0)


@pytest.mark.parametrize(
    ("of", "another"), [("payer", True), ("payee", False), ("pair", True), ("all", False)]
)
def test_whom_a_cap_counts(town: Town, of: str, another: bool) -> None:
    lunch = Lunch(town, route("true", name="canteen", caps=(cap(50, of=of, window="life"),)), own=0)
    sister = town.wallet()
    town.grant(lunch.meals, sister, 50)
    town.must(town.pay(lunch.child, lunch.canteen, 50))
    assert town.submit(town.pay(sister, lunch.canteen, 50)).accepted == another


def test_several_legs_share_what_there_is(town: Town, lunch: Lunch) -> None:
    other = town.wallet(category="8211")
    pay = town.pay_all(lunch.child, (lunch.canteen, 200), (other, 130))
    town.must(pay)
    assert lunch.has() == (0, 20)
    assert (town.balance(lunch.canteen), town.balance(other)) == (200, 130)
    town.must(town.refund(other, pay, 130, leg=1))
    assert lunch.has() == (100, 50)


def test_caps_of_one_order_count_its_legs_together(town: Town) -> None:
    lunch = Lunch(town, route("true", name="canteen", caps=(cap(50, window="life"),)))
    other = town.wallet()
    town.must(town.pay_all(lunch.child, (lunch.canteen, 40), (other, 40)))
    assert lunch.has() == (250, 20)


def test_the_funder_has_its_money_back_by_a_return(town: Town) -> None:
    meals = town.programme(GRANT, route("payee.is_funder", name="back", arrival="return"))
    child = town.wallet()
    town.grant(meals, child, 1_000)
    funder = meals.terms.funder
    assert town.code(town.fund(meals, 1)) == "programme_budget"
    town.must(town.pay(child, funder, 400))
    assert (town.balance(funder), town.balance(funder, meals.mark)) == (9_400, 0)
    town.must(town.fund(meals, 400))


def test_a_suspended_programmes_money_rests(town: Town, lunch: Lunch) -> None:
    town.change_programme(lunch.meals.mark, suspended=True)
    verdict = town.submit(town.pay(lunch.child, lunch.canteen, 60))
    assert (verdict.code, verdict.rule) == ("programme_rule", "meals//suspended")
    town.change_programme(lunch.meals.mark, suspended=False)
    town.must(town.pay(lunch.child, lunch.canteen, 60))


def test_money_that_keeps_its_mark_stays_with_the_payee(town: Town) -> None:
    works = town.programme(route("true", name="chain", arrival="keep"), id="works")
    builder, digger = town.wallet(), town.wallet(waterfall=True, ceiling=80)
    town.grant(works, builder, 300)
    # What is marked never flows over into a bank's deposit.
    assert town.code(town.pay(builder, digger, 100)) == "exceeds_ceiling"
    town.must(town.pay(builder, digger, 80))
    assert town.balance(digger, works.mark) == 80


def test_holds_keep_their_marks(town: Town, lunch: Lunch) -> None:
    hold = town.hold(lunch.child, lunch.canteen, 320)
    town.must(hold)
    assert lunch.has() == (300, 50)
    assert town.code(town.pay(lunch.child, lunch.canteen, 31)) == "exceeds_balance"
    town.must(town.capture(lunch.canteen, 310, hold))
    assert lunch.has() == (0, 40)
    assert town.balance(lunch.canteen) == 310
    town.must(town.pay(lunch.child, lunch.canteen, 40))


def test_a_released_hold_gives_marks_back(town: Town, lunch: Lunch) -> None:
    hold = town.hold(lunch.child, lunch.canteen, 320)
    town.must(hold)
    town.must(town.release(lunch.canteen, hold))
    town.must(town.pay(lunch.child, lunch.canteen, 350))


def test_a_capture_in_parts_and_its_refund(town: Town, lunch: Lunch) -> None:
    hold = town.hold(lunch.child, lunch.canteen, 320)
    town.must(hold)
    town.must(town.capture(lunch.canteen, 100, hold, keep=True))
    assert lunch.has() == (200, 50)
    rest = town.capture(lunch.canteen, 200, hold)
    town.must(rest)
    assert lunch.has() == (0, 50)
    town.must(town.refund(lunch.canteen, rest, 50))
    assert lunch.has() == (50, 50)


def test_a_hold_of_a_suspended_programme_waits(town: Town, lunch: Lunch) -> None:
    hold = town.hold(lunch.child, lunch.canteen, 100)
    town.must(hold)
    town.change_programme(lunch.meals.mark, suspended=True)
    assert town.code(town.capture(lunch.canteen, 100, hold)) == "programme_suspended"
    town.change_programme(lunch.meals.mark, suspended=False)
    town.must(town.capture(lunch.canteen, 100, hold))


def test_kept_marks_are_held_for_the_payee(town: Town) -> None:
    works = town.programme(route("true", name="chain", arrival="keep"), id="works")
    builder, digger, judge = town.wallet(), town.wallet(), town.wallet()
    town.grant(works, builder, 300)
    hold = town.hold(builder, digger, 300, decider=judge)
    town.must(hold)
    town.must(town.capture(judge, 250, hold))
    assert town.balance(digger, works.mark) == 250
    assert town.balance(builder, works.mark) == 50


def test_pulls_choose_as_payments_do(town: Town, lunch: Lunch) -> None:
    mandate = town.mandate(lunch.child, lunch.canteen, each=320, total=640)
    town.must(mandate)
    town.must(town.pull(lunch.canteen, mandate, 310))
    assert lunch.has() == (0, 40)


@pytest.mark.parametrize("amount", [1, 119, 120])
def test_a_refund_restores_the_mark(town: Town, lunch: Lunch, amount: int) -> None:
    pay = town.pay(lunch.child, lunch.canteen, 120)
    town.must(pay)
    town.must(town.refund(lunch.canteen, pay, amount))
    assert lunch.has() == (180 + amount, 50)
    assert town.balance(lunch.canteen) == 120 - amount


def test_split_tender_is_refunded_the_last_first(town: Town, lunch: Lunch) -> None:
    pay = town.pay(lunch.child, lunch.canteen, 340)
    town.must(pay)
    town.must(town.refund(lunch.canteen, pay, 50))
    assert lunch.has() == (10, 50)
    town.must(town.refund(lunch.canteen, pay, 290))
    assert lunch.has() == (300, 50)
    assert town.code(town.refund(lunch.canteen, pay, 1)) == "exceeds_refundable"


def test_kept_money_spent_meanwhile_is_refunded_from_the_payees_own(town: Town) -> None:
    works = town.programme(route("true", name="chain", arrival="keep"), id="works")
    builder, digger, shop = town.wallet(), town.wallet(60), town.wallet()
    town.grant(works, builder, 100)
    pay = town.pay(builder, digger, 100)
    town.must(pay)
    town.must(town.pay(digger, shop, 70, spend="works"))
    town.must(town.refund(digger, pay, 90))
    assert town.balance(builder, works.mark) == 90
    assert (town.balance(digger), town.balance(digger, works.mark)) == (0, 0)


def test_a_refund_after_the_end_goes_to_the_funder(town: Town, lunch: Lunch) -> None:
    pay = town.pay(lunch.child, lunch.canteen, 320)
    town.must(pay)
    funder = lunch.meals.terms.funder
    before = town.balance(funder)
    town.pass_s(40 * DAY_S)
    town.must(town.refund(lunch.canteen, pay, 320))
    assert lunch.has() == (0, 50)
    assert town.balance(funder) == before + 300


def test_waterfall_takes_what_arrives_unmarked(town: Town, lunch: Lunch) -> None:
    canteen = town.wallet(category="8211", waterfall=True, ceiling=100)
    town.must(town.pay(lunch.child, canteen, 160))
    assert town.balance(canteen) == 100
    assert town.world.balance(town.overflow(canteen)) == 60


def test_nothing_is_chosen_for_who_has_no_marked_money(town: Town, lunch: Lunch) -> None:
    friend = town.wallet(20)
    town.must(town.pay(friend, lunch.canteen, 20))
    assert town.balance(lunch.canteen) == 20


def test_an_order_about_nothing_registered_is_refused(town: Town, lunch: Lunch) -> None:
    about = town.next_id()
    assert town.code(town.pay(lunch.child, lunch.canteen, 1, about=about)) == "order_not_found"


def test_conservation_by_mark(town: Town, lunch: Lunch) -> None:
    """All marked money there is stands opposite to what the converter gave."""
    town.must(town.pay(lunch.child, lunch.canteen, 120))
    cells = town.world.ledger.holders(lunch.meals.mark)
    assert sum(cell.balance for _, cell in cells) == 0
