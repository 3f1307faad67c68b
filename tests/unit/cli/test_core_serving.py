# SPDX-License-Identifier: Apache-2.0
"""`kerege core serve` as a process: it says where it is, logs JSON, ends by a signal."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.cores import write_settings


@pytest.fixture
def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def test_serving(tmp_path: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "kerege", "core", "serve", str(write_settings(tmp_path))]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline().strip()
        assert line.startswith("core listening on http://127.0.0.1:")
        url = line.rpartition(" ")[2]
        assert httpx.get(f"{url}/v1/participants", trust_env=False).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == "core stopped\n"
        logged = [json.loads(line) for line in process.stderr.read().splitlines()]
        assert process.wait(timeout=20) == 0
    # Whether the log was written to before the end is a matter of luck.
    assert "request" in {line["event"] for line in logged}


def test_a_mistake_in_the_settings(tmp_path: Path, environment: dict[str, str]) -> None:
    path = tmp_path / "core.toml"
    path.write_text("listen = 1\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "kerege", "core", "serve", str(path)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"kerege: {path}")
    assert "Traceback" not in done.stderr
