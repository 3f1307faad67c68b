# SPDX-License-Identifier: Apache-2.0
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from kerege.cli import COMMANDS, main
from kerege.cli.completion import SHELLS


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_gets_a_script(shell: str) -> None:
    done = CliRunner().invoke(main, ["completion", shell])
    assert done.exit_code == 0
    assert "_KEREGE_COMPLETE" in done.output


def complete(*words: str) -> list[str]:
    """What the script asks `kerege` when Tab is pressed after `words`."""
    done = subprocess.run(
        [sys.executable, "-c", "from kerege.cli import main; main(prog_name='kerege')"],
        env={
            **os.environ,
            "_KEREGE_COMPLETE": "bash_complete",
            "COMP_WORDS": " ".join(("kerege", *words)),
            "COMP_CWORD": str(len(words)),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


def test_commands_and_options_are_completed() -> None:
    assert set(complete("")) == set(COMMANDS)
    assert "verify" in complete("receipt", "")
    assert "--folder" in complete("demo", "--f")
