# SPDX-License-Identifier: Apache-2.0
"""JSON Web Signatures by Wycheproof: the policy of docs/decisions/jose-strictness.md."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from kerege.keys import (
    InvalidSignatureError,
    Jwk,
    JwsEncodingError,
    KeyEncodingError,
    parse_compact,
    parse_jwk,
    verify_compact,
)
from tests.conformance_files import find_conformance_files

REFUSED_KEYS = {
    ("oct", None): "HMAC: whoever can check it can also forge it",
    ("RSA", None): "RSA: no user here, and signatures of 256 bytes and more",
    ("EC", "P-384"): "no user here",
    ("EC", "P-521"): "no user here",
    ("EC", "secp256k1"): "no user here",
    ("OKP", "Ed448"): "no user here",
}
"""Kinds of key we take no signature of, valid ones included, and why."""

REFUSED_FORM = "JSON serialisation: orders are compact, so that one has one text"


def _cases() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for path in find_conformance_files("crypto/wycheproof_json_web_signature*.json"):
        for group in json.loads(path.read_text(encoding="utf-8"))["testGroups"]:
            key = group.get("public", group.get("private"))
            for case in group["tests"]:
                yield f"{path.name} tcId {case['tcId']}", key, case


def _text(case: dict[str, Any]) -> bytes:
    jws = case["jws"]
    return (jws if isinstance(jws, str) else json.dumps(jws)).encode()


def _is_accepted(compact: bytes, key: dict[str, Any]) -> bool:
    jwk: Jwk | None
    try:
        jwk = parse_jwk(json.dumps(key).encode())
    except KeyEncodingError:
        jwk = None
    try:
        # Parsed whatever the key, so that every text is seen to be refused in good order.
        jws = parse_compact(compact)
        if jwk is None:
            return False
        verify_compact(jws, jwk.public_key, kid=jws.header.kid, typ=jws.header.typ)
    except (JwsEncodingError, InvalidSignatureError):
        return False
    return True


def _refused_by_policy(compact: bytes, key: dict[str, Any]) -> str | None:
    if compact.lstrip().startswith(b"{"):
        return REFUSED_FORM
    return REFUSED_KEYS.get((key["kty"], key.get("crv")))


def test_every_vector_has_its_verdict_or_is_refused_by_policy() -> None:
    wrong: list[str] = []
    counts: Counter[str] = Counter()
    for place, key, case in _cases():
        compact = _text(case)
        accepted, valid = _is_accepted(compact, key), case["result"] == "valid"
        if accepted == valid:
            counts[case["result"]] += 1
        elif valid and _refused_by_policy(compact, key) is not None:
            counts["refused by policy"] += 1
        else:
            wrong.append(f"{place}: {case['result']}, {case['comment']}")
    assert wrong == []
    assert counts["valid"] > 0
    assert counts["invalid"] > 0


def test_no_key_of_a_refused_kind_is_read() -> None:
    refused = 0
    for place, key, _ in _cases():
        if (key["kty"], key.get("crv")) in REFUSED_KEYS:
            refused += 1
            try:
                parse_jwk(json.dumps(key).encode())
            except KeyEncodingError:
                continue
            raise AssertionError(place)
    assert refused > 0
