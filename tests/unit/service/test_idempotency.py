# SPDX-License-Identifier: Apache-2.0
"""A key is one header of one form."""

import httpx
import pytest
from litestar import Request, get

from kerege.service.idempotency import required_key
from tests.nodes import serve_echo

KEY = "0123456789abcdef"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ([KEY], 200),
        ([f'"{KEY}"'], 200),
        ([], 400),
        ([KEY, KEY], 400),
        (["short"], 400),
        (["x" * 65], 400),
        (["a" * 16 + " b"], 400),
    ],
)
def test_the_header(given: list[str], status: int) -> None:
    @get("/key")
    async def key(request: Request) -> str:  # type: ignore[type-arg]
        return required_key(request)

    with serve_echo(key) as node:
        headers = [("idempotency-key", value) for value in given]
        answer = httpx.get(f"{node.url}/key", headers=headers, trust_env=False)
    assert answer.status_code == status
    assert answer.text == KEY or answer.json()["place"] == "idempotency-key"
