# SPDX-License-Identifier: Apache-2.0
"""School meals among made-up people: a ministry grants, guardians add pocket money, pupils show
their transit cards, canteens charge them through banks of their own."""

from collections.abc import Sequence
from random import Random
from typing import Final, Protocol

from kerege.payments import Leg
from kerege.runtime import Clock
from kerege.sandbox.deeds import Deeds, joined
from kerege.sandbox.inhabitant import Inhabitant
from kerege.sandbox.inhabitants import Firm

__all__ = ["ALLOWANCE", "MEALS", "PROGRAMME", "Eater", "School"]

PROGRAMME: Final = "school-meals"
ALLOWANCE: Final = 12_000_00
"""Ten school days of what a day allows, minor units: less than any wallet of a child's may hold."""

MEALS: Final = (400_00, 1_500_00)
"""What a meal costs, from and to: at most 1 200.00 a day are the state's, the rest the family's."""

_POCKET_MONEY: Final = 2_000_00
_REST_US: Final = 600 * 1_000_000
"""How long who was refused does not try again: banks stop answering for a card that is shown in
vain all the time."""

_KEPT_BACK: Final = 5_000_00
"""A guardian with less than this gives nothing."""

_CANTEENS: Final = frozenset({"8211", "5814"})
_SHORT: Final = frozenset({"card_short", "card_over_limit"})
"""What a till hears when a child has eaten today and has no money besides: life, and no fault."""


class Eater(Protocol):
    """A pupil with a guardian: `family.Family`, or a test's. The members are as told there."""

    guardian: Inhabitant
    wallet: str
    own: int
    marked: dict[str, int]

    @property
    def card(self) -> str:
        """The card's token."""

    async def settle_in(self) -> None:
        """Have wallet and card; may be called again."""


class School:
    """The pupils of a country, and where they eat."""

    def __init__(
        self,
        deeds: Deeds,
        families: Sequence[Eater],
        ministry: Inhabitant,
        *,
        clock: Clock,
        chance: Random,
    ) -> None:
        self._deeds = deeds
        self._families = families
        self._ministry = ministry
        self._clock = clock
        self._chance = chance
        self._granted: set[str] = set()
        self._full_until_us: dict[str, int] = {}

    async def enrol(self) -> None:
        """One more child has a wallet and a card, and its allowance. Raises as `Deeds` does."""
        waiting = [
            one for one in self._families if one.guardian.joined and one.wallet not in self._granted
        ]
        if not waiting:
            return
        family = self._chance.choice(waiting)
        if not family.wallet:
            await family.settle_in()
        # What an earlier run granted is in the wallet still.
        if not family.marked.get(PROGRAMME):
            grant = Leg(to=family.wallet, amount=ALLOWANCE)
            await self._deeds.pay(self._ministry, grant, spend=PROGRAMME)
        self._granted.add(family.wallet)

    async def eat(self) -> None:
        """One of those who have an allowance eats. Raises alike."""
        canteens = [
            one
            for one in joined(self._deeds.town.shops)
            if isinstance(one.who, Firm) and one.who.category in _CANTEENS
        ]
        now_us = self._clock.now_us()
        hungry = [
            one
            for one in self._families
            if one.wallet in self._granted and self._full_until_us.get(one.wallet, 0) <= now_us
        ]
        if hungry and canteens:
            await self._charge(self._chance.choice(hungry), self._chance.choice(canteens))

    async def _charge(self, family: Eater, canteen: Inhabitant) -> None:
        meal = self._chance.randint(*MEALS) // 100 * 100
        await self._give_pocket_money(family, meal)
        answer = await canteen.charge(family.card, meal)
        if answer.verdict.code in _SHORT:
            family.own = 0
            self._full_until_us[family.wallet] = self._clock.now_us() + _REST_US
            return
        self._deeds.count(answer, "a meal")
        # The dearest it may have been for the family; a refusal puts right what was believed.
        family.own = max(0, family.own - meal)

    async def _give_pocket_money(self, family: Eater, meal: int) -> None:
        guardian = family.guardian
        if family.own >= meal or guardian.money < _KEPT_BACK:
            return
        guardian.money -= _POCKET_MONEY
        await self._deeds.pay(guardian, Leg(to=family.wallet, amount=_POCKET_MONEY))
        family.own += _POCKET_MONEY
