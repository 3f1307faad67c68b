# SPDX-License-Identifier: Apache-2.0
"""The people of a running country, in one process: what `kerege people` does until told to stop."""

import asyncio
import signal
from collections.abc import Sequence
from random import Random
from typing import Any, Final

from kerege.centralbank.actions import ActivateProgramme
from kerege.runtime import Clock, SystemRandomness
from kerege.sandbox.addresses import CORE, Addresses
from kerege.sandbox.configuring import STAFF
from kerege.sandbox.country import Country
from kerege.sandbox.dual_control import DualControl
from kerege.sandbox.living import read_living, write_living
from kerege.sandbox.purposes import Purposes
from kerege.sandbox.settlement import Settlement
from kerege.sandbox.town import Town

__all__ = ["live"]

_TELL_EVERY_S: Final = 0.5
_FIRST_TELL_S: Final = 0.02
_SALARIES_EVERY_S: Final = 600.0
_SESSIONS: Final = "sessions.json"


async def live(country: Country, clock: Clock, *, pace: float) -> None:
    """Let everybody live until SIGTERM or SIGINT. `pace`: payments a second, all together."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    settlement = Settlement(country, clock, sessions=_SESSIONS)
    chance = Random(SystemRandomness().draw(16))  # noqa: S311 -- which shop is no secret
    town = Town(settlement, chance=chance, living=read_living(country.people))
    work: list[asyncio.Task[Any]] = [
        asyncio.create_task(town.join_all()),
        asyncio.create_task(town.pay_salaries(every_s=_SALARIES_EVERY_S)),
        asyncio.create_task(town.shop(per_s=pace)),
        asyncio.create_task(_tell(country, town)),
        asyncio.create_task(_purposes(country, settlement, town, clock, chance).run(per_s=pace)),
    ]
    ended: asyncio.Task[Any] = asyncio.create_task(stop.wait())
    try:
        await _first_end([ended, *work])
        for task in work:
            if task.done():
                task.result()
    finally:
        for task in [*work, ended]:
            task.cancel()
        await asyncio.gather(*work, ended, return_exceptions=True)
        settlement.close()
        write_living(country.people, town.living)


def _purposes(
    country: Country, settlement: Settlement, town: Town, clock: Clock, chance: Random
) -> Purposes:
    made_us = country.settings.made_us
    url = Addresses(country.settings.ports).url(CORE)

    def carry_out(action: ActivateProgramme, label: str) -> None:
        keys = country.central_bank / "keys"
        with DualControl(url, keys, STAFF, clock) as control:
            control.carry_out(action, reason="as decided", label=label, now_us=made_us)

    async def activate(action: ActivateProgramme, label: str) -> None:
        await asyncio.to_thread(carry_out, action, label)

    return Purposes(
        settlement,
        town,
        asset=country.profile.money.asset,
        made_us=made_us,
        vat_bp=country.profile.vat_rate_bp,
        activate=activate,
        clock=clock,
        chance=chance,
    )


async def _first_end(tasks: Sequence[asyncio.Task[Any]]) -> None:
    """Return when told to stop, or when something went wrong that nobody foresaw."""
    stop, *work = tasks
    running = set(work)
    while running and not stop.done():
        done, _ = await asyncio.wait([stop, *running], return_when=asyncio.FIRST_COMPLETED)
        if any(task.exception() is not None for task in done & running):
            return
        running -= done


async def _tell(country: Country, town: Town) -> None:
    """Write how everybody is doing whenever it changed."""
    told = None
    while True:
        living = town.living
        if living != told:
            write_living(country.people, living)
            # The country waits for the first payment: no need to let it wait for this as well.
            told = living
        await asyncio.sleep(_TELL_EVERY_S if living.payments else _FIRST_TELL_S)
