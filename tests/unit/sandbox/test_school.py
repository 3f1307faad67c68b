# SPDX-License-Identifier: Apache-2.0
"""Pupils eat by card: granted once, fed with pocket money, turned away without fault."""

import asyncio
from random import Random
from typing import Any

import pytest

from kerege.errors import KeregeError
from kerege.payments import Leg, Pay, Verdict
from kerege.runtime import ManualClock
from kerege.sandbox.deeds import Deeds
from kerege.sandbox.inhabitant import Inhabitant
from kerege.sandbox.living import Living
from kerege.sandbox.school import ALLOWANCE, MEALS, PROGRAMME, School
from kerege.sandbox.town import Town
from kerege.wallet.wire import Answer
from tests.unit.sandbox.test_town import Money


class Child:
    """A pupil whose bank is a number."""

    def __init__(self, guardian: Inhabitant, number: int, *, marked: int = 0) -> None:
        self.guardian, self.card = guardian, f"transit-{number:016}"
        self.wallet, self.own = "", 0
        self.marked = {PROGRAMME: marked} if marked else {}
        self.fails = False

    async def settle_in(self) -> None:
        if self.fails:
            raise KeregeError("the bank does not open children today")
        self.wallet = f"wal_{int(self.card[-4:]):032}"


class Yard:
    """Two children, a ministry, and tills that answer what they are told to."""

    def __init__(self, *, marked: int = 0) -> None:
        self.money = Money()
        for one in (*self.money.people, *self.money.shops):
            one.joined = True
            one.money = 50_000_00
            self.money.has[one.wallet] = 10**12
        self.children = [Child(self.money.people[place], place, marked=marked) for place in (1, 2)]
        self.charged: list[tuple[str, str, int]] = []
        self.says = "accepted"
        for shop in self.money.shops:
            shop.charge = self._till(shop)  # type: ignore[method-assign]
        self.ministry = self.money.people[3]
        self.town = Town(self.money, chance=Random(1), living=Living())
        self.clock = ManualClock(1_800_000_000_000_000)
        self.school = School(
            Deeds(self.town), self.children, self.ministry, clock=self.clock, chance=Random(2)
        )

    def _till(self, shop: Inhabitant) -> Any:
        async def charge(token: str, amount: int) -> Answer:
            self.charged.append((shop.who.category, token, amount))  # type: ignore[union-attr]
            return Answer(verdict=Verdict(order="o", code=self.says))

        return charge

    def rounds(self, count: int) -> None:
        async def run() -> None:
            for _ in range(count):
                await self.school.enrol()
                await self.school.eat()

        asyncio.run(run())

    def paid_by(self, payer: Inhabitant) -> list[Leg]:
        return [
            leg
            for one in self.money.orders
            if isinstance(one, Pay) and one.wallet == payer.wallet
            for leg in one.legs
        ]


def test_each_child_is_granted_once_and_eats_at_canteens() -> None:
    yard = Yard()
    yard.rounds(30)
    granted = yard.paid_by(yard.ministry)
    assert {leg.to for leg in granted} == {child.wallet for child in yard.children}
    assert [leg.amount for leg in granted] == [ALLOWANCE] * 2
    assert all(one.spend == PROGRAMME for one in yard.money.orders[:1])
    assert {category for category, _, _ in yard.charged} == {"8211"}
    assert {token for _, token, _ in yard.charged} == {child.card for child in yard.children}
    assert all(MEALS[0] <= amount <= MEALS[1] for _, _, amount in yard.charged)


def test_who_was_granted_in_an_earlier_run_eats_on() -> None:
    yard = Yard(marked=900_00)
    yard.rounds(5)
    assert yard.paid_by(yard.ministry) == []
    assert len(yard.charged) == 5


def test_a_guardian_gives_pocket_money_while_there_is_some() -> None:
    yard = Yard()
    yard.rounds(10)
    assert any(yard.paid_by(child.guardian) for child in yard.children)
    poor = Yard()
    for child in poor.children:
        child.guardian.money = 0
    poor.rounds(10)
    assert not any(poor.paid_by(child.guardian) for child in poor.children)
    assert poor.charged


@pytest.mark.parametrize("code", ["card_short", "card_over_limit"])
def test_who_has_eaten_today_is_turned_away_without_fault(code: str) -> None:
    yard = Yard()
    yard.says = code
    yard.rounds(20)
    assert len(yard.charged) == len(yard.children), "and does not try again for a while"
    assert {child.own for child in yard.children} == {0}
    yard.clock.advance_us(600_000_000)
    yard.rounds(20)
    assert len(yard.charged) == 2 * len(yard.children)


def test_a_card_that_is_declined_is_a_fault() -> None:
    yard = Yard()
    yard.says = "card_declined"
    with pytest.raises(KeregeError, match="a meal: card_declined"):
        yard.rounds(1)


def test_one_family_that_cannot_settle_does_not_keep_the_other_from_it() -> None:
    yard = Yard()
    yard.children[0].fails = True

    async def run() -> None:
        for _ in range(20):
            try:
                await yard.school.enrol()
            except KeregeError:
                continue

    asyncio.run(run())
    assert [leg.to for leg in yard.paid_by(yard.ministry)] == [yard.children[1].wallet]


def test_without_canteens_nobody_eats() -> None:
    yard = Yard()
    for shop in yard.money.shops:
        shop.joined = False
    yard.rounds(3)
    assert yard.charged == []
