# SPDX-License-Identifier: Apache-2.0
"""`kerege core`."""

import subprocess
import sys

from click.testing import CliRunner

from kerege.cli.core import core


def test_help_names_the_commands() -> None:
    result = CliRunner().invoke(core, ["--help"])
    assert result.exit_code == 0
    assert "serve" in result.output


def test_help_needs_neither_a_server_nor_a_client() -> None:
    """Whoever only asks what there is does not wait for a web framework."""
    asked = (
        "import sys; from kerege.cli import main; main(['core', '--help'], standalone_mode=False);"
        "print([name for name in ('litestar', 'httpx', 'uvicorn') if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=30
    )
    assert "proposals" in told.stdout
    assert told.stdout.splitlines()[-1] == "[]"
