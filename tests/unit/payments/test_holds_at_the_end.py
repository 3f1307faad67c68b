# SPDX-License-Identifier: Apache-2.0
"""No hold outlasts the programme whose money it reserves, whoever reserves, by whatever clock."""

import pytest

from kerege.ledger.ids import Mark
from kerege.payments.documents import Document
from kerege.payments.reward_documents import TAKE_AT_LEAST_S
from kerege.programmes import ActiveProgramme
from tests.ledgers import START_US
from tests.programmes import route
from tests.towns import DAY_S, HOUR_S, Town
from tests.walks import HOLD_S, Walks
from tests.works import Works

LASTS_S = 3 * HOUR_S
ENDS_US = START_US + LASTS_S * 1_000_000


class Meals:
    """Aru has 100 of a programme's money that ends in three hours, and 50 of her own."""

    def __init__(self, town: Town) -> None:
        self.town = town
        give = route("payer.is_funder", name="give", arrival="keep")
        self.programme = town.programme(give, route("true", name="eat"), ends_us=ENDS_US)
        self.aru, self.shop, self.judge = town.wallet(50), town.wallet(), town.wallet()
        town.grant(self.programme, self.aru, 100)

    @property
    def mark(self) -> Mark:
        return self.programme.mark

    def until(self, us: int) -> None:
        """Set the ledger's clock, which nobody who signs can; what is due then expires."""
        self.town.world.clock.advance_us(us - self.town.scene.now_us)
        self.town.world.ledger.expire()

    def left(self) -> int:
        """Marked money of hers that nobody else may take."""
        return self.town.world.ledger.cells(self.town.account(self.aru))[self.mark].available


@pytest.fixture
def meals(town: Town) -> Meals:
    return Meals(town)


def _pull(meals: Meals, amount: int, seconds: int) -> Document:
    town = meals.town
    mandate = town.mandate(meals.aru, meals.shop, holds=True)
    town.must(mandate)
    return town.pull(meals.shop, mandate, amount, hold_s=seconds)


def _hold(meals: Meals, amount: int, seconds: int) -> Document:
    return meals.town.hold(meals.aru, meals.shop, amount, seconds=seconds)


def _lock(meals: Meals, amount: int, seconds: int) -> Document:
    more = {"seconds": seconds, "decider": meals.judge}
    return meals.town.hold(meals.aru, meals.shop, amount, **more)


def _raise(meals: Meals, amount: int, seconds: int) -> Document:
    first = meals.town.hold(meals.aru, meals.shop, 1, spend="unmarked")
    meals.town.must(first)
    return meals.town.hold(meals.aru, meals.shop, amount, seconds=seconds, raises=first.id)


WAYS = {"hold": _hold, "pull": _pull, "lock": _lock, "raise": _raise}


@pytest.mark.parametrize("way", WAYS)
def test_a_hold_lasts_as_long_as_the_programme_and_no_longer(meals: Meals, way: str) -> None:
    verdict = meals.town.submit(WAYS[way](meals, 100, LASTS_S + 1))
    assert (verdict.code, verdict.rule) == ("programme_rule", "meals/eat/hold-ends")
    assert verdict.limit < 100
    meals.town.must(WAYS[way](meals, 100, LASTS_S))
    assert meals.left() == 0


@pytest.mark.parametrize("way", WAYS)
def test_longer_holds_are_of_other_money(meals: Meals, way: str) -> None:
    meals.town.must(WAYS[way](meals, 30, DAY_S))
    assert meals.left() == 100


def test_who_asks_for_the_programmes_money_only_is_told_why(meals: Meals) -> None:
    hold = meals.town.hold(meals.aru, meals.shop, 30, seconds=DAY_S, spend="meals")
    verdict = meals.town.submit(hold)
    assert (verdict.code, verdict.rule) == ("programme_rule", "meals/eat/hold-ends")


def test_a_milestones_lock_ends_with_the_programme(town: Town) -> None:
    works = Works(town)
    until_end_s = (works.programme.terms.ends_us - town.scene.now_us) // 1_000_000
    signed = town.contract(works.programme, works.builder, 500, acceptor=works.inspector)
    town.must(signed)
    more = {"about": signed.id, "decider": works.inspector, "spend": works.programme.terms.id}
    late = town.hold(works.treasury, works.builder, 100, seconds=until_end_s + 1, **more)
    assert town.submit(late).rule.split("/") == [works.programme.terms.id, "work", "hold-ends"]
    town.must(town.hold(works.treasury, works.builder, 100, seconds=until_end_s, **more))


@pytest.mark.parametrize(("before_us", "code"), [(1, "accepted"), (0, "programme_over")])
def test_the_last_instant(meals: Meals, before_us: int, code: str) -> None:
    """The ledger's clock says when it is over, not `until_us`, and to the microsecond."""
    hold = meals.town.hold(meals.aru, meals.shop, 100, seconds=LASTS_S)
    meals.town.must(hold)
    meals.town.world.clock.advance_us(ENDS_US - before_us - meals.town.scene.now_us)
    capture = meals.town.capture(meals.shop, 100, hold)
    assert capture.until_us > ENDS_US
    assert meals.town.code(capture) == code
    assert meals.town.balance(meals.shop) == (100 if before_us else 0)


class _Late(Meals):
    """The ledger decides a little after the plan was made."""

    def submit_late(self, document: Document, by_us: int) -> str:
        scene, clock = self.town.scene, self.town.world.clock
        planned_at = scene.now_us
        scene._now_us = lambda: planned_at
        clock.advance_us(by_us)
        try:
            return self.town.code(document)
        finally:
            scene._now_us = clock.now_us


def test_what_was_planned_before_the_end_and_is_decided_after_it_is_refused(town: Town) -> None:
    meals = _Late(town)
    hold = town.hold(meals.aru, meals.shop, 40, seconds=LASTS_S)
    assert meals.submit_late(hold, 1) == "programme_over"
    meals.until(ENDS_US - 10 * 1_000_000)
    kept = town.hold(meals.aru, meals.shop, 40, seconds=9)
    town.must(kept)
    meals.until(ENDS_US - 1_000_001)
    assert meals.submit_late(town.hold(meals.aru, meals.shop, 5, seconds=1), 2) == "programme_over"
    meals.until(ENDS_US - 1)
    assert meals.submit_late(town.pay(meals.aru, meals.shop, 5), 1) == "programme_over"
    assert meals.left() == 100


def test_an_order_that_is_late_by_its_own_time_has_expired(town: Town) -> None:
    meals = _Late(town)
    pay = town.pay(meals.aru, meals.shop, 5, until_us=town.scene.now_us + 5)
    assert meals.submit_late(pay, 6) == "expired"


def _amend(meals: Meals, ends_us: int) -> None:
    """A version that takes over what there is, and ends sooner."""
    found: ActiveProgramme = meals.programme
    terms = meals.town.programme(*found.terms.routes, ends_us=ends_us).terms
    meals.town.change_programme(found.mark, terms=terms)


def test_of_what_ended_meanwhile_nothing_is_captured_but_other_money_is(meals: Meals) -> None:
    """A version takes over between hold and capture, or the programme is closed."""
    hold = meals.town.hold(meals.aru, meals.shop, 130, seconds=LASTS_S)
    meals.town.must(hold)
    _amend(meals, meals.town.scene.now_us + HOUR_S * 1_000_000)
    meals.until(meals.town.scene.now_us + HOUR_S * 1_000_000)
    verdict = meals.town.submit(meals.town.capture(meals.shop, 31, hold))
    assert (verdict.code, verdict.found, verdict.limit) == ("programme_over", 31, 30)
    capture = meals.town.capture(meals.shop, 30, hold)
    meals.town.must(capture)
    assert meals.town.balance(meals.shop) == 30
    assert meals.left() == 100
    meals.town.must(meals.town.refund(meals.shop, capture, 30))
    assert meals.town.balance(meals.aru) == 50


def test_of_what_was_closed_nothing_is_captured(meals: Meals) -> None:
    hold = meals.town.hold(meals.aru, meals.shop, 100)
    meals.town.must(hold)
    meals.town.change_programme(meals.mark, closed=True)
    assert meals.town.code(meals.town.capture(meals.shop, 1, hold)) == "programme_over"
    assert meals.town.code(meals.town.capture(meals.shop, 1, hold, keep=True)) == "programme_over"
    meals.town.must(meals.town.release(meals.shop, hold))
    assert meals.left() == 100


def test_money_of_a_raise_is_taken_where_the_first_hold_s_programme_is_over(meals: Meals) -> None:
    town = meals.town
    hold = town.hold(meals.aru, meals.shop, 100)
    town.must(hold)
    more = town.hold(meals.aru, meals.shop, 20, raises=hold.id)
    town.must(more)
    town.change_programme(meals.mark, closed=True)
    assert town.code(town.capture(meals.shop, 21, hold, more)) == "programme_over"
    town.must(town.capture(meals.shop, 20, hold, more))
    assert (town.balance(meals.shop), meals.left()) == (20, 100)


def test_the_last_rewards_wait_less_and_are_the_funders_at_the_end(town: Town) -> None:
    walks = Walks(town)
    terms = walks.programme.terms
    left_s = (terms.ends_us - town.scene.now_us) // 1_000_000
    town.pass_s(left_s - HOLD_S - DAY_S)
    reward = walks.reward(walks.person, 10, "the last but one")
    town.must(reward)
    assert town.submit(town.capture(walks.person, 20, reward)).code == "reward_on_hold"
    town.pass_s(HOLD_S)
    town.must(town.capture(walks.person, 5, reward, keep=True))
    town.pass_s(DAY_S)
    assert town.code(town.capture(walks.person, 15, reward)) == "programme_over"
    assert walks.left() == 1_000 - 5


def test_a_reward_too_late_to_be_taken_is_refused(town: Town) -> None:
    walks = Walks(town)
    left_s = (walks.programme.terms.ends_us - town.scene.now_us) // 1_000_000
    town.pass_s(left_s - HOLD_S - TAKE_AT_LEAST_S + 1)
    verdict = town.submit(walks.reward(walks.person, 10, "too late"))
    assert (verdict.code, verdict.rule) == ("programme_rule", "walks/walk/hold-ends")
    assert walks.left() == 1_000
