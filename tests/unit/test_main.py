# SPDX-License-Identifier: Apache-2.0
"""`python -m kerege` runs, and starts without the heavy libraries."""

import subprocess
import sys

import pytest

from kerege import __version__

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


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kerege", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"kerege {__version__}\n"


@pytest.mark.parametrize("library", HEAVY)
def test_start_up_does_not_import(library: str) -> None:
    program = f"import sys, kerege.cli; sys.exit({library!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == 0, f"`import kerege.cli` imports {library}; import it in the command"
