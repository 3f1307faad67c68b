# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

from msgspec.structs import replace

from kerege.sandbox.addresses import CORE, choose_addresses, parts_of
from kerege.sandbox.country import Country, Settings


def made(tmp_path: Path, settings: Settings) -> Country:
    return Country.make(tmp_path / "country", "kz", settings)


def test_everyone_listens_somewhere_else_and_again_there_next_time(tmp_path: Path) -> None:
    country = made(tmp_path, Settings(people=5))
    addresses = choose_addresses(country)
    names = [CORE, "north", "south", *(one.id for one in country.profile.institutions)]
    assert set(addresses.ports) == set(names)
    assert len({addresses.url(name) for name in names}) == len(names)
    assert all(addresses.listen(name).startswith("127.0.0.1:") for name in names)
    assert choose_addresses(Country.find(country.folder)) == addresses


def test_there_are_as_many_processes_as_asked_for(tmp_path: Path) -> None:
    country = made(tmp_path, Settings(people=5))
    addresses = choose_addresses(country)
    country.keep(replace(country.settings, core_processes=2, bank_processes=3))
    first, banks, people = parts_of(country, addresses, "log+key")
    assert [part.name for part in first] == ["north", "south", "core", "core-2"]
    assert [part.name for part in banks[:3]] == [
        "shanyraq-bank",
        "shanyraq-bank-2",
        "shanyraq-bank-3",
    ]
    assert len(banks) == 15
    assert len({part.url for part in banks}) == 5, "those of one institution share its address"
    assert (people.name, people.url) == ("people", "")
    assert first[2].arguments[:2] == ("core", "serve")
