# SPDX-License-Identifier: Apache-2.0
"""Brings a country up, step by step: keys, the core, the founding, institutions, people.

What can be done at the same time is: institutions start while they are being licensed, people join
as soon as their bank answers. The country is open when the first payment has been accepted.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from kerege.runtime import Clock
from kerege.sandbox.addresses import CORE, PEOPLE, choose_addresses, parts_of
from kerege.sandbox.configuring import configure, database_names, make_keys
from kerege.sandbox.country import WITNESSES, Country
from kerege.sandbox.founding import found_institutions
from kerege.sandbox.living import Living, read_living
from kerege.sandbox.store_databases import make_databases
from kerege.sandbox.supervisor import NotRunning, Supervisor

__all__ = ["open_country", "order_of_ending"]

_START_S: Final = 60.0
"""For each step; on a busy machine most take a second or two."""

_LOOK_EVERY_S: Final = 0.05


def open_country(
    country: Country, supervisor: Supervisor, clock: Clock, *, step: Callable[[str], None]
) -> Living:
    """Start everything and wait for a payment; `step` hears what comes next (`up.step.*`).

    Returns what people had done by then. Raises `NotRunning`, `ActionRefused` and whatever else
    keeps a country from starting.
    """
    step("keys")
    keys = make_keys(country)
    addresses = choose_addresses(country)
    if country.settings.database:
        make_databases(country.settings.database, database_names(country))
    configure(country, addresses, keys)
    first, banks, people = parts_of(country, addresses, keys.log_vkey)
    step("core")
    supervisor.add([*first, *banks])
    supervisor.wait([part.name for part in first], timeout_s=_START_S)
    if not country.settings.founded:
        step("founding")
        found_institutions(country, addresses, clock)
        country.keep(replace(country.settings, founded=True))
    supervisor.add([people])
    step("banks")
    supervisor.wait([part.name for part in banks], timeout_s=_START_S)
    step("payment")
    return _first_payment(country, supervisor)


def _first_payment(country: Country, supervisor: Supervisor) -> Living:
    """Wait until people have paid once more than before they were started."""
    deadline = time.monotonic() + _START_S
    pause = threading.Event()
    while True:
        living = read_living(country.people)
        if living.payments:
            return living
        if time.monotonic() > deadline:
            raise NotRunning(
                f"nobody has paid after {_START_S:.0f} s: {living.last_fault or 'no reason known'}",
                place=str(country.logs / "people.log"),
                remedy="read its log",
            )
        supervisor.wait([PEOPLE], timeout_s=_START_S)
        pause.wait(_LOOK_EVERY_S)


def order_of_ending(country: Country) -> list[list[str]]:
    """Names of processes in the order they are to end; those of one list together.

    People first, so that nobody pays at a bank that is gone; the core after the banks, whose last
    orders it answers; witnesses last.
    """
    settings = country.settings
    banks = [
        name
        for one in country.profile.institutions
        for name in _several(one.id, settings.bank_processes)
    ]
    return [[PEOPLE], banks, _several(CORE, settings.core_processes), list(WITNESSES)]


def _several(name: str, count: int) -> list[str]:
    return [name, *(f"{name}-{number}" for number in range(2, count + 1))]
