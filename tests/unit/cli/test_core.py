# SPDX-License-Identifier: Apache-2.0
"""`kerege core`."""

from click.testing import CliRunner

from kerege.cli.core import core


def test_help_names_the_commands() -> None:
    result = CliRunner().invoke(core, ["--help"])
    assert result.exit_code == 0
    assert "serve" in result.output
