# SPDX-License-Identifier: Apache-2.0
"""Components of a request: their one value, and what is refused rather than normalised."""

from dataclasses import replace

import pytest

from kerege.keys.http_signatures import HttpRequest, HttpSignatureError
from kerege.keys.http_signatures.message import component_value, find_field

REQUEST = HttpRequest(
    method="GET",
    authority="Core.Example:8443",
    path="/a/b%20c",
    query="x=1&y=/?",
    headers=[("X-One", " one \t"), ("x-two", "a"), ("X-TWO", "b"), ("x-empty", "")],
    body=b"",
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("@method", "GET"),
        ("@authority", "core.example:8443"),
        ("@path", "/a/b%20c"),
        ("@query", "?x=1&y=/?"),
        ("x-one", "one"),
        ("x-empty", ""),
    ],
)
def test_values(name: str, value: str) -> None:
    assert component_value(REQUEST, name) == value


def test_a_query_that_is_absent_is_a_question_mark() -> None:
    assert component_value(replace(REQUEST, query=""), "@query") == "?"


@pytest.mark.parametrize("authority", ["127.0.0.1:8080", "[::1]:8080", "core", "a_b.example"])
def test_authorities(authority: str) -> None:
    assert component_value(replace(REQUEST, authority=authority), "@authority") == authority


REFUSED = [
    ("method", "get", "@method"),
    ("method", "", "@method"),
    ("method", "GET ", "@method"),
    ("method", "GET\n", "@method"),
    ("method", "A" * 17, "@method"),
    ("authority", "", "@authority"),
    ("authority", "user@core.example", "@authority"),
    ("authority", "core.example:", "@authority"),
    ("authority", "core.example:080", "@authority"),
    ("authority", "core.example, evil.example", "@authority"),
    ("authority", "core.example\r\n", "@authority"),
    ("authority", "сore.example", "@authority"),
    ("authority", "a" * 261, "@authority"),
    ("path", "", "@path"),
    ("path", "*", "@path"),
    ("path", "orders", "@path"),
    ("path", "/a b", "@path"),
    ("path", "/a?b", "@path"),
    ("path", "/a#b", "@path"),
    ("path", "/a%2", "@path"),
    ("path", "/a%zz", "@path"),
    ("path", "/a\\b", "@path"),
    ("path", "/ж", "@path"),
    ("path", "/a/../b", "@path"),
    ("path", "/a/./b", "@path"),
    ("path", "/..", "@path"),
    ("path", "/a/%2e%2E/b", "@path"),
    ("path", "/a/.%2e", "@path"),
    ("path", "/a\n", "@path"),
    ("path", "/" * 2049, "@path"),
    ("query", "a#b", "@query"),
    ("query", "a b", "@query"),
    ("query", 'a"b', "@query"),
    ("query", "a\n", "@query"),
    ("query", "a" * 4097, "@query"),
]


@pytest.mark.parametrize(("part", "value", "name"), REFUSED)
def test_targets_that_are_read_in_two_ways_are_refused(part: str, value: str, name: str) -> None:
    changed = {part: value}
    with pytest.raises(HttpSignatureError) as caught:
        component_value(replace(REQUEST, **changed), name)  # type: ignore[arg-type]
    assert caught.value.place == name


@pytest.mark.parametrize("name", ["@target-uri", "@scheme", "@request-target", "@status", "@x"])
def test_other_derived_components_are_refused_by_name(name: str) -> None:
    with pytest.raises(HttpSignatureError, match=f"{name}: not a component"):
        component_value(REQUEST, name)


def test_a_field_sent_twice_is_refused() -> None:
    with pytest.raises(HttpSignatureError, match="x-two: sent more than once"):
        component_value(REQUEST, "x-two")


@pytest.mark.parametrize(
    "value", ["a\r\n b", "a\nb: c", "a\rb", "a\x00b", "a\tb", "a\x7fb", "ж", "x" * 4097]
)
def test_folded_injected_and_overlong_values_are_refused(value: str) -> None:
    request = replace(REQUEST, headers=[("x-one", value)])
    with pytest.raises(HttpSignatureError, match="x-one: "):
        component_value(request, "x-one")


def test_a_flood_of_fields_is_refused() -> None:
    headers = [("x-one", "one"), *((f"x-{number}", "") for number in range(99))]
    assert component_value(replace(REQUEST, headers=headers), "x-one") == "one"
    with pytest.raises(HttpSignatureError, match="at most 100 header fields"):
        component_value(replace(REQUEST, headers=[*headers, ("x", "")]), "x-one")


def test_a_field_that_is_not_there() -> None:
    assert find_field(REQUEST, "x-none", max_chars=10) is None
    with pytest.raises(HttpSignatureError, match="not in the request"):
        component_value(REQUEST, "x-none")


def test_what_is_not_covered_is_not_looked_at() -> None:
    request = replace(REQUEST, headers=[*REQUEST.headers, ("x-odd", "ж\r\n")])
    assert component_value(request, "x-one") == "one"
