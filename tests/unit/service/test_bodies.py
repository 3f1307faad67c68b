# SPDX-License-Identifier: Apache-2.0
"""Bodies are what the schema says, or are refused with the place."""

import msgspec
import pytest

from kerege.service.bodies import decode_json
from kerege.service.client import NodeClient, Refused
from kerege.service.problems import Problem
from tests.nodes import EchoNode, Note, client_of

NOTE = msgspec.json.Decoder(Note)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"", ""),
        (b"{", ""),
        (b"[]", ""),
        (b'{"text":5}', "$.text"),
        (b'{"text":"a","count":"5"}', "$.count"),
        (b'{"text":"a","count":1.5}', "$.count"),
        (b'{"text":"a","other":1}', ""),
        (b'{"text":"a","text":"b"}', "text"),
        (b'{"text":"a","te\\u0078t":"b"}', "text"),
        (b'{"text":"\xff"}', ""),
        (b'{"text":"a"} x', ""),
        (b'{"text":' + b"[" * 200_000, "$.text"),
        (b'{"x":' + b"[" * 200_000, ""),
        (b'{"text":"a","count":' + b"9" * 5000 + b"}", "$.count"),
        (b"\xef\xbb\xbf{}", ""),
    ],
)
def test_refused_with_its_place(body: bytes, place: str) -> None:
    with pytest.raises(Problem) as raised:
        decode_json(body, NOTE)
    assert raised.value.code == "request_invalid"
    assert raised.value.place == place


def test_nested_repeats_are_seen() -> None:
    with pytest.raises(Problem, match="twice"):
        decode_json(b'{"a":{"b":1,"b":1}}', msgspec.json.Decoder(dict[str, dict[str, int]]))


def test_what_is_right_passes() -> None:
    assert decode_json(b' {"text" : "\xd2\x9b", "count":2}', NOTE) == Note("қ", 2)


def test_over_http(echo: EchoNode) -> None:
    with client_of("alpha", echo.url) as alpha:
        assert alpha.post("/v1/notes", Note("hello", 2), Note) == Note("alpha: hello", 2)
        assert refusal(alpha, {"text": "a", "count": "2"}) == "request_invalid"
        assert refusal(alpha, None) == "request_invalid"


def refusal(client: NodeClient, body: object) -> str:
    with pytest.raises(Refused) as raised:
        client.post("/v1/notes", body, Note)
    return raised.value.code
