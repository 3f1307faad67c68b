# SPDX-License-Identifier: Apache-2.0
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from msgspec import Struct

from kerege.sandbox import asking
from kerege.sandbox.asking import NodeSilent, ask_public, is_ready

ANSWERS = {
    "/good": (200, b'{"name": "core"}'),
    "/gone": (404, b"{}"),
    "/odd": (200, b'{"name": 5}'),
    "/deep": (200, b"[" * 100_000),
    "/large": (200, b" " * 2_000),
}


class Named(Struct):
    name: str


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = ANSWERS[self.path]
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_json_is_read_as_what_it_should_be(url: str) -> None:
    assert ask_public(url, "/good", Named).name == "core"


@pytest.mark.parametrize("path", ["/gone", "/odd", "/deep"])
def test_anything_else_is_our_own_error_with_its_place(url: str, path: str) -> None:
    with pytest.raises(NodeSilent) as caught:
        ask_public(url, path, Named)
    assert caught.value.place == f"{url}{path}"


def test_an_answer_has_a_limit(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MAX_BYTES", 1_000)
    with pytest.raises(NodeSilent, match="more than 1000 bytes"):
        ask_public(url, "/large", Named)


def test_readiness_is_an_answer_or_somebody_who_listens(url: str) -> None:
    assert is_ready(url, "/good")
    assert is_ready(url, "")
    assert not is_ready(url, "/gone")
    assert not is_ready("http://127.0.0.1:9", "/good")
    assert not is_ready("http://127.0.0.1:9", "")
    with pytest.raises(NodeSilent, match="no answer"):
        ask_public("http://127.0.0.1:9", "/good", Named)
