# SPDX-License-Identifier: Apache-2.0
"""`kerege status`: who runs where, how much money there is, how far the log has come."""

from datetime import timedelta
from pathlib import Path
from typing import Final

import click
from msgspec import to_builtins
from rich.console import Console
from rich.table import Table

from kerege.cli.country import in_folder
from kerege.cli.language import speaking
from kerege.cli.telling import Output, telling
from kerege.money import ISO4217, Amount
from kerege.runtime import SystemClock
from kerege.sandbox.country import Country
from kerege.sandbox.looking import Looked, look
from kerege.sandbox.run_file import read_run
from kerege.sandbox.words import amount_text, say

__all__ = ["status"]

_MIB: Final = 1 << 20
_WIDTH: Final = 110
"""Columns where nobody watches: a pipe has no width, and lines are not to be broken."""


@click.command()
@in_folder
@speaking
@telling
def status(folder: Path, language: str, output: Output) -> None:
    """Show a running country: its processes, money, public log and people."""
    state = read_run(folder)
    country = Country.find(folder)
    looked = look(country, state, SystemClock())
    if output.as_json:
        output.done("", country=country.profile.code, folder=str(folder), **to_builtins(looked))
        return
    _show(country, looked, language)


def _show(country: Country, looked: Looked, language: str) -> None:
    profile = country.profile

    def told(key: str, **figures: object) -> str:
        return say(language, key, **figures)

    up = timedelta(seconds=round(looked.up_s))
    name = profile.text(profile.name, language)
    click.echo(told("status.title", country=name, folder=country.folder, time=up))
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH)
    console.print(_table(looked, language), markup=False)
    if looked.money is not None:
        asset = ISO4217.by_code(looked.money.asset)
        amounts = (looked.money.circulating, looked.money.reserves)
        left, reserves = (amount_text(language, Amount(each, asset)) for each in amounts)
        click.echo(f"{told('status.supply')}: {left}; {told('supply.reserves', reserves=reserves)}")
    if looked.log is None:
        click.echo(told("status.no_log"))
    else:
        log = looked.log
        click.echo(told("status.log", leaves=log.leaves, witnesses=log.witnesses))
    people = looked.people
    click.echo(
        told("status.people", joined=people.joined, people=people.people, payments=people.payments)
    )


def _table(looked: Looked, language: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("name", "role", "stage", "url", "process", "restarts", "memory"):
        right = column in ("process", "restarts", "memory")
        table.add_column(
            say(language, f"column.{column}"), justify="right" if right else "left", no_wrap=True
        )
    for seen in looked.processes:
        table.add_row(
            seen.name,
            say(language, f"role.{seen.role}"),
            say(language, f"stage.{seen.stage}"),
            seen.url,
            str(seen.pid or ""),
            str(seen.restarts),
            f"{seen.memory_bytes / _MIB:.0f} MiB",
        )
    table.add_row("", "", "", "", "", "", f"{looked.memory_bytes / _MIB:.0f} MiB")
    return table
