# SPDX-License-Identifier: Apache-2.0
"""The witness as a process: stopped politely, killed at random, run twice on one state."""

import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from kerege.keys import NamedPublicKey, PrivateKey, SignatureType
from kerege.translog.note import open_note, parse_note, parse_verifier_key
from tests.model_log import ModelLog
from tests.witness_server import post

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("KEREGE_WITNESS_KILLS", "6"))
"""How often the witness is killed in one run of the test."""

SEED = int(os.environ.get("KEREGE_SEED", "1"))
"""Of the choices made here; the instants of the kills are the machine's, too."""

LOG = ModelLog()
FORK = ModelLog(branch="fork", fork_at=1)
SOURCE = Path(__file__).resolve().parents[2] / "src"


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "kerege", "log", "witness", *map(str, arguments)]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(SOURCE)}


@pytest.fixture
def vkey(tmp_path: Path) -> str:
    made = command("init", "--name", "witness.example/w1", "--key", tmp_path / "w1.key")
    done = subprocess.run(made, env=environment(), capture_output=True, text=True, check=True)
    return done.stdout.strip()


def log_key() -> str:
    assert isinstance(LOG.signer.key, PrivateKey)
    return NamedPublicKey(
        name=LOG.origin,
        signature_type=SignatureType.ED25519,
        public_key=LOG.signer.key.public_key,
    ).to_vkey()


@contextmanager
def running(folder: Path) -> Iterator[tuple[subprocess.Popen[str], tuple[str, int]]]:
    """Run a witness on a free port until the block ends; kill it if it still runs."""
    arguments: list[str | Path] = ["--key", folder / "w1.key", "--log-key", log_key()]
    arguments += ["--state", folder / "witness.db", "--listen", "127.0.0.1:0"]
    process = subprocess.Popen(
        command("run", *arguments),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
        assert found
        yield process, ("127.0.0.1", int(found[1]))
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.usefixtures("vkey")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path) as (process, address):
        assert post(address, LOG.request(0, 5))[0] == 200
        process.send_signal(number)
        assert process.wait(timeout=10) == 0
        assert process.stdout is not None
        assert process.stdout.read() == "witness stopped\n"


@pytest.mark.usefixtures("vkey")
def test_it_remembers_after_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as (process, address):
        assert post(address, LOG.request(0, 5))[0] == 200
        process.kill()
        process.wait()
    with running(tmp_path) as (_, address):
        assert post(address, FORK.request(0, 6))[::2] == (409, b"5\n")
        assert post(address, FORK.request(5, 6))[0] == 422
        assert post(address, LOG.request(5, 6))[0] == 200


def test_killed_at_random_it_never_cosigns_a_fork_or_forgets(tmp_path: Path, vkey: str) -> None:
    """Every cosignature handed out, over all lives, is of one branch; none is forgotten."""
    chance = random.Random(SEED)
    given: list[tuple[int, bool]] = []
    for _ in range(KILLS):
        with running(tmp_path) as (process, address):
            timer = threading.Timer(chance.uniform(0.02, 0.4), process.kill)
            timer.start()
            with ThreadPoolExecutor(max_workers=6) as pool:
                lives = [
                    pool.submit(_submit, address, vkey, random.Random(chance.random()))
                    for _ in range(6)
                ]
            timer.join()
            given += [pair for life in lives for pair in life.result()]
        largest = max((size for size, _ in given), default=0)
        with running(tmp_path) as (_, address):
            status, _, body = post(address, LOG.request(largest + 1, largest + 1))
            # One more than acknowledged may be there: durable, but killed before the reply.
            assert status in {200, 409, 422}
            if status == 409:
                assert int(body) >= largest
    assert given
    assert len({is_fork for size, is_fork in given if size > 1}) == 1


def _submit(address: tuple[str, int], vkey: str, chance: random.Random) -> list[tuple[int, bool]]:
    """Submit until the witness is gone; return (size, is it the fork) of every cosignature."""
    given: list[tuple[int, bool]] = []
    old_size = 0
    while True:
        log = chance.choice((LOG, FORK))
        size = old_size + chance.randrange(1, 4)
        try:
            status, _, body = post(address, log.request(old_size, size))
        except (OSError, ValueError, IndexError):
            return given  # killed before or while it answered
        if status == 200:
            text = parse_note(log.checkpoint(size)).text
            open_note(f"{text}\n".encode() + body, [parse_verifier_key(vkey)])
            given.append((size, log is FORK))
            old_size = size
        elif status == 409 and body.endswith(b"\n"):
            old_size = int(body)
