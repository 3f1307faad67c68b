# SPDX-License-Identifier: Apache-2.0
"""Signing a request: what is added, what is covered, and what is not signed at all."""

from dataclasses import replace

import pytest

from kerege.keys import Algorithm, PrivateKey
from kerege.keys.http_signatures import HttpRequest, HttpSignatureError, sign_request
from tests.requests import KEY, KEYID, NONCE, NOW_S, ORDER, field_of, signed

BARE = HttpRequest("GET", "core.example", "/supply", "", headers=[], body=b"")


def test_the_fields_added_are_exactly_these() -> None:
    added = dict(sign_request(ORDER, KEY, keyid=KEYID, nonce=NONCE, created_s=NOW_S))
    assert added == {
        "content-digest": "sha-256=:7dkzcC3Q88NaWhIHswO2UarxDnOXklgg+2qOVBoSfXA=:",
        "signature-input": (
            'kerege=("@method" "@authority" "@path" "@query" "content-type" "content-digest")'
            ';created=1800000000;expires=1800000060;nonce="a-nonce-of-a-bank"'
            ';keyid="bank-a/2026";tag="kerege"'
        ),
        "signature": added["signature"],
    }
    assert added["signature"].startswith("kerege=:")


def test_a_request_without_a_body_has_no_digest() -> None:
    request = signed(BARE)
    assert [name for name, _ in request.headers] == ["signature-input", "signature"]
    assert '("@method" "@authority" "@path" "@query");' in field_of(request, "signature-input")


def test_what_changes_a_request_s_meaning_is_covered() -> None:
    headers = [*ORDER.headers, ("Idempotency-Key", "k"), ("Content-Encoding", "zstd")]
    covered = field_of(signed(replace(ORDER, headers=headers)), "signature-input")
    assert '"content-type" "content-digest" "content-encoding" "idempotency-key")' in covered


@pytest.mark.parametrize("name", ["Content-Digest", "signature", "Signature-Input"])
def test_a_request_is_not_signed_twice(name: str) -> None:
    request = replace(ORDER, headers=[*ORDER.headers, (name, "x")])
    with pytest.raises(HttpSignatureError, match=f"{name.lower()}: .*there already"):
        signed(request)


def test_a_body_without_its_type_is_not_signed() -> None:
    with pytest.raises(HttpSignatureError, match="content-type: "):
        signed(replace(ORDER, headers=[]))


@pytest.mark.parametrize(
    "changed",
    [
        {"path": "/a/../b"},
        {"method": "post"},
        {"authority": "a b"},
        {"query": "a#b"},
        {"headers": [("Content-Type", "a\r\nX-Evil: b")]},
        {"headers": [("Content-Type", "a"), ("content-type", "b")]},
    ],
)
def test_what_a_verifier_would_refuse_is_not_signed(changed: dict[str, object]) -> None:
    with pytest.raises(HttpSignatureError):
        signed(replace(ORDER, **changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "arguments",
    [
        {"nonce": "short"},
        {"nonce": 'aaaaaaaaaaaaaaaa"'},
        {"validity_s": 0},
        {"validity_s": 301},
        {"created_s": -1},
        {"key": PrivateKey(Algorithm.ML_DSA_44, bytes(32))},
    ],
)
def test_values_that_do_not_fit_are_not_signed(arguments: dict[str, object]) -> None:
    with pytest.raises(HttpSignatureError):
        signed(ORDER, **arguments)  # type: ignore[arg-type]


def test_a_key_id_that_would_break_the_field_is_not_signed() -> None:
    with pytest.raises(HttpSignatureError, match="keyid: "):
        sign_request(ORDER, KEY, keyid='a";tag="x', nonce=NONCE, created_s=NOW_S)
