# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import click
from click.testing import CliRunner

from kerege.cli.country import command_line, in_folder


def test_a_folder_may_be_named() -> None:
    @click.command()
    @in_folder
    def told(folder: Path) -> None:
        click.echo(folder)

    assert CliRunner().invoke(told).output == "country\n"
    assert CliRunner().invoke(told, ["--folder", "a/b"]).output == "a/b\n"


def test_a_command_names_its_folder_where_that_is_not_the_usual_one() -> None:
    assert command_line("up", Path("country")) == "kerege up"
    assert command_line("up", Path("a folder")) == "kerege up --folder 'a folder'"
