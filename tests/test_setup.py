# SPDX-License-Identifier: Apache-2.0
"""Where something is missing, the set-up says what to install, and nothing is left half done."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.tree import ROOT

WITHOUT_VENV = """#!/bin/sh
case "$*" in *ensurepip*) exit 1 ;; esac
"""
"""A Python new enough, as far as it is asked, without venv: Debian's before python3-venv."""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools/setup.sh", tmp_path / "tools")
    return tmp_path


def set_up(checkout: Path, kind: str, python: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "tools/setup.sh", kind],
        cwd=checkout,
        env={"PATH": "/usr/bin:/bin", "PYTHON": python},
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_python(checkout: Path) -> None:
    done = set_up(checkout, "run", "no-such-python")

    assert done.returncode == 1
    assert "apt-get install python3 python3-venv" in done.stderr
    assert not (checkout / ".venv").exists()


def test_a_python_without_venv(checkout: Path) -> None:
    python = checkout / "python"
    python.write_text(WITHOUT_VENV)
    python.chmod(0o755)

    done = set_up(checkout, "dev", str(python))

    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr
    assert not (checkout / ".venv").exists()


def test_an_unknown_kind(checkout: Path) -> None:
    done = set_up(checkout, "everything", "python3")
    assert (done.returncode, done.stderr) == (1, "setup: say which: run or dev\n")
