# SPDX-License-Identifier: Apache-2.0
import signal
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from kerege.cli import main


def test_the_demo_pays_publishes_verifies_and_goes_on(tmp_path: Path) -> None:
    folder = str(tmp_path / "demo")
    first = CliRunner().invoke(main, ["demo", "--folder", folder])
    assert first.exit_code == 0, first.output
    assert "It is leaf 3 of demo.kerege.example/ledger" in first.output
    assert "the hashes lead to root" in first.output, "the changed receipt must not verify"
    plain = first.output.replace("\xa0", " ")
    assert "in circulation KZT 1,000,000.00, held by everyone together" in plain
    assert "which two witnesses cosigned" in plain
    second = CliRunner().invoke(main, ["demo", "--folder", folder])
    assert second.exit_code == 0, second.output
    assert "accounts found as they were" in second.output
    assert "checkpoint of 11 leaves" in second.output


def test_a_folder_that_cannot_be_made_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = CliRunner().invoke(main, ["demo", "--folder", str(tmp_path / "file" / "demo")])
    assert (done.exit_code, done.exception.__class__) == (1, SystemExit)
    assert f"{tmp_path / 'file' / 'demo'}" in done.output


def test_told_to_end_it_leaves_no_witness_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kerege", "demo", "--folder", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            if line.startswith("4. A receipt"):
                break
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(timeout=20) == 128 + signal.SIGTERM
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert str(tmp_path) not in running.stdout
