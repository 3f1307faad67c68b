# SPDX-License-Identifier: Apache-2.0
"""A newcomer's first minute, through the command only."""

import subprocess
import sys
from pathlib import Path


def kerege(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kerege", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_what_the_demo_leaves_can_be_checked_by_other_commands(tmp_path: Path) -> None:
    assert kerege("demo", cwd=tmp_path).returncode == 0
    demo = tmp_path / "kerege-demo"
    receipt = kerege("receipt", "verify", "receipt.txt", "--policy", "policy.txt", cwd=demo)
    assert receipt.returncode == 0, receipt.stderr
    assert "1250 minor units" in receipt.stdout
    whole = kerege("log", "fsck", "log", "--policy", "policy.txt", cwd=demo)
    assert whole.returncode == 0, whole.stderr
    tile = next((demo / "log" / "tile" / "entries").rglob("*"))
    while tile.is_dir():
        tile = next(tile.iterdir())
    data = tile.read_bytes()
    tile.write_bytes(data[:-1] + bytes((data[-1] ^ 1,)))
    broken = kerege("log", "fsck", "log", "--policy", "policy.txt", cwd=demo)
    assert broken.returncode == 1
    assert "Traceback" not in broken.stderr
