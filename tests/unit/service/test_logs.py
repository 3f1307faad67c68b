# SPDX-License-Identifier: Apache-2.0
"""Nothing gets into a log that is not on the list."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from kerege.service.logs import configure_logs, get_log, log_fault, log_request, silence_logs


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    configure_logs(now_us=lambda: 1_700_000_000_000_000, stream=stream)
    yield stream
    root.handlers, root.level = handlers, level
    silence_logs()


def only(stream: io.StringIO) -> dict[str, Any]:
    lines = stream.getvalue().splitlines()
    assert len(lines) == 1
    found: dict[str, Any] = json.loads(lines[0])
    return found


def test_listed_fields_pass(stream: io.StringIO) -> None:
    get_log().info("integrated", size=12, ms=3.5)
    assert only(stream) == {
        "event": "integrated",
        "level": "info",
        "ms": 3.5,
        "size": 12,
        "time": 1_700_000_000_000_000,
    }


def test_others_are_dropped(stream: io.StringIO) -> None:
    get_log().info("paid", name="Айгерім", phone="+77001234567", iin="900101300123", count=1)
    assert only(stream)["dropped"] == 3
    assert "7700" not in stream.getvalue()


@pytest.mark.parametrize("value", ["Айгерім", "a" * 500, "x@example.org", 'q"uote', "a\nb"])
def test_a_listed_field_holds_plain_words_only(stream: io.StringIO, value: str) -> None:
    get_log().info("request", route=value)
    shown = only(stream)["route"]
    assert shown == "(hidden)" or len(shown) <= 200
    assert "@" not in shown


def test_a_fault_has_no_message(stream: io.StringIO) -> None:
    try:
        int("wallet of Aigerim, 900101300123")
    except ValueError as error:
        log_fault(error, answer="ab")
    line = only(stream)
    assert (line["error"], line["answer"], line["code"]) == ("ValueError", "ab", "ours")
    assert line["frames"][0].startswith("test_a_fault_has_no_message test_logs.py:")
    assert "900101300123" not in stream.getvalue()


def test_what_libraries_log_is_not_quoted(stream: io.StringIO) -> None:
    logging.getLogger("sqlalchemy").error("cannot insert %s", "Aigerim")
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    logging.getLogger("chatty").info("Aigerim")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["logger"] for line in lines] == ["sqlalchemy", "uvicorn.error"]
    assert "Aigerim" not in stream.getvalue()


def test_silence_before_it_is_configured(capsys: pytest.CaptureFixture[str]) -> None:
    silence_logs()
    get_log().info("request", route="/")
    get_log().error("fault")
    assert capsys.readouterr() == ("", "")


REQUEST: dict[str, Any] = {
    "answer": "0a",
    "method": "POST",
    "route": "/v1/orders/{order:str}",
    "status": 200,
    "ms": 1.25,
    "institution": "altyn-bank",
}


@pytest.mark.parametrize("odd", [{}, {"method": "FOO\n{"}, {"method": "Ә"}, {"route": "a" * 500}])
def test_a_request_is_logged_as_anything_else(stream: io.StringIO, odd: dict[str, Any]) -> None:
    log_request(**{**REQUEST, **odd})
    get_log().info("request", **{**REQUEST, **odd})
    quick, usual = stream.getvalue().splitlines()
    assert quick == usual


def test_requests_are_logged_where_that_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    configure_logs(now_us=lambda: 1, stream=stream, level=logging.WARNING)
    log_request(**REQUEST)
    root.handlers, root.level = handlers, level
    silence_logs()
    log_request(**REQUEST)
    assert stream.getvalue() == capsys.readouterr().err == ""
