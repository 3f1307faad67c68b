# SPDX-License-Identifier: Apache-2.0
"""Where everybody of a country listens, and which processes that takes."""

import zlib
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from kerege.sandbox.country import DEFAULT_FOLDER, WITNESSES, Country
from kerege.sandbox.keeping import Part
from kerege.sandbox.ports import FIRST_PORT, HOST, choose_ports

__all__ = ["CORE", "PEOPLE", "Addresses", "choose_addresses", "parts_of"]

CORE = "core"
PEOPLE = "people"
_READY = "/health/ready"


class Addresses(Struct, frozen=True):
    """The port of everybody, by name: the core, institutions, witnesses."""

    ports: dict[str, int]

    def listen(self, name: str) -> str:
        """`host:port`."""
        return f"{HOST}:{self.ports[name]}"

    def url(self, name: str) -> str:
        """The base URL, without a slash at its end."""
        return f"http://{self.listen(name)}"


def choose_addresses(country: Country) -> Addresses:
    """Those of last time where they are free; remembered in the country's settings."""
    names = [CORE, *(one.id for one in country.profile.institutions), *WITNESSES]
    ports = choose_ports(names, before=country.settings.ports, first=_first_port(country.folder))
    country.keep(replace(country.settings, ports=ports))
    return Addresses(ports)


def _first_port(folder: Path) -> int:
    """Where to look first: for each folder elsewhere, so that countries that start at the same time
    do not all take the first port that is still free."""
    if folder == DEFAULT_FOLDER:
        return FIRST_PORT
    place = zlib.crc32(str(folder.absolute()).encode())
    return FIRST_PORT + _SPREAD * (1 + place % _PLACES)


_SPREAD = 10
_PLACES = 55


def parts_of(
    country: Country, addresses: Addresses, log_vkey: str
) -> tuple[list[Part], list[Part], Part]:
    """The processes: those of the central bank and the witnesses, the institutions', people."""
    settings = country.settings
    first = [_witness(country, addresses, name, log_vkey) for name in WITNESSES]
    core_toml = str(country.central_bank / "core.toml")
    first += _several(CORE, ("core", "serve", core_toml), addresses, settings.core_processes)
    banks: list[Part] = []
    for one in country.profile.institutions:
        bank_toml = str(country.institution(one.id) / "bank.toml")
        banks += _several(one.id, ("bank", "serve", bank_toml), addresses, settings.bank_processes)
    people = Part(name=PEOPLE, arguments=("people", "--folder", str(country.folder)))
    return first, banks, people


def _several(name: str, arguments: Sequence[str], addresses: Addresses, count: int) -> list[Part]:
    """Processes that serve the same port alike; the kernel shares connections out among them."""
    return [
        Part(
            name=name if number == 1 else f"{name}-{number}",
            arguments=tuple(arguments),
            url=addresses.url(name),
            ready_path=_READY,
        )
        for number in range(1, count + 1)
    ]


def _witness(country: Country, addresses: Addresses, name: str, log_vkey: str) -> Part:
    folder = country.witness(name)
    arguments = ["log", "witness", "run", "--key", str(folder / "key"), "--log-key", log_vkey]
    arguments += ["--state", str(folder / "state.db"), "--listen", addresses.listen(name)]
    return Part(name=name, arguments=tuple(arguments), url=addresses.url(name))
