# SPDX-License-Identifier: Apache-2.0
"""Subsidies with outcome among made-up people: a source attests what somebody did, the reward waits
while it may be looked at, then its person takes it, and spends it where it may be spent."""

from collections import deque
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from msgspec import Struct

from kerege.payments import Capture, Leg, Reward
from kerege.runtime import Clock
from kerege.sandbox.deeds import Deeds, joined
from kerege.sandbox.inhabitant import Inhabitant
from kerege.sandbox.inhabitants import Firm
from kerege.sandbox.terms import HOLD_S, Outcome
from kerege.wallet.rewards import claim_of

__all__ = ["Rewarding"]

_SPARE_US: Final = 1_000_000
"""The core's clock is another."""


class _Due(Struct, frozen=True):
    """A reward that its person may take from `due_us` on."""

    person: Inhabitant
    reward: str
    amount: int
    due_us: int


class Rewarding:
    """One programme's attestations and what becomes of them. `source` signs; `people` tells who
    could have done something."""

    def __init__(
        self,
        deeds: Deeds,
        outcome: Outcome,
        source: Inhabitant,
        people: Callable[[], Sequence[Inhabitant]],
        *,
        clock: Clock,
        chance: Random,
    ) -> None:
        self._deeds = deeds
        self._outcome = outcome
        self._source = source
        self._people = people
        self._clock = clock
        self._chance = chance
        self._due: deque[_Due] = deque()

    async def attest(self) -> None:
        """Attest what somebody did. Raises as `Deeds` does."""
        people = [one for one in joined(self._people()) if one.who.tier != "phone"]
        if not people or not self._source.joined:
            return
        person, units = self._chance.choice(people), self._chance.randint(1, self._outcome.units)
        now_us = self._clock.now_us()
        told = f"{person.wallet} {self._outcome.programme} at {now_us}"
        reward = await self._deeds.must(
            self._source,
            Reward,
            programme=self._outcome.programme,
            to=person.wallet,
            units=units,
            claim=claim_of(told),
        )
        due_us = now_us + HOLD_S * 1_000_000 + _SPARE_US
        self._due.append(_Due(person, reward, units * self._outcome.unit_amount, due_us))

    async def take(self) -> None:
        """Have everybody take what may be taken by now, and spend it. Raises alike; what failed is
        not tried again."""
        now_us = self._clock.now_us()
        while self._due and self._due[0].due_us <= now_us:
            due = self._due.popleft()
            await self._deeds.must(due.person, Capture, holds=(due.reward,), amount=due.amount)
            await self._spend(due)

    async def _spend(self, due: _Due) -> None:
        shops = [
            one
            for one in joined(self._deeds.town.shops)
            if isinstance(one.who, Firm) and one.who.category in self._outcome.buys_at
        ]
        if shops:
            leg = Leg(to=self._chance.choice(shops).wallet, amount=due.amount)
            await self._deeds.pay(due.person, leg, spend=self._outcome.programme)
