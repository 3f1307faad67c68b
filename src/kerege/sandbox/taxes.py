# SPDX-License-Identifier: Apache-2.0
"""Digital VAT among made-up firms: shops invoice them and remit the VAT that was split off; firms
claim back what they paid, and the tax authority answers as its check suggests.

A shop and a firm trade for `_PERIOD` invoices. Then the shop declares them and pays what it owes,
and the firm, which sells nothing here, declares them too and claims their VAT. Every third shop
forgets to declare, as in life, and the firm hears why its claim is refused.
"""

from collections.abc import Sequence
from random import Random
from typing import Final

from msgspec import Struct

from kerege.payments import Leg
from kerege.payments.fees import share_half_up
from kerege.payments.vat_claims import OpenClaims
from kerege.payments.vat_documents import (
    ClaimLine,
    Invoice,
    InvoiceLine,
    VatClaim,
    VatClaimRun,
    VatDeclaration,
)
from kerege.runtime import Clock
from kerege.sandbox.deeds import Deeds, joined
from kerege.sandbox.inhabitant import Inhabitant
from kerege.sandbox.inhabitants import Firm
from kerege.sandbox.town import Banks

__all__ = ["PROGRAMME", "Taxes"]

PROGRAMME: Final = "digital-vat"

_PERIOD: Final = 3
_FORGETS: Final = 3


class _Billed(Struct, frozen=True):
    """A paid invoice that is not declared yet."""

    order: str
    vat: int
    date_us: int


class Taxes:
    """Invoices, declarations and claims of one country's firms. `rate_bp`: its standard rate of
    VAT in basis points."""

    def __init__(
        self,
        deeds: Deeds,
        authority: Inhabitant,
        banks: Banks,
        *,
        asset: str,
        rate_bp: int,
        clock: Clock,
        chance: Random,
    ) -> None:
        self._deeds = deeds
        self._authority = authority
        self._banks = banks
        self._asset = asset
        self._rate_bp = rate_bp
        self._clock = clock
        self._chance = chance
        self._numbers = 0
        self._periods = 0
        self._trading: tuple[Inhabitant, Inhabitant] | None = None
        self._undeclared: list[_Billed] = []

    async def invoice(self) -> None:
        """Have a shop invoice a firm and be paid; now and then both declare. Raises as `Deeds`."""
        shops = [one for one in joined(self._deeds.town.shops) if _is_registered(one)]
        firms = [one for one in joined(self._deeds.town.employers) if _is_registered(one)]
        if not shops or not firms:
            return
        if self._trading is None:
            self._trading = self._chance.choice(shops), self._chance.choice(firms)
        shop, firm = self._trading
        self._undeclared.append(await self._bill(shop, firm))
        if len(self._undeclared) >= _PERIOD:
            papers, self._undeclared, self._trading = self._undeclared, [], None
            await self._end_period(shop, firm, papers)

    async def answer(self) -> None:
        """Have the tax authority answer all claims that wait, in one run. Raises alike."""
        if not self._authority.joined:
            return
        path = f"/v1/programmes/{PROGRAMME}/vat/claims"
        waiting = (await self._authority.line.get(path, OpenClaims)).claims
        if not waiting:
            return
        answers = tuple(one.suggested for one in waiting)
        total = sum(one.amount for one in answers)
        if total:
            await self._banks.endow(self._authority, total)
        await self._deeds.must(self._authority, VatClaimRun, programme=PROGRAMME, answers=answers)

    async def _bill(self, shop: Inhabitant, firm: Inhabitant) -> _Billed:
        net = self._chance.randint(1_000, 9_000) * 100
        vat, _ = share_half_up(net, self._rate_bp)
        self._numbers += 1
        now_us = self._clock.now_us()
        invoice = await self._deeds.must(
            shop,
            Invoice,
            asset=self._asset,
            buyer=firm.wallet,
            number=f"S-{now_us}-{self._numbers}",
            lines=(InvoiceLine(self._rate_bp, net, vat),),
            total=net + vat,
            date_us=now_us,
        )
        await self._banks.endow(firm, net + vat)
        await self._deeds.pay(firm, Leg(to=shop.wallet, amount=net + vat), about=invoice)
        return _Billed(invoice, vat, now_us)

    async def _end_period(
        self, shop: Inhabitant, firm: Inhabitant, papers: Sequence[_Billed]
    ) -> None:
        self._periods += 1
        if self._periods % _FORGETS:
            owed = await self._declare(shop, papers, issued=True)
            total = sum(one.vat for one in papers)
            await self._deeds.pay(shop, Leg(to=self._authority.wallet, amount=total), about=owed)
        declaration = await self._declare(firm, papers, issued=False)
        await self._deeds.must(
            firm,
            VatClaim,
            declaration=declaration,
            lines=tuple(ClaimLine(one.order, one.vat) for one in papers),
            amount=sum(one.vat for one in papers),
        )

    async def _declare(self, who: Inhabitant, papers: Sequence[_Billed], *, issued: bool) -> str:
        orders, total = tuple(one.order for one in papers), sum(one.vat for one in papers)
        return await self._deeds.must(
            who,
            VatDeclaration,
            programme=PROGRAMME,
            from_us=papers[0].date_us,
            to_us=papers[-1].date_us + 1,
            issued=orders if issued else (),
            received=() if issued else orders,
            vat_issued=total if issued else 0,
            vat_received=0 if issued else total,
        )


def _is_registered(one: Inhabitant) -> bool:
    return isinstance(one.who, Firm) and one.who.vat
