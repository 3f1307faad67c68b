# SPDX-License-Identifier: Apache-2.0
"""The vectors beside docs/formats are what this code makes, takes and refuses."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kerege.keys import (
    MAX_COMPACT_BYTES,
    MAX_JWK_BYTES,
    Algorithm,
    InvalidSignatureError,
    JwsEncodingError,
    PrivateKey,
    format_jwk,
    key_thumbprint,
    parse_compact,
    parse_jwk,
    sign_compact,
    verify_compact,
)
from kerege.keys.http_signatures import (
    HttpRequest,
    MemoryNonces,
    limits,
    sign_request,
    verify_request,
)
from kerege.keys.http_signatures.base import signature_base
from kerege.keys.http_signatures.message import component_value
from kerege.keys.http_signatures.signing import DEFAULT_VALIDITY_S
from kerege.keys.http_signatures.structured import parse_inner_lists
from kerege.keys.jose_names import MAX_NAME_CHARS
from kerege.keys.jws import MAX_HEADER_BYTES

FORMATS = Path(__file__).parents[3] / "docs/formats"
ORDERS = json.loads((FORMATS / "signed-order-vectors.json").read_text(encoding="utf-8"))
REQUESTS = json.loads((FORMATS / "request-signature-vectors.json").read_text(encoding="utf-8"))
TYP = ORDERS["typ"]
NEVER_WRITTEN = "note"


def by_name(vector: dict[str, Any]) -> str:
    name: str = vector["name"]
    return name


def key_of(vector: dict[str, Any], keys: list[dict[str, Any]] = ORDERS["keys"]) -> PrivateKey:
    (secret,) = (key["secret_hex"] for key in keys if key["algorithm"] == vector["algorithm"])
    return PrivateKey(Algorithm(vector["algorithm"]), bytes.fromhex(secret))


def test_the_limits_on_the_pages_are_the_code_s() -> None:
    page = (FORMATS / "signed-order.md").read_text(encoding="utf-8")
    for row in (
        f"| the whole text | {MAX_COMPACT_BYTES} bytes |",
        f"| header, decoded | {MAX_HEADER_BYTES} bytes |",
        f"| `kid`, `typ` | {MAX_NAME_CHARS} characters |",
        f"| a public key as JWK | {MAX_JWK_BYTES} bytes |",
    ):
        assert row in page
    page = (FORMATS / "request-signature.md").read_text(encoding="utf-8")
    for row in (
        f"| header fields | {limits.MAX_FIELDS} |",
        f"| components | {limits.MAX_COMPONENTS} |",
        f"| `Signature-Input` | {limits.MAX_SIGNATURE_INPUT_CHARS} characters |",
        f"| `Signature` | {limits.MAX_SIGNATURE_CHARS} characters |",
        f"| a covered field | {limits.MAX_FIELD_CHARS} characters |",
        f"| path, query | {limits.MAX_PATH_CHARS}, {limits.MAX_QUERY_CHARS} characters |",
        f"at most {limits.MAX_VALIDITY_S} apart, {DEFAULT_VALIDITY_S} by default",
        f"{limits.MIN_NONCE_CHARS} to {limits.MAX_NONCE_CHARS} characters of base64url",
        f"1 to {limits.MAX_KEYID_CHARS} visible ASCII characters",
        f"up to {limits.MAX_CLOCK_SKEW_S} s ahead of its clock",
        f"up to {limits.MAX_SIGNATURES} signatures",
    ):
        assert row in page


@pytest.mark.parametrize("vector", [*ORDERS["keys"], *REQUESTS["keys"]])
def test_keys(vector: dict[str, Any]) -> None:
    key = PrivateKey(Algorithm(vector["algorithm"]), bytes.fromhex(vector["secret_hex"]))
    assert json.loads(format_jwk(key.public_key)) == vector["jwk"]
    assert parse_jwk(json.dumps(vector["jwk"]).encode()).public_key == key.public_key
    assert vector["jwk"]["kid"] == key_thumbprint(key.public_key)


@pytest.mark.parametrize("vector", ORDERS["accepted"], ids=by_name)
def test_accepted_orders(vector: dict[str, Any]) -> None:
    key = key_of(vector)
    kid, payload = key_thumbprint(key.public_key), vector["payload_utf8"].encode()
    jws = parse_compact(vector["compact"].encode())
    assert verify_compact(jws, key.public_key, kid=kid, typ=TYP) == payload
    if NEVER_WRITTEN not in vector:
        assert sign_compact(payload, key, kid=kid, typ=TYP).decode() == vector["compact"]


def test_the_order_with_the_other_s_is_the_same_order() -> None:
    second = parse_compact(ORDERS["accepted"][1]["compact"].encode())
    other = parse_compact(ORDERS["accepted"][-1]["compact"].encode())
    assert other.signing_input == second.signing_input
    assert other.signature != second.signature


@pytest.mark.parametrize("vector", ORDERS["refused"], ids=by_name)
def test_refused_orders(vector: dict[str, Any]) -> None:
    key = key_of(vector).public_key
    compact = vector["compact"].encode()
    if vector["refused"] == "parsing":
        with pytest.raises(JwsEncodingError):
            parse_compact(compact)
        return
    jws = parse_compact(compact)
    with pytest.raises(InvalidSignatureError):
        verify_compact(jws, key, kid=key_thumbprint(key), typ=TYP)


@pytest.mark.parametrize("vector", REQUESTS["requests"], ids=by_name)
def test_requests(vector: dict[str, Any]) -> None:
    key = key_of(vector, REQUESTS["keys"])
    parts = dict(vector["request"])
    body = parts.pop("body_utf8").encode()
    headers = [(name, value) for name, value in parts.pop("headers")]
    request = HttpRequest(**parts, headers=headers, body=body)
    added = sign_request(
        request,
        key,
        keyid=REQUESTS["keyid"],
        nonce=vector["nonce"],
        created_s=REQUESTS["created_s"],
        validity_s=REQUESTS["validity_s"],
    )
    assert [list(field) for field in added] == vector["added"]
    whole = replace(request, headers=[*headers, *added])
    (entry,) = parse_inner_lists(dict(added)["signature-input"], field="signature-input").values()
    values = [(name, component_value(whole, name)) for name in entry.components]
    assert signature_base(values, entry.text).decode().split("\n") == vector["signature_base"]
    verified = verify_request(
        whole,
        find_key={REQUESTS["keyid"]: key.public_key}.get,
        nonces=MemoryNonces(),
        now_s=REQUESTS["created_s"],
    )
    assert verified.body == body
