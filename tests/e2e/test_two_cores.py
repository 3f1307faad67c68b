# SPDX-License-Identifier: Apache-2.0
"""Two core processes on one PostgreSQL and one port; one is killed under load.

A bank only does what it always does, send the same again. Nothing acknowledged is lost, nothing is
applied twice, the log goes on.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from kerege.centralbank.core_settings import read_core_settings
from kerege.centralbank.http.wire import Balances, OrderTexts, Verdicts
from kerege.payments import Verdict
from kerege.service import NodeClient, Unreachable, listen_on
from kerege.translog.checkpoint import parse_checkpoint
from kerege.translog.note import parse_note
from tests.cores import Core, write_settings

PAYMENTS = 60


@pytest.fixture
def folder(tmp_path: Path, pg_url: str) -> Path:
    # A port for both: taken once to know one that is free.
    with listen_on("127.0.0.1:0") as listener:
        port = listener.getsockname()[1]
    write_settings(
        tmp_path,
        ledger=pg_url,
        register=pg_url,
        listen=f"127.0.0.1:{port}",
        more="shared = true",
    )
    return tmp_path


@pytest.fixture
def processes(folder: Path) -> Iterator[list[subprocess.Popen[str]]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "kerege", "core", "serve", str(folder / "core.toml")]
    with ExitStack() as stack:
        started = []
        for number in range(2):
            log = stack.enter_context((folder / f"{number}.log").open("w"))
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, env=environment, text=True
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            assert process.stdout is not None
            assert process.stdout.readline().startswith("core listening")
            started.append(process)
        yield started


def send_until_answered(client: NodeClient, text: str) -> Verdict:
    """What a bank does."""
    for _ in range(200):
        try:
            return client.post("/v1/orders", OrderTexts((text,)), Verdicts).verdicts[0]
        except Unreachable:
            time.sleep(0.05)
    raise AssertionError("nobody answers")


def test_one_is_killed(folder: Path, processes: list[subprocess.Popen[str]]) -> None:
    settings = read_core_settings(folder / "core.toml")
    # A third node in this process, for setting the scene: it is gone before the load begins.
    with Core(folder, settings=settings) as core:
        core.bank("altyn-bank")
        aru, bek = core.open("altyn-bank"), core.open("altyn-bank")
        core.give(aru, 1_000)
        texts = [core.pay(aru, bek, 1) for _ in range(PAYMENTS)]
    url = f"http://{settings.listen}"
    verdicts: list[Verdict] = []

    def load(share: list[str]) -> None:
        with core.client("altyn-bank", url=url) as altyn:
            verdicts.extend(send_until_answered(altyn, text) for text in share)

    threads = [threading.Thread(target=load, args=(texts[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    processes[0].send_signal(signal.SIGKILL)
    for thread in threads:
        thread.join()

    assert [verdict.code for verdict in verdicts] == ["accepted"] * PAYMENTS
    assert len({verdict.number for verdict in verdicts}) == PAYMENTS
    with core.client("altyn-bank", url=url) as altyn:
        (balance,) = altyn.get(f"/v1/wallets/{bek.id}/balances", Balances).balances
        assert balance.balance == PAYMENTS
        again = altyn.post("/v1/orders", OrderTexts(tuple(texts)), Verdicts).verdicts
        assert {verdict.number for verdict in again} == {verdict.number for verdict in verdicts}
        eventually_logged(altyn, verdicts)


def eventually_logged(client: NodeClient, verdicts: list[Verdict]) -> None:
    """Whoever is left has taken over the log."""
    for _ in range(100):
        size = parse_checkpoint(parse_note(client.get_bytes("/log/checkpoint")).text).size
        if size >= len(verdicts):
            return
        time.sleep(0.1)
    raise AssertionError("the log stands still")
