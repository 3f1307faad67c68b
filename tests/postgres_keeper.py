# SPDX-License-Identifier: Apache-2.0
"""Own one private PostgreSQL server: start it, keep it while its owner lives, stop it, remove it.

Run as a program by `tests/postgres.py`, with one JSON argument:
`{"folder": str, "bin": str, "uid": int | null, "gid": int | null, "settings": {name: value}}`.
It exits with 0 once the server accepts connections, or with 1 and the reason on stderr; what
remains behind is a child that waits for the owner's lock. The kernel releases that lock however
the owner ends, so that a killed test run leaves no server behind.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

OWNER_LOCK = "owner.lock"
"""Held by the owner for as long as the server is wanted."""

START_LIMIT_S = 60.0
"""A cold disk may take ten seconds; more means that the server will not come."""

STOP_LIMIT_S = 15.0
"""A fast shutdown writes one checkpoint; past this the server is told to quit at once."""


def _as_user(job: dict[str, Any]) -> dict[str, Any]:
    """Popen arguments that drop root: PostgreSQL refuses to run with it."""
    if job["uid"] is None:
        return {}
    return {"user": job["uid"], "group": job["gid"], "extra_groups": []}


def _initialise(job: dict[str, Any], data: Path) -> None:
    # --locale=C: the same order of text on every machine. --no-sync: the folder is thrown away.
    command = [str(Path(job["bin"]) / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust"]
    command += ["--encoding=UTF8", "--locale=C", "--no-sync"]
    done = subprocess.run(
        command, cwd=job["folder"], capture_output=True, text=True, check=False, **_as_user(job)
    )
    if done.returncode != 0:
        raise RuntimeError(f"initdb failed: {done.stderr.strip()[-2000:]}")


def _launch(job: dict[str, Any], data: Path) -> subprocess.Popen[bytes]:
    # No TCP port: the socket lies in a folder that only this user can open.
    command = [str(Path(job["bin"]) / "postgres"), "-D", str(data), "-k", job["folder"]]
    settings = {"listen_addresses": "", **job["settings"]}
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with (Path(job["folder"]) / "server.log").open("wb") as log:
        return subprocess.Popen(command, cwd=job["folder"], stdout=log, stderr=log, **_as_user(job))


def _wait_ready(server: subprocess.Popen[bytes], folder: Path, data: Path) -> None:
    status = data / "postmaster.pid"
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        # The eighth line says "ready" once connections are accepted.
        if status.exists() and status.read_text().splitlines()[7:8] == ["ready   "]:
            return
        time.sleep(0.02)
    raise RuntimeError(f"postgres did not start: {(folder / 'server.log').read_text()[-2000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(sign)
        try:
            server.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            continue
        return


def _keep(job: dict[str, Any], ready: int) -> None:
    """Run the server until the owner's lock is free, telling `ready` how the start went."""
    folder = Path(job["folder"])
    data = folder / "data"
    server = None
    try:
        _initialise(job, data)
        server = _launch(job, data)
        _wait_ready(server, folder, data)
        os.write(ready, b"ready")
        os.close(ready)
        with (folder / OWNER_LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
        job["ended"] = True
    finally:
        if server is not None:
            _stop(server)
        # After a failed start the owner still needs its folder, to try another installation.
        shutil.rmtree(folder if job.get("ended") else data, ignore_errors=True)


def _detach(job: dict[str, Any], ready: int) -> int:
    """In the child: leave the owner's terminal and signals, then keep the server."""
    os.setsid()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        _keep(job, ready)
    except (OSError, RuntimeError) as fault:
        os.write(ready, str(fault).encode())
        return 1
    return 0


def main() -> int:
    job = json.loads(sys.argv[1])
    read_end, write_end = os.pipe()
    if os.fork() == 0:
        os.close(read_end)
        os._exit(_detach(job, write_end))
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        answer = pipe.read()
    if answer == b"ready":
        return 0
    print(answer.decode(errors="replace") or "the keeper ended without a word", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
