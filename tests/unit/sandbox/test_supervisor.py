# SPDX-License-Identifier: Apache-2.0
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.keys import NamedPrivateKey, PrivateKey, SignatureType, save_note_key
from kerege.sandbox.asking import is_ready
from kerege.sandbox.keeping import Part
from kerege.sandbox.supervisor import NotRunning, Supervisor


def key(name: str, kind: SignatureType) -> NamedPrivateKey:
    return NamedPrivateKey(name, kind, PrivateKey(kind.algorithm, bytes(32)))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def witness(folder: Path, name: str = "w") -> Part:
    save_note_key(folder / f"{name}.key", key(f"{name}.example", SignatureType.COSIGNATURE_ED25519))
    log_key = key("log.example", SignatureType.ED25519).public.to_vkey()
    port = free_port()
    arguments = ["log", "witness", "run", "--key", str(folder / f"{name}.key")]
    arguments += ["--log-key", log_key, "--state", str(folder / f"{name}.db")]
    arguments += ["--listen", f"127.0.0.1:{port}"]
    return Part(name=name, arguments=tuple(arguments), url=f"http://127.0.0.1:{port}")


Tables = list[list[dict[str, object]]]


@pytest.fixture
def tables() -> Tables:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, tables: Tables) -> Iterator[Supervisor]:
    with Supervisor(tmp_path / "logs", changed=tables.append) as supervisor:
        yield supervisor


def test_what_is_killed_is_started_again(
    tmp_path: Path, supervisor: Supervisor, tables: Tables
) -> None:
    supervisor.add([witness(tmp_path)])
    supervisor.wait(["w"], timeout_s=20)
    first = supervisor.pid("w")
    os.kill(first, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while supervisor.pid("w") in (0, first) and time.monotonic() < deadline:
        time.sleep(0.02)
    supervisor.wait(["w"], timeout_s=20)
    assert supervisor.pid("w") not in (0, first)
    assert tables[-1][0]["restarts"] == 1
    supervisor.end(["w"])
    assert supervisor.pid("w") == 0


def test_a_killed_nursery_is_replaced_with_all_its_children(
    tmp_path: Path, supervisor: Supervisor
) -> None:
    supervisor.add([witness(tmp_path, "a"), witness(tmp_path, "b")])
    supervisor.wait(["a", "b"], timeout_s=20)
    before = {supervisor.pid("a"), supervisor.pid("b")}
    assert supervisor._nursery is not None
    supervisor._nursery.kill()
    deadline = time.monotonic() + 10
    while supervisor.pid("a") in before and time.monotonic() < deadline:
        time.sleep(0.02)
    supervisor.wait(["a", "b"], timeout_s=20)
    assert before.isdisjoint({supervisor.pid("a"), supervisor.pid("b")})


def test_one_that_never_comes_up_is_told_with_the_end_of_its_log(supervisor: Supervisor) -> None:
    supervisor.add([Part(name="odd", arguments=("no-such-command",), url="http://127.0.0.1:9")])
    with pytest.raises(NotRunning, match=r"odd ended again and again.*No such command"):
        supervisor.wait(["odd"], timeout_s=30)


def test_waiting_has_an_end(supervisor: Supervisor) -> None:
    supervisor.add([Part(name="deaf", arguments=("--version",), url="http://127.0.0.1:9")])
    with pytest.raises(NotRunning, match="is not ready after 0 s"):
        supervisor.wait(["deaf"], timeout_s=0.1)


def test_a_path_must_answer_200_where_one_is_named(tmp_path: Path, supervisor: Supervisor) -> None:
    part = witness(tmp_path)
    odd = Part(name="w", arguments=part.arguments, url=part.url, ready_path="/health/ready")
    supervisor.add([odd])
    deadline = time.monotonic() + 20
    while not is_ready(part.url, "") and time.monotonic() < deadline:
        time.sleep(0.02)
    with pytest.raises(NotRunning):
        supervisor.wait(["w"], timeout_s=0.3)
    assert supervisor.pid("w"), "it runs, and answers something else"


def test_nothing_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    part = witness(tmp_path)
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from kerege.sandbox.supervisor import Supervisor\n"
        "from kerege.sandbox.keeping import Part\n"
        f"with Supervisor(Path({str(tmp_path / 'logs')!r})) as s:\n"
        f"    s.add([Part(name='w', arguments={part.arguments!r}, url={part.url!r})])\n"
        "    s.wait(['w'], timeout_s=20)\n"
        "    print(s.pid('w'), flush=True); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    child = int(done.stdout)
    deadline = time.monotonic() + 15
    while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists()
