# SPDX-License-Identifier: Apache-2.0
"""Health says what works; metrics say how much."""

import time

import httpx
import pytest

from kerege.errors import KeregeError
from kerege.runtime import IdMaker, SystemClock, SystemRandomness
from kerege.service import Metrics, Server, build_app, health, listen_on, serving


def ask(path: str, **checks: object) -> httpx.Response:
    ids = IdMaker(SystemClock(), SystemRandomness())
    app = build_app([], title="t", description="", ids=ids, metrics=Metrics(), checks=checks)  # type: ignore[arg-type]
    with serving(Server(app, listen_on("127.0.0.1:0"))) as url:
        return httpx.get(url + path, trust_env=False)


def works() -> None: ...


def fails() -> None:
    raise KeregeError("postgresql://core@db is down")


def test_live() -> None:
    assert ask("/health/live", ledger=fails).json() == {"ready": True, "checks": {}}


def test_ready() -> None:
    answer = ask("/health/ready", ledger=works)
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "checks": {"ledger": True}})


def test_not_ready_and_not_why() -> None:
    answer = ask("/health/ready", ledger=works, register=fails)
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "checks": {"ledger": True, "register": False}}
    assert "postgresql" not in answer.text


def test_a_check_that_hangs_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECK_S", 0.05)
    assert ask("/health/ready", ledger=lambda: time.sleep(0.3)).status_code == 503


def test_metrics() -> None:
    answer = ask("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "kerege_http_requests_under_way 1.0" in answer.text
