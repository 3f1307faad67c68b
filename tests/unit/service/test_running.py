# SPDX-License-Identifier: Apache-2.0
"""A server says where it is, serves, and ends when told."""

import os
import signal
import subprocess
import sys

import httpx
import pytest

from kerege.service.running import Listening, Server, listen_on, serving
from tests.nodes import serve_echo

PROGRAM = """
from litestar import get
from kerege.runtime import IdMaker, SystemClock, SystemRandomness
from kerege.service import Metrics, Server, build_app, listen_on

@get("/")
async def here() -> str:
    return "here"

app = build_app([here], title="t", description="", metrics=Metrics(),
                ids=IdMaker(SystemClock(), SystemRandomness()))
Server(app, listen_on("127.0.0.1:0"), on_ready=lambda url: print(url, flush=True)).run()
print("ended", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_process_ends_by_a_signal(number: signal.Signals) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, env=environment, text=True
    ) as process:
        if process.stdout is None:
            pytest.fail("no output")
        url = process.stdout.readline().strip()
        assert httpx.get(url, trust_env=False).text == "here"
        process.send_signal(number)
        assert process.stdout.readline().strip() == "ended"
        assert process.wait(timeout=10) == 0


def test_it_ends_with_connections_open() -> None:
    client = httpx.Client(trust_env=False)
    with serve_echo() as node:
        assert client.get(f"{node.url}/v1/hello").status_code == 200
    client.close()


@pytest.mark.parametrize("address", ["", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:99999", ":80"])
def test_an_address_is_host_and_port(address: str) -> None:
    with pytest.raises(Listening, match="host:port"):
        listen_on(address)


def test_a_port_that_is_taken() -> None:
    with listen_on("127.0.0.1:0") as first, pytest.raises(Listening, match="cannot listen"):
        listen_on(f"127.0.0.1:{first.getsockname()[1]}")


def test_an_application_that_does_not_start() -> None:
    async def app(scope: object, receive: object, send: object) -> None:
        raise RuntimeError("no")

    server = Server(app, listen_on("127.0.0.1:0"))
    with pytest.raises(Listening, match="did not start"), serving(server):
        pass


def test_ipv6_is_written_in_brackets() -> None:
    try:
        listener = listen_on("[::1]:0")
    except Listening:
        pytest.skip(reason="this machine has no IPv6")

    async def app(scope: object, receive: object, send: object) -> None: ...

    server = Server(app, listener)
    assert server.url.startswith("http://[::1]:")
    listener.close()
