# SPDX-License-Identifier: Apache-2.0
"""Everybody of a country with their lines to their banks, and the banks' staff with theirs."""

import asyncio
from pathlib import Path
from typing import Final
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
from kerege.sandbox.family import Family
from kerege.sandbox.inhabitant import Inhabitant
from kerege.sandbox.inhabitants import Firm, Person, Pupil
from kerege.sandbox.lane import Lane, NoAnswer
from kerege.sandbox.made_up_keys import MadeUpKeys

__all__ = ["Settlement"]

_PARALLEL: Final = 8
"""Connections to each bank."""


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


class Settlement:
    """Everybody, and how to reach their banks. `sessions` names the file of sign-ins that last."""

    def __init__(self, country: Country, clock: Clock, *, sessions: str) -> None:
        self.country = country
        self._sessions_file = country.people / sessions
        self._randomness = SystemRandomness()
        self._ids = IdMaker(clock, self._randomness)
        self._clock = clock
        self._keys = MadeUpKeys(load_root_secret(country.people / "seed"))
        self._asset = country.profile.money.asset
        self._sessions = _read_sessions(self._sessions_file)
        self._addresses = Addresses(country.settings.ports)
        self.banks = {one.id: self._bank(one.id) for one in country.profile.institutions}
        self._opened: dict[str, asyncio.Future[None]] = {}
        population = country.inhabitants()
        self.people = [self._inhabitant(who) for who in population.people]
        self.shops = [self._inhabitant(who) for who in population.shops]
        self.employers = [self._inhabitant(who) for who in population.employers]
        self.agencies = [self._inhabitant(who) for who in population.agencies]
        self.families = [self._family(who) for who in population.pupils]

    def url(self, bank: str) -> str:
        """Where a bank is."""
        return self._addresses.url(bank)

    def close(self) -> None:
        """Keep sign-ins for the next run; let go of connections."""
        everyone = [*self.employers, *self.shops, *self.people, *self.agencies]
        _write_sessions(
            self._sessions_file,
            {one.who.key: one.line.tokens.refresh for one in everyone if one.line.tokens},
        )
        for bank in self.banks.values():
            bank.close()

    async def prepare(self, one: Inhabitant) -> None:
        """Everybody of a bank becomes its customer at once, the first time somebody comes."""
        bank = one.who.bank
        if bank not in self._opened or _failed(self._opened[bank]):
            there = [
                each.who
                for each in (*self.employers, *self.shops, *self.people, *self.agencies)
                if each.who.bank == bank
            ]
            opening = asyncio.to_thread(self.banks[bank].staff.open_customers, there)
            self._opened[bank] = asyncio.ensure_future(opening)
        await asyncio.shield(self._opened[bank])

    async def endow(self, employer: Inhabitant, amount: int) -> None:
        """What the employer sold elsewhere arrives on its deposit and becomes digital money."""
        reference = self._ids.make().hex()
        await asyncio.to_thread(
            self.banks[employer.who.bank].staff.pay_in,
            employer.who.phone,
            asset=self._asset,
            amount=amount,
            reference=reference,
        )
        await employer.line.fund(
            wallet=employer.wallet, asset=self._asset, amount=amount, key=reference
        )

    def _bank(self, bank: str) -> "_Bank":
        url = self._addresses.url(bank)
        key = self.country.institution(bank) / "keys" / "staff.pem"
        tiers = TierBook(self.country.profile.tiers)
        return _Bank(url, BankStaff(url, key, tiers, self._clock))

    def _family(self, pupil: Pupil) -> Family:
        staff = self.banks[pupil.bank].staff
        return Family(pupil, self.people[pupil.guardian], staff, asset=self._asset)

    def _inhabitant(self, who: Person | Firm) -> Inhabitant:
        lane = self.banks[who.bank].lane(who.number)
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


def _read_sessions(path: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}


def _write_sessions(path: Path, sessions: dict[str, str]) -> None:
    draft = path.with_name(f".{path.name}.new")
    draft.touch(mode=0o600)
    draft.write_bytes(msgspec.json.encode(sessions))
    draft.replace(path)
