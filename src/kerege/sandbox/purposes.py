# SPDX-License-Identifier: Apache-2.0
"""Money with a purpose among made-up people: agencies fund programmes, others live by them.

Pupils eat at school (`school`), a road is built by a contractor and its subcontractor, firms pay
and claim VAT (`taxes`), whoever moved or harvested is rewarded (`outcomes`). All of it through
banks' doors, as people would.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import Final, Protocol

import msgspec

from kerege.centralbank.actions import ActivateProgramme
from kerege.errors import KeregeError
from kerege.payments import Contract, Fund, Leg
from kerege.programmes import Programme
from kerege.programmes.document import PROGRAMME_TYP
from kerege.runtime import Clock
from kerege.sandbox.deeds import Deeds, joined
from kerege.sandbox.inhabitant import Inhabitant, Unanswered
from kerege.sandbox.outcomes import Rewarding
from kerege.sandbox.school import Eater, School
from kerege.sandbox.taxes import PROGRAMME as TAXES
from kerege.sandbox.taxes import Taxes
from kerege.sandbox.terms import OUTCOMES, PROGRAMMES, filled, rewarding, taxing
from kerege.sandbox.town import Banks, Town

__all__ = ["Purposes"]

_FUNDED: Final = 50_000_000_00
_DEED_EVERY_S: Final = 0.5
_LOOK_EVERY_S: Final = 0.2
_YEAR_US: Final = 365 * 24 * 3600 * 1_000_000
_AGAIN_S: Final = 5.0
_WAGES: Final = 1
"""The purpose of wages in the procurement programme."""


class AgenciesBanks(Banks, Protocol):
    """What is asked besides: who the agencies are, and who has a child at school."""

    agencies: list[Inhabitant]

    @property
    def families(self) -> Sequence[Eater]:
        """Pupils with their guardians."""


class Purposes:
    """Programmes of one country, and deeds under them."""

    def __init__(
        self,
        banks: AgenciesBanks,
        town: Town,
        *,
        asset: str,
        made_us: int,
        vat_bp: int,
        activate: Callable[[ActivateProgramme, str], Awaitable[object]],
        clock: Clock,
        chance: Random,
    ) -> None:
        """`activate` has two people put terms in force, once for one label; `vat_bp` is the
        country's standard rate of VAT in basis points."""
        self._banks = banks
        self._town = town
        self._asset = asset
        self._made_us = made_us
        self._vat_bp = vat_bp
        self._activate = activate
        self._chance = chance
        self._by_name = {one.who.name: one for one in banks.agencies}
        self._deeds = Deeds(town)
        self._contracts: tuple[str, str] = ("", "")
        self._taxes = Taxes(
            self._deeds,
            self._by_name[PROGRAMMES[TAXES]],
            banks,
            asset=asset,
            rate_bp=vat_bp,
            clock=clock,
            chance=chance,
        )
        ministry = self._by_name[PROGRAMMES["school-meals"]]
        self._school = School(self._deeds, banks.families, ministry, clock=clock, chance=chance)
        self._rewarding = [
            Rewarding(
                self._deeds,
                OUTCOMES[name],
                self._source(name),
                lambda: town.people,
                clock=clock,
                chance=chance,
            )
            for name in OUTCOMES
        ]

    async def run(self, *, per_s: float) -> None:
        """Put programmes in force once people have begun to pay, then do `per_s` deeds a second (0:
        none) until cancelled; two at most, for each is several orders."""
        while not self._town.living.payments:
            await asyncio.sleep(_LOOK_EVERY_S)
        for name, funder in PROGRAMMES.items():
            await self._insist(name, self._by_name[funder])
        deeds = [self._school.enrol, self._school.eat, self._build]
        deeds += [self._taxes.invoice, self._taxes.answer]
        deeds += [deed for one in self._rewarding for deed in (one.attest, one.take)]
        while per_s:
            for deed in deeds:
                try:
                    await deed()
                except (KeregeError, Unanswered) as fault:
                    self._town.note(f"programmes: {fault}")
                await asyncio.sleep(max(1 / per_s, _DEED_EVERY_S))

    async def _insist(self, name: str, funder: Inhabitant) -> None:
        begun = False
        while not begun:
            try:
                await self._begin(name, funder)
                begun = True
            except (KeregeError, Unanswered) as fault:
                self._town.note(f"{name}: {fault}")
                await asyncio.sleep(_AGAIN_S)

    async def _begin(self, name: str, funder: Inhabitant) -> None:
        """Have a programme in force with money in it."""
        if not funder.joined:
            await self._banks.prepare(funder)
            await funder.settle_in()
        terms = self._terms(name, funder)
        text = funder.sign(msgspec.json.encode(terms), PROGRAMME_TYP)
        await self._activate(ActivateProgramme(terms=text), f"activate {name}")
        if terms.vat is not None:
            return
        await funder.is_settled()
        if sum(funder.marked.values()) < _FUNDED // 2:
            await self._banks.endow(funder, _FUNDED)
            await self._deeds.must(funder, Fund, programme=name, amount=_FUNDED)

    def _terms(self, name: str, funder: Inhabitant) -> Programme:
        terms = filled(name, asset=self._asset, funder=funder.wallet, since_us=self._made_us)
        if name not in OUTCOMES:
            return taxing(terms, basis_points=self._vat_bp)
        inspector = self._by_name["Treasury"].wallet
        return rewarding(terms, source=self._source(name).wallet, inspector=inspector)

    def _source(self, name: str) -> Inhabitant:
        """Who attests for a programme: schools see children move, an elevator weighs grain."""
        if name == "harvest":
            return self._town.employers[0]
        return self._by_name["Ministry of Education"]

    # -- procurement --

    async def _build(self) -> None:
        firms = joined(self._town.employers)[:1] + joined(self._town.shops)[:1]
        if len(firms) < 2:
            return
        treasury = self._by_name[PROGRAMMES["procurement"]]
        builder, digger = firms
        if not self._contracts[1]:
            self._contracts = await self._contract(treasury, builder, digger)
        road, digging = self._contracts
        spend = {"spend": "procurement"}
        await self._deeds.pay(treasury, Leg(to=builder.wallet, amount=900_00), about=road, **spend)
        await self._deeds.pay(builder, Leg(to=digger.wallet, amount=300_00), about=digging, **spend)
        workers = joined(self._town.people)
        if workers:
            worker = self._chance.choice(workers)
            wages = Leg(to=worker.wallet, amount=400_00, purpose=_WAGES)
            await self._deeds.pay(builder, wages, about=road, **spend)

    async def _contract(
        self, treasury: Inhabitant, builder: Inhabitant, digger: Inhabitant
    ) -> tuple[str, str]:
        common = {
            "programme": "procurement",
            "asset": self._asset,
            "ends_us": self._made_us + _YEAR_US,
        }
        cap = 10_000_000_00
        road = await self._deeds.must(
            treasury, Contract, supplier=builder.wallet, cap=cap, **common
        )
        digging = await self._deeds.must(
            builder,
            Contract,
            supplier=digger.wallet,
            cap=cap // 2,
            parent=road,
            last=True,
            **common,
        )
        return road, digging
