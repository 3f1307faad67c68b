# SPDX-License-Identifier: Apache-2.0
"""A load against a running country: gets payers ready, sends, keeps sign-ins for next time."""

import asyncio
from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from kerege.errors import KeregeError
from kerege.runtime import Clock
from kerege.sandbox.country import Country
from kerege.sandbox.inhabitant import Inhabitant
from kerege.sandbox.loading import Load, Report, fire
from kerege.sandbox.payers import shots
from kerege.sandbox.settlement import Settlement

__all__ = ["NobodyCanPay", "run_load"]

PAYERS: Final = 50
SHOPS: Final = 10
_READY_TOGETHER: Final = 5
_RENEW_EVERY_S: Final = 60.0
_SESSIONS: Final = "load-sessions.json"


class NobodyCanPay(KeregeError):
    """Nobody of a country has joined and has money."""


async def run_load(
    country: Country,
    clock: Clock,
    load: Load,
    *,
    mix: Mapping[str, int],
    preparing: Callable[[int], None] = lambda _count: None,
    progress: Callable[[int], None] = lambda _sent: None,
) -> Report:
    """Send payments as `load` and `mix` say. Raises `NobodyCanPay`."""
    settlement = Settlement(country, clock, sessions=_SESSIONS)
    renewing: asyncio.Task[None] | None = None
    try:
        payers, shops = await _ready(settlement, preparing)
        headers: dict[str, dict[str, str]] = {}
        everyone = [*payers, *shops]
        for one in everyone:
            headers[one.who.key] = await one.line.headers()
        renewing = asyncio.create_task(_renew(everyone, headers))
        payments = shots(
            payers,
            shops,
            headers=headers,
            urls={bank: (settlement.url(bank),) for bank in settlement.banks},
            mix=mix,
            chance=Random(country.settings.seed),  # noqa: S311 -- the same load each time
        )
        return await fire(payments, load, progress=progress)
    finally:
        if renewing is not None:
            renewing.cancel()
        settlement.close()


async def _ready(
    settlement: Settlement, preparing: Callable[[int], None]
) -> tuple[list[Inhabitant], list[Inhabitant]]:
    """People with money and shops, signed in; those who have not joined yet are passed over."""
    gate = asyncio.Semaphore(_READY_TOGETHER)
    ready: list[Inhabitant] = []

    async def try_one(one: Inhabitant) -> None:
        async with gate:
            try:
                if await one.is_settled():
                    ready.append(one)
            except KeregeError:
                return
            preparing(len(ready))

    people, shops = settlement.people[:PAYERS], settlement.shops[:SHOPS]
    await asyncio.gather(*(try_one(one) for one in [*people, *shops]))
    payers = [one for one in people if one in ready and one.money > 0]
    payees = [one for one in shops if one in ready]
    if not payers or not payees:
        raise NobodyCanPay(
            "nobody has joined who has money, or no shop",
            remedy="wait until `kerege status` shows payments",
        )
    return payers, payees


async def _renew(everyone: list[Inhabitant], headers: dict[str, dict[str, str]]) -> None:
    """Replace tokens before they end; who is sent next bears the new one."""
    while True:
        await asyncio.sleep(_RENEW_EVERY_S)
        for one in everyone:
            headers[one.who.key].update(await one.line.headers())
