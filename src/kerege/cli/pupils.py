# SPDX-License-Identifier: Apache-2.0
"""`kerege pupils`: the pupils of a sandbox country, their cards, and who answers for them."""

from pathlib import Path

import click

from kerege.cli.country import in_folder
from kerege.cli.language import speaking
from kerege.cli.telling import Output, telling
from kerege.cli.words import say
from kerege.sandbox.addresses import Addresses
from kerege.sandbox.country import Country

__all__ = ["pupils"]


@click.command()
@in_folder
@speaking
@telling
def pupils(folder: Path, language: str, output: Output) -> None:
    """List the pupils of a country: whose card each has, and its guardian's telephone and bank.

    All of them are made up. Sign in as the guardian (`kerege wallet login`) to see a child's
    allowance, or charge the card as a shop (`kerege card charge`).
    """
    country = Country.find(folder)
    population, addresses = country.inhabitants(), Addresses(country.settings.ports)
    told = [
        {
            "pupil": one.key,
            "name": one.name,
            "card": one.card,
            "guardian": population.people[one.guardian].name,
            "phone": population.people[one.guardian].phone,
            "bank": addresses.url(one.bank),
        }
        for one in population.pupils
    ]
    lines = [say(language, "pupils.line", **one) for one in told]
    output.done("\n".join(lines) or say(language, "pupils.none"), pupils=told)
