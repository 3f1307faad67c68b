# SPDX-License-Identifier: Apache-2.0
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kerege.keys import NamedPrivateKey, PrivateKey, SignatureType, save_note_key
from kerege.sandbox import nursery
from kerege.sandbox.nursery import End, Ended, Start, Started

TALES: msgspec.json.Decoder[Started | Ended] = msgspec.json.Decoder(Started | Ended)


class Line:
    """A nursery and the line to it."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            nursery.command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=nursery.environment(),
        )

    def order(self, order: Start | End) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(msgspec.json.encode(order) + b"\n")
        self.process.stdin.flush()

    def hear(self) -> Started | Ended:
        assert self.process.stdout is not None
        return TALES.decode(self.process.stdout.readline())

    def start(self, name: str, *arguments: str, log: Path) -> int:
        self.order(Start(name, arguments, str(log)))
        tale = self.hear()
        assert isinstance(tale, Started)
        return tale.pid


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line()
    yield line
    assert line.process.stdin is not None
    assert line.process.stdout is not None
    line.process.stdin.close()
    line.process.wait(timeout=20)
    line.process.stdout.close()


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone_soon(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while runs(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not runs(pid)


def key(name: str, kind: SignatureType) -> NamedPrivateKey:
    return NamedPrivateKey(name, kind, PrivateKey(kind.algorithm, bytes(32)))


def witness(folder: Path, line: Line) -> int:
    """A child that serves until told to end."""
    if not (folder / "key").exists():
        save_note_key(folder / "key", key("w.example", SignatureType.COSIGNATURE_ED25519))
    log_key = key("log.example", SignatureType.ED25519).public.to_vkey()
    arguments = ["--key", str(folder / "key"), "--log-key", log_key]
    arguments += ["--state", str(folder / "state.db"), "--listen", "127.0.0.1:0"]
    log = folder / "w.log"
    pid = line.start("w", "log", "witness", "run", *arguments, log=log)
    deadline = time.monotonic() + 10
    while not (log.exists() and "listening" in log.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert "listening" in log.read_text()
    return pid


def test_a_child_runs_a_command_and_its_end_is_told(tmp_path: Path, line: Line) -> None:
    pid = line.start("a", "--version", log=tmp_path / "a.log")
    assert line.hear() == Ended("a", pid, 0)
    assert (tmp_path / "a.log").read_text().startswith("kerege ")
    pid = line.start("a", "no-such-command", log=tmp_path / "a.log")
    assert line.hear() == Ended("a", pid, 2)
    assert "No such command" in (tmp_path / "a.log").read_text(), "logs are appended to"


def test_children_end_when_told(tmp_path: Path, line: Line) -> None:
    pid = witness(tmp_path, line)
    line.order(End("w"))
    assert line.hear() == Ended("w", pid, 0)
    (tmp_path / "w.log").unlink()
    pid = witness(tmp_path, line)
    line.order(End("w", hard=True))
    assert line.hear() == Ended("w", pid, -signal.SIGKILL)
    line.order(End("w"))  # it is gone: nothing happens


def test_children_end_with_the_orders(tmp_path: Path, line: Line) -> None:
    pid = witness(tmp_path, line)
    assert line.process.stdin is not None
    line.process.stdin.close()
    assert line.process.wait(timeout=20) == 0
    assert not runs(pid)
    assert "witness stopped" in (tmp_path / "w.log").read_text()


def test_children_end_with_a_killed_nursery(tmp_path: Path, line: Line) -> None:
    pid = witness(tmp_path, line)
    line.process.kill()
    assert gone_soon(pid)


def test_an_interrupt_of_the_terminal_does_not_end_it(tmp_path: Path, line: Line) -> None:
    pid = witness(tmp_path, line)
    os.kill(line.process.pid, signal.SIGINT)
    line.start("a", "--version", log=tmp_path / "a.log")
    assert isinstance(line.hear(), Ended)
    assert runs(pid)
