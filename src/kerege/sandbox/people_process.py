# SPDX-License-Identifier: Apache-2.0
"""The people of a running country, in one process: what `kerege people` does until told to stop."""

import asyncio
import signal
from collections.abc import Sequence
from random import Random
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from kerege.bank.tiers import TierBook
from kerege.keys import load_root_secret
from kerege.runtime import Clock, IdMaker, SystemRandomness
from kerege.sandbox.addresses import Addresses
from kerege.sandbox.bank_staff import BankStaff
from kerege.sandbox.country import Country
from kerege.sandbox.customer_line import CustomerLine, Tokens
from kerege.sandbox.inhabitant import Inhabitant
from kerege.sandbox.inhabitants import Firm, Person
from kerege.sandbox.lane import Lane, NoAnswer
from kerege.sandbox.living import read_living, write_living
from kerege.sandbox.made_up_keys import MadeUpKeys
from kerege.sandbox.town import Town

__all__ = ["live"]

_TELL_EVERY_S: Final = 0.5
_FIRST_TELL_S: Final = 0.02
_SALARIES_EVERY_S: Final = 600.0
_PARALLEL: Final = 8
"""Connections to each bank."""

_SESSIONS: Final = "sessions.json"


class _Code(Struct):
    code: str


class _Bank:
    """The door of one bank: a few connections that everybody there shares, and its staff.

    Who comes always takes the same connection, so that a bank of several processes answers from
    the one that knows what telephone code it sent.
    """

    def __init__(self, url: str, staff: BankStaff) -> None:
        self.staff = staff
        self._lanes = [Lane(url) for _ in range(_PARALLEL)]

    def lane(self, number: int) -> Lane:
        """The connection of whoever has this number."""
        return self._lanes[number % _PARALLEL]

    def close(self) -> None:
        """Let go of all connections."""
        self.staff.close()
        for lane in self._lanes:
            lane.close()


async def live(country: Country, clock: Clock, *, pace: float) -> None:
    """Let everybody live until SIGTERM or SIGINT. `pace`: payments a second, all together."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    settlement = _Settlement(country, clock)
    town = settlement.town
    work: list[asyncio.Task[Any]] = [
        asyncio.create_task(town.join_all()),
        asyncio.create_task(town.pay_salaries(every_s=_SALARIES_EVERY_S)),
        asyncio.create_task(town.shop(per_s=pace)),
        asyncio.create_task(_tell(settlement)),
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


async def _first_end(tasks: Sequence[asyncio.Task[Any]]) -> None:
    """Return when told to stop, or when something went wrong that nobody foresaw."""
    stop, *work = tasks
    running = set(work)
    while running and not stop.done():
        done, _ = await asyncio.wait([stop, *running], return_when=asyncio.FIRST_COMPLETED)
        if any(task.exception() is not None for task in done & running):
            return
        running -= done


async def _tell(settlement: "_Settlement") -> None:
    """Write how everybody is doing whenever it changed."""
    told = None
    while True:
        living = settlement.town.living
        if living != told:
            write_living(settlement.country.people, living)
            # The country waits for the first payment: no need to let it wait for this as well.
            told = living
        await asyncio.sleep(_TELL_EVERY_S if living.payments else _FIRST_TELL_S)


class _Settlement:
    """Everybody with their lines to their banks."""

    def __init__(self, country: Country, clock: Clock) -> None:
        self.country = country
        self._randomness = SystemRandomness()
        self._ids = IdMaker(clock, self._randomness)
        self._clock = clock
        self._keys = MadeUpKeys(load_root_secret(country.people / "seed"))
        self._asset = country.profile.money.asset
        self._sessions = _read_sessions(country)
        addresses = Addresses(country.settings.ports)
        tiers = TierBook(country.profile.tiers)
        self._banks = {
            one.id: _Bank(
                addresses.url(one.id),
                BankStaff(
                    addresses.url(one.id),
                    country.institution(one.id) / "keys" / "staff.pem",
                    tiers,
                    clock,
                ),
            )
            for one in country.profile.institutions
        }
        self._opened: dict[str, asyncio.Future[None]] = {}
        population = country.inhabitants()
        self._by_bank: dict[str, list[Person | Firm]] = {}
        everyone: list[Person | Firm] = [*population.employers, *population.shops]
        everyone += population.people
        for who in everyone:
            self._by_bank.setdefault(who.bank, []).append(who)
        self._all = {
            who.key: self._inhabitant(who) for many in self._by_bank.values() for who in many
        }
        self.town = Town(
            [self._all[who.key] for who in population.people],
            [self._all[who.key] for who in population.shops],
            [self._all[who.key] for who in population.employers],
            prepare=self._prepare,
            endow=self._endow,
            chance=Random(self._randomness.draw(16)),  # noqa: S311 -- which shop is no secret
            living=read_living(country.people),
        )

    def close(self) -> None:
        """Keep what the next run goes on with; let go of connections."""
        write_living(self.country.people, self.town.living)
        _write_sessions(
            self.country,
            {key: one.line.tokens.refresh for key, one in self._all.items() if one.line.tokens},
        )
        for bank in self._banks.values():
            bank.close()

    def _inhabitant(self, who: Person | Firm) -> Inhabitant:
        lane = self._banks[who.bank].lane(who.number)
        refresh = self._sessions.get(who.key, "")
        line = CustomerLine(
            lane,
            phone=who.phone,
            language="ru" if isinstance(who, Firm) else who.language,
            code_for=lambda phone: _code_for(lane, phone),
            randomness=self._randomness,
            tokens=Tokens("", refresh, 0.0) if refresh else None,
        )
        return Inhabitant(
            who,
            line,
            asset=self._asset,
            keys=self._keys,
            clock=self._clock,
            ids=self._ids,
        )

    async def _prepare(self, one: Inhabitant) -> None:
        """Everybody of a bank becomes its customer at once, the first time somebody comes."""
        bank = one.who.bank
        if bank not in self._opened or _failed(self._opened[bank]):
            opening = asyncio.to_thread(self._banks[bank].staff.open_customers, self._by_bank[bank])
            self._opened[bank] = asyncio.ensure_future(opening)
        await asyncio.shield(self._opened[bank])

    async def _endow(self, employer: Inhabitant, amount: int) -> None:
        """What the employer sold elsewhere arrives on its deposit and becomes digital money."""
        reference = self._ids.make().hex()
        staff = self._banks[employer.who.bank].staff
        await asyncio.to_thread(
            staff.pay_in,
            employer.who.phone,
            asset=self._asset,
            amount=amount,
            reference=reference,
        )
        await employer.line.fund(
            wallet=employer.wallet, asset=self._asset, amount=amount, key=reference
        )


async def _code_for(lane: Lane, phone: str) -> str:
    """Look at a made-up telephone."""
    path = f"/v1/sandbox/codes?{urlencode({'phone': phone})}"
    answer = await lane.ask("GET", path, headers={})
    try:
        return msgspec.json.decode(answer.body, type=_Code).code
    except msgspec.MsgspecError:
        raise NoAnswer(f"no code reached {phone}", remedy="ask for another") from None


def _failed(task: "asyncio.Future[None]") -> bool:
    return task.done() and not task.cancelled() and task.exception() is not None


def _read_sessions(country: Country) -> dict[str, str]:
    try:
        content = (country.people / _SESSIONS).read_bytes()
        return msgspec.json.decode(content, type=dict[str, str])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}


def _write_sessions(country: Country, sessions: dict[str, str]) -> None:
    draft = country.people / f".{_SESSIONS}.new"
    draft.touch(mode=0o600)
    draft.write_bytes(msgspec.json.encode(sessions))
    draft.replace(country.people / _SESSIONS)
