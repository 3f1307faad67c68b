# SPDX-License-Identifier: Apache-2.0
"""The command as a whole: its version, its help, its sub-commands."""

import click
from click.testing import CliRunner

from kerege import __version__
from kerege.cli import COMMANDS, main


def test_version() -> None:
    result = CliRunner().invoke(main, ["--version"])
    assert (result.exit_code, result.output) == (0, f"kerege {__version__}\n")


def test_help_lists_every_sub_command() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    assert [name for name in COMMANDS if name not in result.output] == []


def test_an_unknown_sub_command_is_wrong_usage() -> None:
    result = CliRunner().invoke(main, ["no-such-command"])
    assert result.exit_code == 2
    assert "No such command" in result.output


def test_every_registered_sub_command_loads() -> None:
    loaded = [main.get_command(click.Context(main), name) for name in COMMANDS]
    assert all(isinstance(command, click.Command) for command in loaded)
