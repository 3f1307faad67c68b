# SPDX-License-Identifier: Apache-2.0
"""The public surface: its example runs, its names exist, and it loads no database."""

import doctest
import os
import subprocess
import sys
from pathlib import Path

import kerege.ledger


def test_the_example_runs() -> None:
    found = doctest.testmod(kerege.ledger)
    assert (found.failed, found.attempted > 10) == (0, True)


def test_every_public_name_is_there_once() -> None:
    names = kerege.ledger.__all__
    assert len(set(names)) == len(names)
    assert all(hasattr(kerege.ledger, name) for name in names)


def test_the_nouns_come_without_a_database() -> None:
    script = (
        "import sys, kerege.ledger\n"
        "loaded = {'apsw', 'psycopg', 'sqlite3'} & set(sys.modules)\n"
        "sys.exit(' '.join(loaded) or 0)\n"
    )
    source = Path(kerege.ledger.__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    found = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (found.returncode, found.stderr) == (0, "")
