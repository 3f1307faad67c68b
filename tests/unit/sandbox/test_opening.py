# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from kerege.runtime import SystemClock
from kerege.sandbox.country import Country, Settings
from kerege.sandbox.living import Living, write_living
from kerege.sandbox.opening import open_country, order_of_ending
from kerege.sandbox.run_file import read_run
from kerege.sandbox.store_databases import DatabaseNotMade
from kerege.sandbox.supervisor import Supervisor


def test_people_end_first_and_those_who_cosign_last(tmp_path: Path) -> None:
    settings = Settings(people=5, core_processes=2, bank_processes=2)
    country = Country.make(tmp_path / "c", "kz", settings)
    order = order_of_ending(country)
    assert (order[0], order[-1]) == (["people"], ["north", "south"])
    assert order[2] == ["core", "core-2"]
    assert len(order[1]) == 10
    assert {"uyq-bank", "uyq-bank-2"} <= set(order[1])


def test_an_open_country_has_had_a_payment(running_country: Country) -> None:
    state = read_run(running_country.folder)
    assert state.open_s > 0
    assert running_country.settings.founded


def test_steps_are_told_until_one_fails(tmp_path: Path) -> None:
    settings = Settings(people=5, database="postgresql://nobody@127.0.0.1:9/none")
    country = Country.make(tmp_path / "c", "kz", settings)
    write_living(_made(country.people), Living())
    steps: list[str] = []
    with Supervisor(country.logs) as supervisor, pytest.raises(DatabaseNotMade):
        open_country(country, supervisor, SystemClock(), step=steps.append)
    assert steps == ["keys"]


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
