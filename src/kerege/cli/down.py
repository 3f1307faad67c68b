# SPDX-License-Identifier: Apache-2.0
"""`kerege down` and `kerege reset`: end a running country, remove one with everything in it."""

from pathlib import Path
from typing import Final

import click

from kerege.cli.country import command_line, in_folder
from kerege.cli.language import speaking
from kerege.cli.telling import Output, telling
from kerege.sandbox.country import Country
from kerege.sandbox.run_file import end_run
from kerege.sandbox.words import say

__all__ = ["down", "reset"]

_END_WITHIN_S: Final = 60.0
"""Each process has ten seconds before it is killed, and most need less than one."""


@click.command()
@in_folder
@speaking
@telling
def down(folder: Path, language: str, output: Output) -> None:
    """End the country that runs in a folder; `kerege up` goes on where it stopped."""
    end_run(folder, timeout_s=_END_WITHIN_S)
    output.done(say(language, "down.ended", command=command_line("up", folder)), folder=str(folder))


@click.command()
@in_folder
@click.option("--yes", is_flag=True, help="Do not ask.")
@speaking
@telling
def reset(folder: Path, yes: bool, language: str, output: Output) -> None:
    """Remove a country that does not run, with everything in its folder.

    Databases elsewhere (`kerege up --database`) are left alone.
    """
    Country.check_removable(folder)
    if not yes and not output.as_json:
        ask = say(language, "reset.ask", folder=folder)
        if not click.confirm(ask, err=True):
            output.done(say(language, "reset.kept"))
            return
    Country.remove(folder)
    output.done(say(language, "reset.done", folder=folder), folder=str(folder))
