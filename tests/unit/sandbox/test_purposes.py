# SPDX-License-Identifier: Apache-2.0
"""Deeds under programmes: who is granted what, what is registered before it is paid."""

import asyncio
from collections import Counter
from random import Random
from typing import Any

import pytest

from kerege.centralbank.actions import ActivateProgramme
from kerege.errors import KeregeError
from kerege.keys import parse_compact
from kerege.payments import Contract, Fund, Pay, Reward
from kerege.payments.vat_documents import Invoice, VatClaim, VatDeclaration
from kerege.programmes.reading import read_programme
from kerege.runtime import ManualClock
from kerege.sandbox import purposes as module
from kerege.sandbox.living import Living
from kerege.sandbox.purposes import Purposes
from kerege.sandbox.terms import PROGRAMMES
from kerege.sandbox.town import Town
from tests.unit.sandbox.test_town import POPULATION, Money

START_US = 1_800_000_000_000_000
ROUNDS = 12


class Plenty(Money):
    """Banks that accept everything, and agencies with them."""

    def __init__(self) -> None:
        super().__init__()
        self.agencies = [self._living(who) for who in POPULATION.agencies]
        self.families: list[Any] = []
        for one in (*self.people, *self.shops, *self.employers, *self.agencies):
            one.joined = True
            self.has[one.wallet] = 10**15


def days(
    money: Plenty, *, rounds: int = ROUNDS, fail_first: bool = False
) -> tuple[Town, list[str]]:
    """Some rounds of deeds; the town, and the labels of what was activated."""
    labels: list[str] = []

    async def activate(action: ActivateProgramme, label: str) -> None:
        if fail_first and not labels:
            labels.append("failed")
            raise KeregeError("the core is not there yet")
        read_programme(parse_compact(action.terms.encode()).payload)
        labels.append(label)

    async def run() -> Town:
        clock = ManualClock(START_US)
        town = Town(money, chance=Random(1), living=Living(payments=1))
        purposes = Purposes(
            money,
            town,
            asset="KZT",
            made_us=START_US,
            vat_bp=1600,
            activate=activate,
            clock=clock,
            chance=Random(2),
        )
        task = asyncio.create_task(purposes.run(per_s=1e9))
        while town.living.with_purpose < rounds:
            clock.advance_us(10_000_000)
            await asyncio.sleep(0)
            if task.done():
                task.result()
        task.cancel()
        return town

    return asyncio.run(run()), labels


@pytest.fixture(autouse=True)
def _in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_DEED_EVERY_S", "_LOOK_EVERY_S", "_AGAIN_S"):
        monkeypatch.setattr(module, name, 0)


def test_programmes_are_put_in_force_and_filled() -> None:
    money = Plenty()
    _, labels = days(money, rounds=4)
    assert labels == [f"activate {name}" for name in PROGRAMMES]
    funded = [one.programme for one in money.orders if isinstance(one, Fund)]
    assert funded == ["school-meals", "procurement", "movement", "harvest"]


def test_what_cannot_begin_yet_is_begun_later() -> None:
    town, labels = days(Plenty(), fail_first=True)
    assert labels[1:] == [f"activate {name}" for name in PROGRAMMES]
    assert "not there yet" in town.living.last_fault


def test_deeds_of_every_programme() -> None:
    money = Plenty()
    days(money, rounds=60)
    kinds = Counter(type(one) for one in money.orders)
    assert kinds[Contract] == 2
    assert kinds[Invoice] > 1
    rewarded = {one.programme for one in money.orders if isinstance(one, Reward)}
    assert rewarded == {"movement", "harvest"}
    assert kinds[VatClaim] > 0
    papers = {
        one.id for one in money.orders if isinstance(one, Contract | Invoice | VatDeclaration)
    }
    about = {one.about for one in money.orders if isinstance(one, Pay) and one.about}
    assert about <= papers
    assert len(about) > 3
    numbers = [one.number for one in money.orders if isinstance(one, Invoice)]
    assert len(set(numbers)) == len(numbers)


def test_a_refused_deed_is_told_and_the_rest_goes_on() -> None:
    money = Plenty()

    def refuse_pay(text: bytes, decide: Any = money.decide) -> Any:
        answer = decide(text)
        if isinstance(money.orders[-1], Reward):
            raise KeregeError("refused")
        return answer

    money.decide = refuse_pay  # type: ignore[method-assign]
    town, _ = days(money, rounds=20)
    assert town.living.last_fault == "programmes: refused"
