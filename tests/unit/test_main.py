# SPDX-License-Identifier: Apache-2.0
"""`python -m kerege` runs, and starts without the heavy libraries."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kerege import __version__

SRC = Path(__file__).parents[2] / "src"
HEAVY = (
    "apsw",
    "asyncio",
    "cryptography",
    "msgspec",
    "nacl",
    "numpy",
    "psycopg",
    "rich",
    "sqlite3",
)


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a fresh Python that finds this checkout, installed or not."""
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_module_is_the_command() -> None:
    assert python("-m", "kerege", "--version").stdout == f"kerege {__version__}\n"


@pytest.mark.parametrize("library", HEAVY)
def test_start_up_does_not_import(library: str) -> None:
    done = python("-c", f"import sys, kerege.cli; sys.exit({library!r} in sys.modules)")
    assert done.returncode == 0, f"`import kerege.cli` imports {library}; import it in the command"
