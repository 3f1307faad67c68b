# SPDX-License-Identifier: Apache-2.0
"""Rewards: on a source's word, within its cap and the person's, once, after a time to look."""

import pytest
from msgspec.structs import replace

from kerege.payments.reward_documents import TAKE_S
from tests.towns import DAY_S, Town
from tests.walks import HOLD_S, Walks


@pytest.fixture
def walks(town: Town) -> Walks:
    return Walks(town)


def test_a_reward_waits_and_is_then_taken(town: Town, walks: Walks) -> None:
    reward = walks.reward(walks.person, 20, "a walk")
    town.must(reward)
    assert (walks.left(), town.balance(walks.person)) == (960, 0)
    town.pass_s(HOLD_S - 1)
    verdict = town.submit(town.capture(walks.person, 40, reward))
    assert verdict.code == "reward_on_hold"
    assert verdict.limit - verdict.found == 1_000_000
    town.pass_s(1)
    town.must(town.capture(walks.person, 40, reward))
    assert (walks.left(), town.balance(walks.person)) == (960, 40)


def test_the_persons_bank_may_take_it_for_her_and_no_other(town: Town, walks: Walks) -> None:
    reward = walks.reward(walks.person, 20, "a walk")
    town.must(reward)
    town.pass_s(HOLD_S)
    bank = town.wallet(owner_kind="bank")
    other = town.wallet(owner_kind="bank", bank="other-bank")
    for stranger in (other, walks.other, walks.app, walks.fund, walks.inspector):
        assert town.code(town.capture(stranger, 40, reward)) == "not_yours"
    town.must(town.capture(bank, 40, reward))
    assert town.balance(walks.person) == 40


def test_the_inspector_sends_back_in_time_and_not_later(town: Town, walks: Walks) -> None:
    wrong, right = (walks.reward(walks.person, 10, what) for what in ("by car", "on foot"))
    town.must(wrong)
    town.must(right)
    assert town.code(town.release(walks.app, wrong)) == "not_yours"
    town.must(town.release(walks.inspector, wrong))
    assert walks.left() == 980
    town.pass_s(HOLD_S)
    assert town.code(town.release(walks.inspector, right)) == "not_yours"
    assert town.code(town.capture(walks.person, 20, wrong)) == "pending_already_voided"
    town.must(town.capture(walks.person, 20, right))


def test_what_was_sent_back_is_not_rewarded_again(town: Town, walks: Walks) -> None:
    wrong = walks.reward(walks.person, 10, "by car")
    town.must(wrong)
    town.must(town.release(walks.inspector, wrong))
    again = walks.reward(walks.person, 10, "by car", wallet=walks.watch)
    assert town.code(again) == "reward_claim_used"


def test_what_nobody_takes_is_the_funds_again(town: Town, walks: Walks) -> None:
    town.must(walks.reward(walks.person, 20, "a walk"))
    town.pass_s(HOLD_S + TAKE_S + 1)
    assert walks.left() == 1_000


def test_a_person_has_the_caps_of_the_route(town: Town, walks: Walks) -> None:
    town.must(walks.reward(walks.person, 50, "morning"))
    verdict = town.submit(walks.reward(walks.person, 50, "evening"))
    assert (verdict.code, verdict.rule) == ("programme_rule", "walks/walk/a-day")
    assert (verdict.found, verdict.limit) == (100, 50)
    town.must(walks.reward(walks.person, 25, "evening"))


def test_whom_nobody_identified_is_not_rewarded(town: Town, walks: Walks) -> None:
    town.change(walks.other, tier="phone")
    verdict = town.submit(walks.reward(walks.other, 1, "a walk"))
    assert (verdict.code, verdict.rule) == ("programme_rule", "walks/walk/known")
    verdict = town.submit(walks.reward(walks.watch, 1, "a walk"))
    assert (verdict.code, verdict.rule) == ("programme_rule", "walks/walk/known")


def test_nobody_rewards_itself(town: Town, walks: Walks) -> None:
    for self_made in (walks.app, walks.fund, walks.inspector):
        assert town.code(walks.reward(self_made, 1, f"{self_made}")) == "payee_is_payer"


def test_a_stolen_source_releases_its_cap_and_no_more(town: Town, walks: Walks) -> None:
    people = [town.wallet() for _ in range(5)]
    codes = [town.code(walks.reward(one, 50, f"{n}")) for n, one in enumerate(people)]
    assert codes == ["accepted"] * 3 + ["reward_source_used_up"] * 2
    assert walks.left() == 700
    town.pass_s(DAY_S + 3600)
    assert town.code(walks.reward(people[3], 50, "tomorrow")) == "accepted"


def test_the_fund_pays_as_much_as_it_marked(town: Town, walks: Walks) -> None:
    town.must(town.unfund(walks.programme, 990))
    verdict = town.submit(walks.reward(walks.person, 10, "a walk"))
    assert (verdict.code, verdict.rule) == ("programme_rule", "walks//balance")
    assert (verdict.found, verdict.limit) == (20, 10)
    # Refused, the claim is still free.
    town.must(town.fund(walks.programme, 10))
    town.must(walks.reward(walks.person, 10, "a walk"))


def test_only_a_programme_with_outcome_rewards(town: Town, walks: Walks) -> None:
    plain = town.programme(id="plain")
    reward = walks.reward(walks.person, 1, "a walk", programme=plain.terms.id)
    assert town.code(reward) == "reward_source_unknown"
    unknown = replace(reward, id=town.next_id(), programme="no-such")
    assert town.code(unknown) == "programme_unknown"
    town.change_programme(walks.programme.mark, suspended=True)
    rests = walks.reward(walks.person, 1, "a walk")
    verdict = town.submit(rests)
    assert (verdict.code, verdict.rule) == ("programme_rule", "walks//suspended")


def test_a_suspended_programme_pays_nothing_out(town: Town, walks: Walks) -> None:
    reward = walks.reward(walks.person, 20, "a walk")
    town.must(reward)
    town.pass_s(HOLD_S)
    town.change_programme(walks.programme.mark, suspended=True)
    assert town.code(town.capture(walks.person, 40, reward)) == "programme_suspended"


def test_the_funders_own_payment_is_no_reward(town: Town, walks: Walks) -> None:
    verdict = town.submit(town.pay(walks.fund, walks.person, 5, spend="walks"))
    assert (verdict.code, verdict.rule) == ("programme_rule", "walks//")
