# SPDX-License-Identifier: Apache-2.0
"""No character of a signed request can be changed, and no field at all breaks the parsers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerege.keys import Algorithm, InvalidSignatureError
from kerege.keys.http_signatures import HttpRequest, HttpSignatureError
from tests.requests import KEYS, NONCE, field_of, signed, verify, with_field

FIELDS = ["content-type", "content-digest", "signature-input", "signature"]
TARGET = ["method", "authority", "path", "query"]
# What the unsigned label stands for is nothing: it may be any other.
UNSIGNED = len("kerege")
REQUESTS = {algorithm: signed(key=key) for algorithm, key in KEYS.items()}
PRINTABLE = st.characters(min_codepoint=32, max_codepoint=126)


def assert_refused(request: HttpRequest, algorithm: Algorithm) -> None:
    with pytest.raises((HttpSignatureError, InvalidSignatureError)):
        verify(request, key=KEYS[algorithm])


@given(
    path=st.lists(st.text("abz09-_~!$&'()*+,;=:@", max_size=6), max_size=4),
    query=st.text("abz09-_~!$&'()*+,;=:@/?", max_size=20),
    body=st.binary(max_size=50),
    algorithm=st.sampled_from(sorted(KEYS)),
)
def test_any_request_comes_back_as_it_was(
    path: list[str], query: str, body: bytes, algorithm: Algorithm
) -> None:
    request = HttpRequest(
        method="PUT",
        authority="a.example",
        path="/" + "/".join(path),
        query=query,
        headers=[("Content-Type", "text/plain")],
        body=body,
    )
    verified = verify(signed(request, key=KEYS[algorithm]), key=KEYS[algorithm])
    assert verified.nonce == NONCE
    assert (verified.path, verified.query, verified.body) == (request.path, query, body)


@given(st.sampled_from(sorted(KEYS)), st.sampled_from(FIELDS), st.data())
def test_every_character_of_a_field_counts(
    algorithm: Algorithm, name: str, data: st.DataObject
) -> None:
    request = REQUESTS[algorithm]
    text = field_of(request, name)
    first = UNSIGNED if name.startswith("signature") else 0
    at = data.draw(st.integers(first, len(text) - 1))
    put = data.draw(st.one_of(st.just(""), PRINTABLE, st.characters(codec="utf-8")))
    changed = text[:at] + put + text[at + 1 :]
    if changed.strip(" \t") != text:
        assert_refused(with_field(request, name, lambda _: changed), algorithm)


@given(st.sampled_from(sorted(KEYS)), st.sampled_from(TARGET), st.data())
def test_every_character_of_the_target_counts(
    algorithm: Algorithm, part: str, data: st.DataObject
) -> None:
    request = REQUESTS[algorithm]
    text = getattr(request, part)
    at = data.draw(st.integers(0, len(text)))
    put = data.draw(st.text(st.one_of(PRINTABLE, st.characters(codec="utf-8")), max_size=2))
    changed = text[:at] + put + text[at + data.draw(st.integers(0, 1)) :]
    if changed.lower() != text.lower() or (part != "authority" and changed != text):
        assert_refused(replace(request, **{part: changed}), algorithm)


@given(st.sampled_from(sorted(KEYS)), st.binary(max_size=20))
def test_every_other_body_is_refused(algorithm: Algorithm, body: bytes) -> None:
    request = REQUESTS[algorithm]
    if body != request.body:
        assert_refused(replace(request, body=body), algorithm)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_fields_are_refused_in_good_order(inputs: str, signatures: str) -> None:
    request = REQUESTS[Algorithm.ED25519]
    request = with_field(request, "signature-input", lambda _: inputs)
    request = with_field(request, "signature", lambda _: signatures)
    assert_refused(request, Algorithm.ED25519)
