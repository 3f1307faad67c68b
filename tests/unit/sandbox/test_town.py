# SPDX-License-Identifier: Apache-2.0
"""A town whose banks are a dictionary: what people do is what is tried here."""

import asyncio
from random import Random
from typing import Any

import pytest

from kerege.keys import parse_compact
from kerege.payments import Pay, Refund, Verdict, decode_document
from kerege.payments.vat_claims import OpenClaim, OpenClaims
from kerege.sandbox import town as module
from kerege.sandbox.customer_line import BankSaidNo
from kerege.sandbox.inhabitant import Inhabitant
from kerege.sandbox.inhabitants import populate
from kerege.sandbox.lane import NoAnswer
from kerege.sandbox.living import Living
from kerege.sandbox.profile_reading import load_profile
from kerege.sandbox.town import Town
from kerege.wallet.wire import Answer
from tests.unit.sandbox.test_inhabitant import Bank, made

POPULATION = populate(load_profile("kz"), people=12, seed=1)


class Money:
    """What everybody has; the banks' side of a town."""

    def __init__(self) -> None:
        self.has: dict[str, int] = {}
        self.refuse_all = False
        self.shut: set[str] = set()
        self.orders: list[Any] = []
        self.claims: list[OpenClaim] = []
        self.people = [self._living(who) for who in POPULATION.people]
        self.shops = [self._living(who) for who in POPULATION.shops]
        self.employers = [self._living(who) for who in POPULATION.employers]

    def _living(self, who: Any) -> Inhabitant:
        return made(_Door(self), who)

    async def prepare(self, one: Inhabitant) -> None:
        if one.who.bank in self.shut:
            raise NoAnswer("shut")

    async def endow(self, employer: Inhabitant, amount: int) -> None:
        self.has[employer.wallet] = self.has.get(employer.wallet, 0) + amount

    def decide(self, text: bytes) -> Answer:
        document = decode_document(parse_compact(text).payload)
        self.orders.append(document)
        code = "accepted"
        if isinstance(document, Pay):
            amount = sum(leg.amount for leg in document.legs)
            if self.refuse_all or self.has.get(document.wallet, 0) < amount:
                code = "exceeds_balance"
            else:
                self.has[document.wallet] -= amount
                for leg in document.legs:
                    self.has[leg.to] = self.has.get(leg.to, 0) + leg.amount
        return Answer(verdict=Verdict(order=document.id, code=code))


class _Door(Bank):
    def __init__(self, money: Money) -> None:
        super().__init__()
        self._money = money

    async def get(self, path: str, kind: Any) -> Any:
        if path.endswith("/vat/claims"):
            return OpenClaims(tuple(self._money.claims))
        return await super().get(path, kind)

    async def open_wallet(self, opening: bytes) -> Answer:
        return self._money.decide(opening)

    async def pay(self, order: bytes) -> Answer:
        await asyncio.sleep(0)
        return self._money.decide(order)


def a_day(money: Money, *, payments: int, per_s: float = 100_000) -> Town:
    """Let a town live until so many payments were made or refused."""

    async def run() -> Town:
        town = Town(money, chance=Random(1), living=Living())
        work = [
            asyncio.create_task(town.join_all()),
            asyncio.create_task(town.pay_salaries(every_s=3600)),
            asyncio.create_task(town.shop(per_s=per_s)),
        ]
        async with asyncio.timeout(20):
            while town.living.payments + town.living.refused < payments:
                await asyncio.sleep(0.005)
                for task in work:
                    if task.done():
                        task.result()
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        return town

    return asyncio.run(run())


@pytest.fixture(autouse=True)
def no_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AGAIN_S", 0.01)


def test_people_join_earn_shop_give_and_bring_back() -> None:
    money = Money()
    town = a_day(money, payments=400)
    assert town.living.joined == len(POPULATION.people)
    assert town.living.refused == 0, "nobody spends what they do not have"
    shops = {one.wallet for one in money.shops}
    paid = [order for order in money.orders if isinstance(order, Pay)]
    salaries = [
        order for order in paid if len(order.legs) > 1 or order.wallet not in _people(money)
    ]
    assert salaries
    assert any(order.legs[0].to in shops for order in paid)
    assert any(
        order.legs[0].to in _people(money) and order.wallet in _people(money) for order in paid
    )
    refunds = [order for order in money.orders if isinstance(order, Refund)]
    bought = {order.id: order.legs[0].amount for order in paid}
    assert refunds
    assert all(refund.amount <= bought[refund.order] for refund in refunds)
    assert len({refund.order for refund in refunds}) == len(refunds), "nothing comes back twice"


def _people(money: Money) -> set[str]:
    return {one.wallet for one in money.people}


def test_the_first_payment_is_told_by_name() -> None:
    living = a_day(Money(), payments=1).living
    names = {one.name for one in POPULATION.people}
    assert living.first_payer in names
    assert living.first_payee
    assert living.first_minor > 0


def test_what_is_believed_agrees_with_what_is_there() -> None:
    money = Money()
    town = a_day(money, payments=200)
    for one in town.people:
        assert 0 <= one.money <= money.has.get(one.wallet, 0) + 10**9


def test_refusals_are_counted_and_go_on() -> None:
    money = Money()
    money.refuse_all = True
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(_until_refused(money), 0.2))
    assert money.orders


async def _until_refused(money: Money) -> None:
    town = Town(money, chance=Random(1), living=Living())
    await asyncio.gather(town.join_all(), town.pay_salaries(every_s=3600), town.shop(per_s=10))


def test_those_whose_bank_is_shut_do_not_hold_up_the_others() -> None:
    money = Money()
    money.shut = {POPULATION.people[-1].bank}
    town = a_day(money, payments=20)
    assert 0 < town.living.joined < len(POPULATION.people)
    assert "shut" in town.living.last_fault


def test_salaries_come_early_when_most_have_nothing_left() -> None:
    town = Town(Money(), chance=Random(1), living=Living())
    paid = {one.who.key for one in town.people}
    for one in town.people:
        one.money = 1
    assert not town._are_mostly_broke(paid)
    assert not town._are_mostly_broke(set()), "nobody was paid yet"
    for one in town.people[:7]:
        one.money = 0
    assert town._are_mostly_broke(paid)


def test_what_a_bank_will_do_later_is_no_fault() -> None:
    town = Town(Money(), chance=Random(1), living=Living())
    later = BankSaidNo("busy", code="too_many_requests", status=429, place="")
    town._fault(town.people[0], later)
    assert town.living.last_fault == ""
