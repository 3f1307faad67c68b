# SPDX-License-Identifier: Apache-2.0
import asyncio
import os
import signal
from pathlib import Path

from kerege.runtime import SystemClock
from kerege.sandbox.addresses import choose_addresses
from kerege.sandbox.configuring import make_keys
from kerege.sandbox.country import Country, Settings
from kerege.sandbox.living import read_living
from kerege.sandbox.people_process import live


def test_people_whose_banks_are_shut_keep_trying_until_told_to_stop(tmp_path: Path) -> None:
    country = Country.make(tmp_path / "country", "kg", Settings(people=3))
    choose_addresses(country)
    make_keys(country)

    async def run() -> None:
        living = asyncio.create_task(live(country, SystemClock(), pace=10))
        while not read_living(country.people).last_fault:
            await asyncio.sleep(0.02)
            assert not living.done()
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(living, timeout=20)

    asyncio.run(run())
    told = read_living(country.people)
    assert (told.people, told.joined, told.payments) == (3, 0, 0)
    assert (country.people / "sessions.json").exists()


def test_people_of_a_running_country_have_joined_and_pay(running_country: Country) -> None:
    told = read_living(running_country.people)
    assert told.people == len(running_country.inhabitants().people)
    assert told.payments >= 1
    assert told.first_payer
    assert told.first_minor > 0
