# SPDX-License-Identifier: Apache-2.0
"""The client tells apart "nobody knows" and "no"."""

from http.server import BaseHTTPRequestHandler

import pytest

from kerege.service import client as client_module
from kerege.service.client import AnswerMalformed, Refused, Unreachable
from kerege.service.running import listen_on
from tests.nodes import EchoNode, Note, client_of
from tests.serving import serve_answers


def test_it_signs_and_decodes(echo: EchoNode) -> None:
    with client_of("alpha", echo.url) as alpha:
        assert alpha.get("/v1/things/7", Note) == Note("alpha 7 ")
        assert alpha.get_bytes("/v1/hello", query={"times": 2}) == b'{"text":"hello","count":2}'


def test_a_refusal_has_its_code(echo: EchoNode) -> None:
    with client_of("alpha", echo.url) as alpha, pytest.raises(Refused) as raised:
        alpha.get("/v1/refused", Note)
    assert (raised.value.code, raised.value.status) == ("not_allowed", 403)
    assert raised.value.remedy == "Ask whoever grants this right."
    assert raised.value.place == "/v1/refused here"


def test_a_fault_over_there_may_be_tried_again(echo: EchoNode) -> None:
    with client_of("alpha", echo.url) as alpha, pytest.raises(Unreachable, match="internal_error"):
        alpha.get("/v1/broken", Note)


def test_nobody_there() -> None:
    with listen_on("127.0.0.1:0") as listener:
        port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with client_of("alpha", url) as alpha, pytest.raises(Unreachable, match="the same again"):
        alpha.get("/v1/hello", Note)


def test_another_answer_than_promised(echo: EchoNode) -> None:
    with client_of("", echo.url) as anyone, pytest.raises(AnswerMalformed, match="not int"):
        anyone.get("/v1/hello", int)


@pytest.mark.parametrize("status", [302, 404])
def test_answers_that_are_not_ours(status: int) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("location", "http://127.0.0.1:1/")
        request.send_header("content-length", "0")
        request.end_headers()

    with (
        serve_answers(answer) as url,
        client_of("", url) as anyone,
        pytest.raises((Refused, AnswerMalformed)),
    ):
        anyone.get("/v1/hello", Note)


def test_answers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "MAX_ANSWER_BYTES", 100)

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(b"x" * 1000)
        request.close_connection = True

    with (
        serve_answers(answer) as url,
        client_of("", url) as anyone,
        pytest.raises(AnswerMalformed, match="more than 100 bytes"),
    ):
        anyone.get_bytes("/")


def test_an_answer_cut_short() -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("content-length", "1000")
        request.end_headers()
        request.wfile.write(b"{")
        request.close_connection = True

    with serve_answers(answer) as url, client_of("", url) as anyone, pytest.raises(Unreachable):
        anyone.get("/", Note)
