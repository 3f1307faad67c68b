# SPDX-License-Identifier: Apache-2.0
"""Money with a purpose among made-up people: agencies fund programmes, others live by them.

Pupils eat at school, a road is built by a contractor and its subcontractor, shops invoice firms
with VAT, whoever moved is rewarded. All of it through banks' doors, as people would.
"""

import asyncio
import hashlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import Final, Protocol

import msgspec
from msgspec import Struct

from kerege.centralbank.actions import ActivateProgramme
from kerege.errors import KeregeError
from kerege.keys import encode_base64url
from kerege.payments import Capture, Contract, Document, Fund, Leg, Reward
from kerege.payments.fees import share_half_up
from kerege.payments.vat_documents import Invoice, InvoiceLine
from kerege.programmes import Programme
from kerege.programmes.document import PROGRAMME_TYP
from kerege.runtime import Clock
from kerege.sandbox.inhabitant import Inhabitant, Unanswered
from kerege.sandbox.inhabitants import Firm
from kerege.sandbox.terms import HOLD_S, PROGRAMMES, filled, rewarding, taxing
from kerege.sandbox.town import Banks, Town

__all__ = ["Purposes"]

_CANTEENS: Final = frozenset({"8211", "5814"})
_PUPILS: Final = 7
"""Every seventh of the people is a pupil."""

_ALLOWANCE: Final = 20_000_00
_NOT_GRANTED: Final = -1
_FUNDED: Final = 50_000_000_00
_DEED_EVERY_S: Final = 0.5
_LOOK_EVERY_S: Final = 0.2
_YEAR_US: Final = 365 * 24 * 3600 * 1_000_000
_AGAIN_S: Final = 5.0
_UNIT: Final = 5_00
"""What one unit of movement is worth."""
_SPARE_US: Final = 1_000_000
"""The core's clock is another."""
_WAGES: Final = 1
"""The purpose of wages in the procurement programme."""


class AgenciesBanks(Banks, Protocol):
    """What is asked besides: who the agencies are."""

    agencies: list[Inhabitant]


class _Due(Struct, frozen=True):
    """A reward that its person may take from `due_us` on."""

    mover: Inhabitant
    reward: str
    amount: int
    due_us: int


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
        self._clock = clock
        self._chance = chance
        self._by_name = {one.who.name: one for one in banks.agencies}
        self._fed: dict[str, int] = {}
        self._contracts: tuple[str, str] = ("", "")
        self._rewards: deque[_Due] = deque()
        self._invoices = 0

    async def run(self, *, per_s: float) -> None:
        """Put programmes in force once people have begun to pay, then do `per_s` deeds a second (0:
        none) until cancelled; two at most, for each is several orders."""
        while not self._town.living.payments:
            await asyncio.sleep(_LOOK_EVERY_S)
        for name, funder in PROGRAMMES.items():
            await self._insist(name, self._by_name[funder])
        deeds = (self._eat, self._build, self._invoice, self._reward, self._take_rewards)
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
            await self._must(funder, Fund, programme=name, amount=_FUNDED)

    def _terms(self, name: str, funder: Inhabitant) -> Programme:
        terms = filled(name, asset=self._asset, funder=funder.wallet, since_us=self._made_us)
        if name != "movement":
            return taxing(terms, basis_points=self._vat_bp)
        source, inspector = self._by_name["Ministry of Education"], self._by_name["Treasury"]
        return rewarding(terms, source=source.wallet, inspector=inspector.wallet, unit_amount=_UNIT)

    async def _must(self, signer: Inhabitant, kind: type[Document], **members: object) -> str:
        """Hand in an order that has to be accepted; returns its id."""
        order = signer.order(kind, **members)
        answer = await signer.hand_in(order)
        if not answer.verdict.accepted:
            raise KeregeError(f"{kind.__name__}: {answer.verdict.code} {answer.verdict.rule}")
        self._town.count()
        return order.id

    async def _pay(self, payer: Inhabitant, *legs: Leg, **more: object) -> None:
        order = payer.payment(*legs, **more)
        answer = await payer.hand_in(order)
        if not answer.verdict.accepted:
            raise KeregeError(f"a payment: {answer.verdict.code} {answer.verdict.rule}")
        self._town.count()

    def _joined(self, everyone: Sequence[Inhabitant]) -> list[Inhabitant]:
        return [one for one in everyone if one.joined]

    # -- school meals --

    async def _eat(self) -> None:
        pupils = [one for one in self._joined(self._town.people) if one.who.number % _PUPILS == 0]
        canteens = [
            one
            for one in self._joined(self._town.shops)
            if isinstance(one.who, Firm) and one.who.category in _CANTEENS
        ]
        for one in pupils:
            # What an earlier run granted is in the wallet still.
            self._fed.setdefault(one.wallet, sum(one.marked.values()) or _NOT_GRANTED)
        hungry = [one for one in pupils if self._fed[one.wallet] == _NOT_GRANTED]
        if hungry:
            pupil = self._chance.choice(hungry)
            self._fed[pupil.wallet] = 0
            grant = Leg(to=pupil.wallet, amount=_ALLOWANCE)
            await self._pay(self._by_name[PROGRAMMES["school-meals"]], grant, spend="school-meals")
            self._fed[pupil.wallet] = _ALLOWANCE
        fed = [one for one in pupils if self._fed[one.wallet] > 0]
        if fed and canteens:
            pupil, canteen = self._chance.choice(fed), self._chance.choice(canteens)
            meal = self._chance.randint(400_00, 1_000_00)
            self._fed[pupil.wallet] -= meal
            await self._pay(pupil, Leg(to=canteen.wallet, amount=meal))

    # -- procurement --

    async def _build(self) -> None:
        firms = self._joined(self._town.employers)[:1] + self._joined(self._town.shops)[:1]
        if len(firms) < 2:
            return
        treasury = self._by_name[PROGRAMMES["procurement"]]
        builder, digger = firms
        if not self._contracts[1]:
            self._contracts = await self._contract(treasury, builder, digger)
        road, digging = self._contracts
        spend = {"spend": "procurement"}
        await self._pay(treasury, Leg(to=builder.wallet, amount=900_00), about=road, **spend)
        await self._pay(builder, Leg(to=digger.wallet, amount=300_00), about=digging, **spend)
        workers = self._joined(self._town.people)
        if workers:
            worker = self._chance.choice(workers)
            wages = Leg(to=worker.wallet, amount=400_00, purpose=_WAGES)
            await self._pay(builder, wages, about=road, **spend)

    async def _contract(
        self, treasury: Inhabitant, builder: Inhabitant, digger: Inhabitant
    ) -> tuple[str, str]:
        common = {
            "programme": "procurement",
            "asset": self._asset,
            "ends_us": self._made_us + _YEAR_US,
        }
        cap = 10_000_000_00
        road = await self._must(treasury, Contract, supplier=builder.wallet, cap=cap, **common)
        digging = await self._must(
            builder,
            Contract,
            supplier=digger.wallet,
            cap=cap // 2,
            parent=road,
            last=True,
            **common,
        )
        return road, digging

    # -- VAT --

    async def _invoice(self) -> None:
        shops = [
            one
            for one in self._joined(self._town.shops)
            if isinstance(one.who, Firm) and one.who.vat
        ]
        firms = self._joined(self._town.employers)
        if not shops or not firms:
            return
        shop, firm = self._chance.choice(shops), self._chance.choice(firms)
        net = self._chance.randint(1_000, 9_000) * 100
        vat, _ = share_half_up(net, self._vat_bp)
        self._invoices += 1
        now_us = self._clock.now_us()
        invoice = await self._must(
            shop,
            Invoice,
            asset=self._asset,
            buyer=firm.wallet,
            number=f"S-{now_us}-{self._invoices}",
            lines=(InvoiceLine(self._vat_bp, net, vat),),
            total=net + vat,
            date_us=now_us,
        )
        await self._banks.endow(firm, net + vat)
        await self._pay(firm, Leg(to=shop.wallet, amount=net + vat), about=invoice)

    # -- rewards --

    async def _reward(self) -> None:
        movers = [one for one in self._joined(self._town.people) if one.who.tier != "phone"]
        source = self._by_name["Ministry of Education"]
        if not movers or not source.joined:
            return
        mover, units = self._chance.choice(movers), self._chance.randint(1, 20)
        now_us = self._clock.now_us()
        claim = hashlib.sha256(f"{mover.wallet} moved at {now_us}".encode()).digest()
        reward = await self._must(
            source,
            Reward,
            programme="movement",
            to=mover.wallet,
            units=units,
            claim=encode_base64url(claim),
        )
        due_us = now_us + HOLD_S * 1_000_000 + _SPARE_US
        self._rewards.append(_Due(mover, reward, units * _UNIT, due_us))

    async def _take_rewards(self) -> None:
        now_us = self._clock.now_us()
        while self._rewards and self._rewards[0].due_us <= now_us:
            due = self._rewards.popleft()
            await self._must(due.mover, Capture, holds=(due.reward,), amount=due.amount)
