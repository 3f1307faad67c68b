# SPDX-License-Identifier: Apache-2.0
"""Every request is numbered, counted and logged, whatever becomes of it."""

import asyncio
import io
import json
from typing import Any

import pytest

from kerege.runtime import IdMaker, ManualClock, SeededRandomness
from kerege.service import front
from kerege.service.answering import Answering
from kerege.service.front import Front
from kerege.service.logs import configure_logs, silence_logs
from kerege.service.metrics import Metrics

SCOPE: dict[str, Any] = {"type": "http", "method": "GET", "headers": []}


async def run(app: Any, scope: dict[str, Any], metrics: Metrics) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    ids = IdMaker(ManualClock(1_700_000_000_000_000), SeededRandomness(1))
    await Front(app, ids=ids, metrics=metrics, answering=Answering())(scope, receive, send)  # type: ignore[arg-type]
    return sent


async def fine(scope: Any, receive: Any, send: Any) -> None:
    scope["path_template"] = "/v1/wallets/{wallet:str}"
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"Cache-Control", b"a")]}
    )
    await send({"type": "http.response.body", "body": b"x", "more_body": False})


async def broken(scope: Any, receive: Any, send: Any) -> None:
    raise RuntimeError("Aigerim's number is 87001234567")


async def broken_late(scope: Any, receive: Any, send: Any) -> None:
    await fine(scope, receive, send)
    raise RuntimeError("late")


def test_fields_are_added_once() -> None:
    start = asyncio.run(run(fine, dict(SCOPE), Metrics()))[0]
    names = [name for name, _ in start["headers"]]
    assert names == [b"Cache-Control", b"request-id", b"x-content-type-options"]


def test_the_last_frame() -> None:
    metrics = Metrics()
    start, body = asyncio.run(run(broken, dict(SCOPE), metrics))
    assert start["status"] == 500
    assert b"Aigerim" not in body["body"]
    assert b'status="500"' in metrics.text()


def test_more_than_a_process_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "MAX_UNDER_WAY", 0)
    start, body = asyncio.run(run(fine, dict(SCOPE), Metrics()))
    assert start["status"] == 503
    assert b'"code":"unavailable"' in body["body"]


def test_an_answer_that_began_is_not_begun_again() -> None:
    sent = asyncio.run(run(broken_late, dict(SCOPE), Metrics()))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]


@pytest.fixture
def lines() -> Any:
    stream = io.StringIO()
    configure_logs(now_us=lambda: 7, stream=stream)
    yield stream
    silence_logs()


def test_the_log_has_the_template_and_no_message(lines: io.StringIO) -> None:
    asyncio.run(run(fine, {**SCOPE, "path": "/v1/wallets/wal_secret"}, Metrics()))
    asyncio.run(run(broken, dict(SCOPE), Metrics()))
    logged = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [line["event"] for line in logged] == ["request", "fault", "request"]
    assert logged[0]["route"] == "/v1/wallets/{wallet:str}"
    assert logged[1]["error"] == "RuntimeError"
    assert logged[1]["answer"] == logged[2]["answer"]
    assert "secret" not in lines.getvalue()
    assert "87001234567" not in lines.getvalue()


def test_people_are_not_named(lines: io.StringIO) -> None:
    class Customer:
        id = "cus_aigerim"

    asyncio.run(run(fine, {**SCOPE, "user": Customer(), "auth": "token"}, Metrics()))
    assert "aigerim" not in lines.getvalue()


def test_other_kinds_of_connection_pass_through() -> None:
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    asyncio.run(run(app, {"type": "lifespan"}, Metrics()))
    assert seen == ["lifespan"]
