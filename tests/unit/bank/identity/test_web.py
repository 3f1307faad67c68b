# SPDX-License-Identifier: Apache-2.0
"""Parameters in, answers out."""

import pytest

from kerege.bank.identity.web import (
    MAX_PARAMETERS_BYTES,
    MalformedParameters,
    error_answer,
    json_answer,
    read_parameters,
    redirect_answer,
)


def test_parameters_are_read_alike_from_query_and_body() -> None:
    for text in ("a=1&b=x%20y&c=", b"a=1&b=x+y&c="):
        assert read_parameters(text) == {"a": "1", "b": "x y", "c": ""}
    assert read_parameters("") == {}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a=1&a=1", "a"),
        ("a=%0A", "a"),
        ("a=%7F", "a"),
        ("a=%D1%8F", "a"),
        ("a=%ff", ""),
        ("a\u0430=1", ""),
        (b"\xff=1", ""),
        ("a%20b=1", ""),
        ("=1", ""),
        ("a", ""),
        ("a=1&&b=2", ""),
        ("&".join(f"a{each}=" for each in range(33)), ""),
        ("a=" + "x" * MAX_PARAMETERS_BYTES, ""),
    ],
)
def test_what_is_no_list_of_parameters(text: str | bytes, place: str) -> None:
    with pytest.raises(MalformedParameters) as caught:
        read_parameters(text)
    assert caught.value.place == place


def test_answers_are_never_kept_by_a_cache() -> None:
    for answer in (
        json_answer({"a": 1}),
        error_answer("invalid_request", "why"),
        redirect_answer("https://app.example/cb?x=1", {"code": "a&b"}),
    ):
        assert ("cache-control", "no-store") in answer.headers
    assert json_answer({"a": 1}).json() == {"a": 1}
    assert json_answer({}).location == ""


def test_a_redirect_keeps_the_address_and_adds_to_its_query() -> None:
    answer = redirect_answer("https://app.example/cb?x=1", {"code": "a&b", "state": "ä"})
    assert answer.location == "https://app.example/cb?x=1&code=a%26b&state=%C3%A4"
    assert answer.status == 303
