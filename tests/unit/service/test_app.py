# SPDX-License-Identifier: Apache-2.0
"""A node's application over a real socket: routes, answers, its description of itself."""

import httpx
import pytest

from tests.nodes import EchoNode


def get(echo: EchoNode, path: str, **headers: str) -> httpx.Response:
    return httpx.get(echo.url + path, headers=headers, trust_env=False)


def test_a_route_answers(echo: EchoNode) -> None:
    answer = get(echo, "/v1/hello?times=3")
    assert (answer.status_code, answer.json()) == (200, {"text": "hello", "count": 3})
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(answer.headers["request-id"]) == 32


def test_the_banner_tells_nothing(echo: EchoNode) -> None:
    assert "server" not in get(echo, "/v1/hello").headers


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/nothing", 404, "not_found"),
        ("/v1/hello/", 200, ""),
        ("/v1/hello?times=three", 400, "request_invalid"),
        ("/v1/refused", 403, "not_allowed"),
        ("/v1/broken", 500, "internal_error"),
        ("/v1/notes", 405, "method_not_allowed"),
        ("/v1/things/1", 401, "signature_missing"),
    ],
)
def test_problems(echo: EchoNode, path: str, status: int, code: str) -> None:
    answer = get(echo, path)
    assert answer.status_code == status
    if code:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == code
        assert answer.json()["status"] == status
        assert answer.json()["instance"].endswith(answer.headers["request-id"])


def test_a_fault_of_ours_tells_nothing(echo: EchoNode) -> None:
    answer = get(echo, "/v1/broken")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "detail" not in answer.json()


def test_titles_come_in_the_language_asked_for(echo: EchoNode) -> None:
    titles = {
        language: get(echo, "/v1/nothing", **{"accept-language": language}).json()["title"]
        for language in ("kk-KZ,ru;q=0.5", "ru", "de")
    }
    assert titles == {
        "kk-KZ,ru;q=0.5": "Мұнда ештеңе жоқ",
        "ru": "Здесь ничего нет",
        "de": "There is nothing here",
    }


def test_it_describes_itself(echo: EchoNode) -> None:
    document = get(echo, "/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    note = document["paths"]["/v1/notes"]["post"]
    assert note["security"] == [{"signature": []}]
    assert set(note["responses"]) >= {"200", "400", "401", "403", "413", "415", "429"}
    assert document["components"]["schemas"]["Note"]["additionalProperties"] is False
