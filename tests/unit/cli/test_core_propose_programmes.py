# SPDX-License-Identifier: Apache-2.0
"""Proposals about programmes say why, and by whose wish."""

import pytest
from click.testing import CliRunner

from kerege.cli import main

COMMANDS = ("suspend-programme", "resume-programme", "close-programme")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("missing", ["--authority", "--because", "--reason"])
def test_nothing_without_a_ground(command: str, missing: str) -> None:
    options = {"--authority": "a ministry", "--because": "it is over", "--reason": "for the record"}
    given = [word for name, text in options.items() if name != missing for word in (name, text)]
    result = CliRunner().invoke(main, ["core", "propose", command, "meals", "--key", "x", *given])
    assert result.exit_code == 2
    assert missing in result.output
