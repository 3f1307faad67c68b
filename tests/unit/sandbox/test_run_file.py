# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys
from pathlib import Path

import pytest

from kerege.errors import KeregeError
from kerege.sandbox.run_file import (
    AlreadyRunning,
    NotUp,
    Process,
    RunState,
    end_run,
    hold_folder,
    read_run,
)

CORE = Process(name="core", pid=2, url="http://127.0.0.1:7400", stage="ready", restarts=0)
STATE = RunState(pid=1, started_us=5, processes=(CORE,))


def test_what_runs_is_told_while_it_is_held(tmp_path: Path) -> None:
    with hold_folder(tmp_path / "new" / "folder") as run_file:
        run_file.write(STATE)
        assert read_run(tmp_path / "new" / "folder") == STATE
    with pytest.raises(NotUp, match="kerege up"):
        read_run(tmp_path / "new" / "folder")


def test_a_folder_is_held_once(tmp_path: Path) -> None:
    with hold_folder(tmp_path) as run_file:
        run_file.write(STATE)
        with pytest.raises(AlreadyRunning, match="process 1"), hold_folder(tmp_path):
            pass
        assert read_run(tmp_path) == STATE, "who came second takes nothing away"


def test_what_a_killed_holder_left_behind_is_not_believed(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path;"
        "from kerege.sandbox.run_file import RunState, hold_folder\n"
        f"with hold_folder(Path({str(tmp_path)!r})) as run_file:\n"
        "    run_file.write(RunState(pid=os.getpid(), started_us=1)); os.abort()"
    )
    subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert (tmp_path / "run.json").exists()
    with pytest.raises(NotUp):
        read_run(tmp_path)
    with hold_folder(tmp_path):
        pass


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"pid": "x"}', b"\xff"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    with hold_folder(tmp_path):
        (tmp_path / "run.json").write_bytes(content)
        with pytest.raises(NotUp):
            read_run(tmp_path)


def test_a_url_is_found_by_name() -> None:
    assert STATE.url("core") == "http://127.0.0.1:7400"
    with pytest.raises(NotUp, match="no process bank"):
        STATE.url("bank")


HOLDER = """
import os, signal, sys, time
from pathlib import Path
from kerege.sandbox.run_file import RunState, hold_folder

def stop(*_):
    raise SystemExit

signal.signal(signal.SIGTERM, stop if sys.argv[2] == "polite" else signal.SIG_IGN)
with hold_folder(Path(sys.argv[1])) as run_file:
    run_file.write(RunState(pid=os.getpid(), started_us=1))
    print("held", flush=True)
    time.sleep(60)
"""


def holder(folder: Path, manner: str) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder), manner], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def test_who_runs_it_is_ended_and_waited_for(tmp_path: Path) -> None:
    with holder(tmp_path, "polite"):
        end_run(tmp_path, timeout_s=20)
        with pytest.raises(NotUp):
            end_run(tmp_path, timeout_s=1)


def test_one_that_does_not_hear_is_told(tmp_path: Path) -> None:
    with holder(tmp_path, "deaf") as process:
        with pytest.raises(KeregeError, match="has not ended"):
            end_run(tmp_path, timeout_s=0.2)
        process.kill()
