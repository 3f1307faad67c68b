# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import click
from click.testing import CliRunner

from kerege.cli.country import in_folder


def test_a_folder_may_be_named() -> None:
    @click.command()
    @in_folder
    def told(folder: Path) -> None:
        click.echo(folder)

    assert CliRunner().invoke(told).output == "country\n"
    assert CliRunner().invoke(told, ["--folder", "a/b"]).output == "a/b\n"
