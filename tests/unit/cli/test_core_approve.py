# SPDX-License-Identifier: Apache-2.0
"""Looking and approving; with a core in test_core_propose.py."""

from click.testing import CliRunner

from kerege.cli.core_approve import approve, proposals


def test_a_key_is_needed() -> None:
    for command, arguments in ((approve, ["prp_1"]), (proposals, [])):
        result = CliRunner().invoke(command, arguments, env={"KEREGE_STAFF_KEY": ""})
        assert result.exit_code == 2
        assert "--key" in result.output
