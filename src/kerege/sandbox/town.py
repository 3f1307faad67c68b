# SPDX-License-Identifier: Apache-2.0
"""Everybody of a country at their banks: who joins next, who pays whom, what is kept of it.

Chance is handed in, so that a test can have the same day twice. Nothing here is asked for that a
real customer or a bank's own systems could not ask for.
"""

import asyncio
import time
from collections.abc import Awaitable, Iterator
from itertools import chain, zip_longest
from random import Random
from typing import Final, Protocol

from msgspec.structs import replace

from kerege.errors import KeregeError
from kerege.payments import MAX_LEGS, Leg
from kerege.sandbox.customer_line import BankSaidNo
from kerege.sandbox.inhabitant import Inhabitant, Unanswered
from kerege.sandbox.inhabitants import Firm, Person
from kerege.sandbox.living import Living

__all__ = ["MOST_PURCHASES_KEPT", "Town"]

MOST_PURCHASES_KEPT: Final = 200
"""Purchases of which one may still be brought back."""

_JOINING_TOGETHER: Final = 4
"""People who join at once: banks have better things to do too."""
_REFUNDS_IN_100: Final = 2
_GIFTS_IN_100: Final = 8
"""Payments in a hundred that go from one person to another."""
_SALARY_SHARE: Final = 4
"""A salary comes in parts: a quarter at a time, so that money is always on its way."""
_GIFT_SHARE: Final = 50
"""A gift is at most a fiftieth of a salary."""
_AGAIN_S: Final = 5.0


class Banks(Protocol):
    """What a town asks of banks' staff, and who lives there: `Settlement`, or a test's."""

    people: list[Inhabitant]
    shops: list[Inhabitant]
    employers: list[Inhabitant]

    async def prepare(self, one: Inhabitant) -> None:
        """Make somebody a customer; may be called again."""

    async def endow(self, employer: Inhabitant, amount: int) -> None:
        """Pay in and fund so much for an employer."""


class Town:
    """People, shops and employers with their banks' doors open."""

    def __init__(self, banks: Banks, *, chance: Random, living: Living) -> None:
        self.people, self.shops, self.employers = banks.people, banks.shops, banks.employers
        self.living = replace(living, people=len(self.people), joined=0)
        self._banks = banks
        self._chance = chance
        self._purchases: list[tuple[Inhabitant, str, int]] = []

    async def join_all(self) -> None:
        """Let everybody join, a few at a time, those first without whom nobody could pay."""
        waiting = iter(self._in_order())

        async def some() -> None:
            for one in waiting:
                await self._join(one)

        await asyncio.gather(*(some() for _ in range(_JOINING_TOGETHER)))

    def _in_order(self) -> Iterator[Inhabitant]:
        mixed = zip_longest(self.employers, self.shops, self.people)
        return (one for one in chain.from_iterable(mixed) if one is not None)

    async def _join(self, one: Inhabitant) -> None:
        while not one.joined:
            try:
                await self._banks.prepare(one)
                await one.settle_in()
            except KeregeError as fault:
                self._fault(one, fault)
                await asyncio.sleep(_AGAIN_S * (0.5 + self._chance.random()))
        if isinstance(one.who, Person):
            self.living = replace(self.living, joined=self.living.joined + 1)

    async def pay_salaries(self, *, every_s: float) -> None:
        """Pay those who have joined, again and again; whoever joined since comes first."""
        paid: set[str] = set()
        next_round_s = time.monotonic() + every_s
        while True:
            for place, employer in enumerate(self.employers):
                staff = [
                    one
                    for one in self.people
                    if one.joined
                    and one.who.key not in paid
                    and isinstance(one.who, Person)
                    and one.who.employer == place
                ]
                if employer.joined and staff:
                    await self._pay_staff(employer, staff[:MAX_LEGS])
                    paid.update(one.who.key for one in staff[:MAX_LEGS])
            if time.monotonic() > next_round_s or self._are_mostly_broke(paid):
                paid.clear()
                next_round_s = time.monotonic() + every_s
            await asyncio.sleep(0.05 if len(paid) < len(self.people) else 1.0)

    def _are_mostly_broke(self, paid: set[str]) -> bool:
        """Whether most of those who got their salary have nothing left of it: shops would stand
        empty until the next one."""
        earners = [one for one in self.people if one.who.key in paid]
        return sum(one.money <= 0 for one in earners) * 2 > len(earners)

    async def _pay_staff(self, employer: Inhabitant, staff: list[Inhabitant]) -> None:
        parts = {one.wallet: _part_of_salary(one) for one in staff}
        try:
            await self._banks.endow(employer, sum(parts.values()))
            legs = (Leg(to=wallet, amount=amount) for wallet, amount in parts.items())
            answer = await employer.hand_in(employer.payment(*legs))
        except (KeregeError, Unanswered) as fault:
            self._fault(employer, fault)
            await asyncio.sleep(_AGAIN_S)
            return
        if answer.verdict.accepted:
            for one in staff:
                one.money += parts[one.wallet]
        else:
            self.living = replace(self.living, last_fault=f"salaries: {answer.verdict.code}")

    async def shop(self, *, per_s: float) -> None:
        """Make `per_s` payments a second together (0: one, then none)."""
        under_way: set[asyncio.Task[None]] = set()
        while per_s or not self.living.payments:
            started = time.monotonic()
            deed = self._next_deed()
            if deed is not None:
                task = asyncio.ensure_future(deed)
                under_way.add(task)
                task.add_done_callback(under_way.discard)
            if not self.living.payments:
                # The first one is waited for: a country is open when it has been made.
                await asyncio.gather(*under_way)
                await asyncio.sleep(0.02)
                continue
            pause_s = self._chance.expovariate(per_s) if per_s else 0.0
            await asyncio.sleep(max(0.0, pause_s - (time.monotonic() - started)))
        await asyncio.gather(*under_way)

    def _next_deed(self) -> Awaitable[None] | None:
        drawn = self._chance.randrange(100)
        if drawn < _REFUNDS_IN_100 and self._purchases:
            return self._bring_back(
                *self._purchases.pop(self._chance.randrange(len(self._purchases)))
            )
        shops = [one for one in self.shops if one.joined]
        payers = [one for one in self.people if one.joined and one.money > 0]
        if not payers or not shops:
            return None
        payer = self._chance.choice(payers)
        if drawn < _REFUNDS_IN_100 + _GIFTS_IN_100 and len(payers) > 1:
            payee = self._chance.choice([one for one in payers if one is not payer])
            return self._pay(payer, payee, self._gift_of(payer))
        shop = self._chance.choice(shops)
        return self._pay(payer, shop, self._price_at(shop, payer))

    def _price_at(self, shop: Inhabitant, payer: Inhabitant) -> int:
        who = shop.who
        most = who.most_minor if isinstance(who, Firm) else 0
        least = who.least_minor if isinstance(who, Firm) else 0
        return min(self._chance.randint(least, most), payer.money)

    def _gift_of(self, payer: Inhabitant) -> int:
        salary = payer.who.salary_minor if isinstance(payer.who, Person) else 0
        return min(self._chance.randint(1, max(1, salary // _GIFT_SHARE)), payer.money)

    async def _pay(self, payer: Inhabitant, payee: Inhabitant, amount: int) -> None:
        # What is not yet paid cannot be spent twice; what the bank says stands in the end.
        payer.money -= amount
        order = payer.payment(Leg(to=payee.wallet, amount=amount))
        try:
            answer = await payer.hand_in(order)
        except (KeregeError, Unanswered) as fault:
            self._fault(payer, fault)
            return
        if not answer.verdict.accepted:
            self._refused(answer.verdict.code)
            return
        self._paid(payer, payee, amount)
        if isinstance(payee.who, Firm):
            self._purchases.append((payee, order.id, amount))
            del self._purchases[:-MOST_PURCHASES_KEPT]
        else:
            payee.money += amount

    async def _bring_back(self, shop: Inhabitant, order: str, amount: int) -> None:
        part = amount if self._chance.randrange(2) else max(1, amount // 2)
        try:
            answer = await shop.hand_in(shop.refund(order, part))
        except (KeregeError, Unanswered) as fault:
            self._fault(shop, fault)
            return
        if answer.verdict.accepted:
            self.living = replace(self.living, payments=self.living.payments + 1)
        else:
            self._refused(answer.verdict.code)

    def _paid(self, payer: Inhabitant, payee: Inhabitant, amount: int) -> None:
        first = not self.living.payments
        self.living = replace(self.living, payments=self.living.payments + 1)
        if first:
            self.living = replace(
                self.living,
                first_payer=payer.who.name,
                first_payee=payee.who.name,
                first_minor=amount,
            )

    def count(self) -> None:
        """Count a payment made beside the shopping."""
        self.living = replace(self.living, with_purpose=self.living.with_purpose + 1)

    def note(self, fault: str) -> None:
        """Keep what went wrong last, for whoever looks."""
        self.living = replace(self.living, last_fault=fault)

    def _refused(self, code: str) -> None:
        self.living = replace(self.living, refused=self.living.refused + 1, last_fault=code)

    def _fault(self, one: Inhabitant, fault: Exception) -> None:
        if isinstance(fault, BankSaidNo) and fault.again:
            return
        if isinstance(fault, Unanswered):
            self.living = replace(self.living, unanswered=self.living.unanswered + 1)
        self.living = replace(self.living, last_fault=f"{one.who.key} at {one.who.bank}: {fault}")


def _part_of_salary(one: Inhabitant) -> int:
    salary = one.who.salary_minor if isinstance(one.who, Person) else 0
    return max(1, salary // _SALARY_SHARE)
