# SPDX-License-Identifier: Apache-2.0
"""A system under test is asked over HTTP, and believed nothing."""

import pytest

from kerege.sandbox.accounting.driving import MAX_ANSWER_BYTES, Unreachable
from kerege.sandbox.accounting.http_line import HttpLine
from tests.serving import reply, serve_answers


def test_an_answer_is_a_status_and_a_body() -> None:
    with serve_answers(lambda asked: reply(asked, b"no", status=418)) as url, HttpLine(url) as line:
        answer = line.ask("POST", "/v1/books", b"{}", "application/json")
        assert (answer.status, answer.body) == (418, b"no")
        assert line.ask("GET", "/v1", b"", "").status == 418


def test_redirects_are_answers() -> None:
    def answer(asked: object) -> None:
        reply(asked, b"", status=302, location="http://127.0.0.1:1/")  # type: ignore[arg-type]

    with serve_answers(answer) as url, HttpLine(url) as line:
        assert line.ask("GET", "/", b"", "").status == 302


def test_endless_answers_end() -> None:
    body = b"x" * (MAX_ANSWER_BYTES + 1)
    with (
        serve_answers(lambda asked: reply(asked, body)) as url,
        HttpLine(url) as line,
        pytest.raises(Unreachable, match="more than"),
    ):
        line.ask("GET", "/", b"", "")


def test_nobody_there() -> None:
    with HttpLine("http://127.0.0.1:1") as line, pytest.raises(Unreachable, match="did not answer"):
        line.ask("GET", "/", b"", "")
    with pytest.raises(Unreachable, match="http://"):
        HttpLine("file:///etc/passwd")
