# SPDX-License-Identifier: Apache-2.0
"""What the core says of its interface is true: schemathesis asks everything it describes, and more.

Requests are made from `/openapi.json` alone, valid and invalid ones, signed as a bank signs;
answers must be those that are described. No answer is ever 500.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok

from kerege.keys import encode_base64url
from kerege.keys.http_signatures import HttpRequest, HttpSignatureError, sign_request
from kerege.runtime import SystemClock, SystemRandomness
from tests.cores import Core
from tests.registers import key_of, kid_of

EXAMPLES = 6
"""Requests to each operation: the machine has two cores."""


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Core]:
    with Core(tmp_path_factory.mktemp("core")) as core:
        core.bank("altyn-bank")
        yield core


class Signed(requests.auth.AuthBase):
    """Signs a request as it goes out; one that is to be `wrong` may be so by going unsigned."""

    def __init__(self, *, wrong: bool) -> None:
        self.wrong = wrong

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        url = urlsplit(str(request.url))
        body = request.body or b""
        assert isinstance(body, str | bytes)
        # Schemathesis makes up a value for the signature's own field.
        made_up = request.headers.pop("Signature", None)
        if made_up is None and self.wrong:
            return request
        fields = {name.lower(): str(value) for name, value in request.headers.items()}
        asked = HttpRequest(
            method=str(request.method),
            authority=url.netloc,
            path=url.path,
            query=url.query,
            headers=list(fields.items()),
            body=body.encode() if isinstance(body, str) else body,
        )
        key = key_of("altyn-bank")
        try:
            added = sign_request(
                asked,
                key,
                keyid=kid_of(key),
                nonce=encode_base64url(SystemRandomness().draw(18)),
                created_s=SystemClock().now_us() // 1_000_000,
            )
        except HttpSignatureError:
            # What cannot be signed goes as it is, and must be refused.
            return request
        request.headers.update(dict(added))
        return request


def operations(url: str) -> Iterator[Any]:
    """Everything that is described."""
    described = schemathesis.openapi.from_url(f"{url}/openapi.json")
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        yield found.ok()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_description_is_true(core: Core, mode: GenerationMode) -> None:
    answers: list[int] = []
    for operation in operations(core.url):
        if operation.path.endswith("/stream"):
            # It does not end by itself: tests/unit/centralbank/http/test_events.py.
            continue

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            if isinstance((case.query or {}).get("wait_s"), int):
                case.query["wait_s"] = min(case.query["wait_s"], 0)
            header = case.meta.components.get(ParameterLocation.HEADER)
            signing = Signed(wrong=header is not None and header.mode is GenerationMode.NEGATIVE)
            answers.append(case.call_and_validate(auth=signing, timeout=10).status_code)

        # What takes nothing cannot be asked wrongly.
        with suppress(Unsatisfiable):
            ask()
    told = Counter(answers)
    wanted = {200, 404} if mode is GenerationMode.POSITIVE else {400, 401}
    assert wanted <= set(told), told
    assert max(told) < 500
