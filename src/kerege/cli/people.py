# SPDX-License-Identifier: Apache-2.0
"""`kerege people`: the made-up people of a running country, as `kerege up` starts them."""

import asyncio
from pathlib import Path

import click

from kerege.cli.country import in_folder

__all__ = ["people"]


@click.command()
@in_folder
def people(folder: Path) -> None:
    """Let the made-up people of a country join their banks, earn and shop.

    `kerege up` starts this by itself, at the pace it was told.
    """
    # Late: the country's other commands need none of it.
    from kerege.runtime import SystemClock
    from kerege.sandbox.country import Country
    from kerege.sandbox.people_process import live

    country = Country.find(folder)
    asyncio.run(live(country, SystemClock(), pace=country.settings.pace))
