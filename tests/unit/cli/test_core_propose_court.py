# SPDX-License-Identifier: Apache-2.0
"""Commands of courts; what they do is tried in test_core_propose.py."""

from click.testing import CliRunner

from kerege.cli.core_propose import propose


def test_they_are_there_and_want_an_authority() -> None:
    for name in ("disclose", "freeze", "seize", "unfreeze"):
        result = CliRunner().invoke(propose, [name, "--help"])
        assert result.exit_code == 0
        assert "An office, never a person; published." in result.output
