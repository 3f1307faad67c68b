# SPDX-License-Identifier: Apache-2.0
"""Rewards among made-up people: attested, waited for, taken in turn, spent where they may be."""

import asyncio
from random import Random
from typing import Any

from msgspec.structs import replace

from kerege.errors import KeregeError
from kerege.payments import Capture, Pay, Reward
from kerege.runtime import ManualClock
from kerege.sandbox.deeds import Deeds
from kerege.sandbox.living import Living
from kerege.sandbox.outcomes import Rewarding
from kerege.sandbox.terms import HOLD_S, OUTCOMES, Outcome
from kerege.sandbox.town import Town
from tests.unit.sandbox.test_town import Money

MOVEMENT, HARVEST = OUTCOMES["movement"], OUTCOMES["harvest"]


class Field:
    """People who do things, and a source that saw it."""

    def __init__(self, outcome: Outcome) -> None:
        self.money = Money()
        for one in (*self.money.people, *self.money.shops, *self.money.employers):
            one.joined = True
            self.money.has[one.wallet] = 10**12
        self.clock = ManualClock(1_800_000_000_000_000)
        self.source = self.money.employers[0]
        self.rewarding = Rewarding(
            Deeds(Town(self.money, chance=Random(1), living=Living())),
            outcome,
            self.source,
            lambda: self.money.people,
            clock=self.clock,
            chance=Random(2),
        )

    def attest(self) -> None:
        asyncio.run(self.rewarding.attest())

    def take(self) -> None:
        asyncio.run(self.rewarding.take())

    def of(self, kind: Any) -> list[Any]:
        return [one for one in self.money.orders if isinstance(one, kind)]


def test_a_reward_is_taken_once_it_was_looked_at_and_not_before() -> None:
    field = Field(MOVEMENT)
    field.attest()
    field.take()
    assert not field.of(Capture)
    field.clock.advance_us((HOLD_S + 1) * 1_000_000)
    for _ in range(2):
        field.take()
    (reward,), (taken,) = field.of(Reward), field.of(Capture)
    assert (taken.holds, taken.wallet) == ((reward.id,), reward.to)
    assert taken.amount == reward.units * MOVEMENT.unit_amount
    assert reward.wallet == field.source.wallet
    assert not field.of(Pay), "what is plain money is spent as any"


def test_a_harvest_is_spent_at_a_farm_shop() -> None:
    field = Field(replace(HARVEST, buys_at=frozenset({"5411"})))
    field.attest()
    field.clock.advance_us((HOLD_S + 1) * 1_000_000)
    field.take()
    (taken,), (spent,) = field.of(Capture), field.of(Pay)
    assert (spent.wallet, spent.spend) == (taken.wallet, "harvest")
    (leg,) = spent.legs
    shop = next(one for one in field.money.shops if one.wallet == leg.to)
    assert (shop.who.category, leg.amount) == ("5411", taken.amount)  # type: ignore[union-attr]


def test_without_a_farm_shop_the_farmer_keeps_it() -> None:
    field = Field(replace(HARVEST, buys_at=frozenset({"0000"})))
    field.attest()
    field.clock.advance_us((HOLD_S + 1) * 1_000_000)
    field.take()
    assert field.of(Capture)
    assert not field.of(Pay)


def test_a_reward_that_cannot_be_taken_leaves_the_others_due() -> None:
    field = Field(MOVEMENT)
    for _ in range(3):
        field.attest()
        field.clock.advance_us(1_000_000)
    field.clock.advance_us((HOLD_S + 1) * 1_000_000)
    decide, failed = field.money.decide, list[str]()

    def fail_once(text: bytes) -> Any:
        answer = decide(text)
        if not failed:
            failed.append(field.money.orders[-1].id)
            raise KeregeError("not now")
        return answer

    field.money.decide = fail_once  # type: ignore[method-assign]
    for _ in range(2):
        try:
            field.take()
        except KeregeError:
            continue
    assert [one.holds[0] for one in field.of(Capture)] == [one.id for one in field.of(Reward)]


def test_nobody_is_rewarded_by_a_source_that_has_not_joined_or_without_papers() -> None:
    field = Field(MOVEMENT)
    field.source.joined = False
    field.attest()
    assert not field.of(Reward)
    field.source.joined = True
    known = {one.wallet for one in field.money.people if one.who.tier != "phone"}
    for _ in range(20):
        field.attest()
    assert {one.to for one in field.of(Reward)} <= known
