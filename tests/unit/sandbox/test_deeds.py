# SPDX-License-Identifier: Apache-2.0
"""Orders that have to be accepted."""

import asyncio
from random import Random

import pytest

from kerege.errors import KeregeError
from kerege.payments import Fund, Leg, Pay
from kerege.sandbox.deeds import Deeds, joined
from kerege.sandbox.living import Living
from kerege.sandbox.town import Town
from tests.unit.sandbox.test_town import Money


def test_what_is_accepted_counts_and_what_is_refused_is_a_fault() -> None:
    money = Money()
    payer, payee = money.people[:2]
    money.has[payer.wallet] = 5_00
    deeds = Deeds(Town(money, chance=Random(1), living=Living()))

    async def act() -> list[str]:
        paid = await deeds.pay(payer, Leg(to=payee.wallet, amount=4_00))
        funded = await deeds.must(payer, Fund, programme="meals", amount=1)
        with pytest.raises(KeregeError, match="a payment: exceeds_balance"):
            await deeds.pay(payer, Leg(to=payee.wallet, amount=4_00))
        return [paid, funded]

    ids = asyncio.run(act())
    assert ids == [one.id for one in money.orders[:2]]
    assert [type(one) for one in money.orders] == [Pay, Fund, Pay]
    assert deeds.town.living.with_purpose == 2


def test_only_those_with_a_wallet_have_joined() -> None:
    money = Money()
    money.people[1].joined = True
    assert joined(money.people) == [money.people[1]]
