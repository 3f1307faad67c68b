# SPDX-License-Identifier: Apache-2.0
"""Marking and unmarking: only the funder, only its own money, only within the budget."""

import pytest
from msgspec.structs import replace

from kerege.programmes import ActiveProgramme
from tests.programmes import route
from tests.towns import DAY_S, Town


@pytest.fixture
def works(town: Town) -> ActiveProgramme:
    """A budget of 1 000."""
    return town.programme(route(arrival="keep"), id="works")


def test_a_budget_is_what_may_be_marked_and_unmarking_gives_it_back(
    town: Town, works: ActiveProgramme
) -> None:
    funder = works.terms.funder
    town.must(town.fund(works, 600))
    assert (town.balance(funder), town.balance(funder, works.mark)) == (9_400, 600)
    over = town.submit(town.fund(works, 401))
    assert (over.code, over.found, over.limit) == ("programme_budget", 401, 400)
    town.must(town.unfund(works, 100))
    town.must(town.fund(works, 500))
    assert (town.balance(funder), town.balance(funder, works.mark)) == (9_000, 1_000)


def test_no_more_is_unmarked_than_the_funder_holds(town: Town, works: ActiveProgramme) -> None:
    builder = town.wallet()
    town.grant(works, builder, 600)
    town.must(town.fund(works, 50))
    verdict = town.submit(town.unfund(works, 51))
    assert (verdict.code, verdict.found, verdict.limit) == ("programme_rule", 51, 50)
    town.must(town.unfund(works, 50))


def test_nobody_else_marks_or_unmarks(town: Town, works: ActiveProgramme) -> None:
    builder = town.wallet(500)
    town.grant(works, builder, 100)
    assert town.code(replace(town.fund(works, 1), wallet=builder)) == "not_yours"
    assert town.code(replace(town.unfund(works, 1), wallet=builder)) == "not_yours"
    assert town.code(replace(town.fund(works, 1), programme="other")) == "programme_unknown"
    assert town.code(replace(town.fund(works, 1), wallet="wal_" + "0" * 32)) == "wallet_unknown"
    town.change(works.terms.funder, accounts={})
    assert town.code(town.fund(works, 1)) == "asset_not_held"


def test_a_programme_that_rests_or_is_over_marks_nothing(
    town: Town, works: ActiveProgramme
) -> None:
    town.must(town.fund(works, 100))
    town.change_programme(works.mark, suspended=True)
    assert town.code(town.fund(works, 1)) == "programme_suspended"
    town.must(town.unfund(works, 40))
    town.change_programme(works.mark, suspended=False)
    town.pass_s(31 * DAY_S)
    verdict = town.submit(town.fund(works, 1))
    assert (verdict.code, verdict.limit) == ("programme_over", works.terms.ends_us)
    town.must(town.unfund(works, 60))
    town.change_programme(works.mark, closed=True)
    assert town.code(town.fund(works, 1)) == "programme_over"


def test_older_versions_are_unmarked_first_and_the_newest_is_marked(
    town: Town, works: ActiveProgramme
) -> None:
    town.must(town.fund(works, 100))
    newer = town.programme(route(arrival="keep"), id="works", version=2, funder=works.terms.funder)
    town.must(town.fund(newer, 30))
    funder = works.terms.funder
    assert (town.balance(funder, works.mark), town.balance(funder, newer.mark)) == (100, 30)
    town.must(town.unfund(newer, 110))
    assert (town.balance(funder, works.mark), town.balance(funder, newer.mark)) == (0, 20)


GIVE = route("payer.is_funder", name="give", arrival="keep")
BACK = route("payee.is_funder", name="back", arrival="return")


def _left(town: Town, programme: ActiveProgramme) -> int:
    return town.scene.spendable(programme.budget)


def test_what_came_back_and_is_refunded_uses_the_budget_again(town: Town) -> None:
    meals, child = town.programme(BACK, GIVE, budget=100), town.wallet()
    town.grant(meals, child, 100)
    back = town.pay(child, meals.terms.funder, 100)
    town.must(back)
    assert _left(town, meals) == 100
    town.must(town.fund(meals, 70))
    refund = town.refund(meals.terms.funder, back, 31)
    assert town.code(refund) == "programme_budget"
    town.must(town.refund(meals.terms.funder, back, 30))
    assert (_left(town, meals), town.balance(child, meals.mark)) == (0, 30)


def test_a_hold_for_the_funder_frees_the_budget_too(town: Town) -> None:
    meals, child = town.programme(BACK, GIVE, budget=100), town.wallet()
    town.grant(meals, child, 100)
    hold = town.hold(child, meals.terms.funder, 60)
    town.must(hold)
    assert _left(town, meals) == 0
    town.must(town.capture(meals.terms.funder, 60, hold))
    assert _left(town, meals) == 60


def test_refunding_a_grant_that_is_gone_marks_nothing_for_the_funder(town: Town) -> None:
    meals, child = town.programme(BACK, GIVE, budget=100), town.wallet(100)
    town.must(town.fund(meals, 100))
    grant = town.pay(meals.terms.funder, child, 100, spend="meals")
    town.must(grant)
    town.must(town.pay(child, meals.terms.funder, 100, spend="meals"))
    before = town.balance(meals.terms.funder)
    town.must(town.refund(child, grant, 100))
    assert town.balance(meals.terms.funder) == before + 100
    assert town.balance(meals.terms.funder, meals.mark) == 0
    assert _left(town, meals) == 100
