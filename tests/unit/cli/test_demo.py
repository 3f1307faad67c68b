# SPDX-License-Identifier: Apache-2.0
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kerege.cli import demo as module
from kerege.cli import main


def run(folder: Path) -> Result:
    return CliRunner().invoke(main, ["demo", "--folder", str(folder)])


def test_the_demo_pays_publishes_verifies_and_goes_on(tmp_path: Path) -> None:
    first = run(tmp_path / "demo")
    assert first.exit_code == 0, first.output
    assert "It is leaf 3 of demo.kerege.example/ledger" in first.output
    assert "what it says is not in the log" in first.output, "the changed receipt must not verify"
    assert "together                                  KZT 0.00" in first.output
    assert "in circulation KZT 1,000,000.00, held by everyone together" in first.output
    assert "as the witnesses signed" in first.output
    second = run(tmp_path / "demo")
    assert second.exit_code == 0, second.output
    assert "accounts found as they were" in second.output
    assert "checkpoint of 11 leaves" in second.output


def test_what_it_says_to_try_next_can_be_typed(tmp_path: Path) -> None:
    folder = tmp_path / "a folder; with a name"
    told = run(folder)
    assert told.exit_code == 0, told.output
    commands = [line.strip() for line in told.output.splitlines() if line.startswith("   kerege ")]
    assert len(commands) == 3
    for command in commands[:2]:
        arguments = shlex.split(command)[1:]
        assert CliRunner().invoke(main, arguments).exit_code == 0, command


@pytest.mark.parametrize(
    ("called_as", "found", "typed"),
    [
        ("/opt/k/kerege", None, "/opt/k/kerege"),
        ("/opt/k/kerege", "/opt/k/kerege", "kerege"),
        ("/opt/k/pytest", None, "kerege"),
    ],
)
def test_it_names_itself_as_the_shell_would_find_it(
    called_as: str, found: str | None, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [called_as])
    monkeypatch.setattr(module, "which", lambda _name: found)
    assert module._as_called() == typed


def test_a_log_that_lost_its_ledger_stops_the_demo(tmp_path: Path) -> None:
    assert run(tmp_path).exit_code == 0
    (tmp_path / "ledger.db").write_bytes(b"")
    told = run(tmp_path)
    assert told.exit_code == 1
    assert "do not belong together" in told.output


def test_no_witness_outlives_it(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "kerege", "demo", "--folder", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        witness = (tmp_path / "witnesses" / "north" / "state.db").exists
        while not witness():
            assert process.poll() is None, process.stdout.read()
        process.send_signal(signal.SIGTERM)
        told, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in told
    assert not [line for line in _processes() if str(tmp_path) in line]


def _processes() -> list[str]:
    commands = []
    for entry in Path("/proc").iterdir():
        try:
            commands.append((entry / "cmdline").read_bytes().decode(errors="replace"))
        except OSError:
            continue  # no process, or it has ended
    return commands
