# SPDX-License-Identifier: Apache-2.0
"""Signed requests for tests: one between two banks' nodes, and ways to change it."""

from collections.abc import Callable
from dataclasses import replace

from kerege.keys import Algorithm, PrivateKey
from kerege.keys.http_signatures import (
    HttpRequest,
    MemoryNonces,
    NonceStore,
    VerifiedRequest,
    sign_request,
    verify_request,
)

__all__ = [
    "KEYID",
    "KEYS",
    "NONCE",
    "NOW_S",
    "ORDER",
    "field_of",
    "signed",
    "verify",
    "with_field",
    "without_field",
]

KEYS = {
    algorithm: PrivateKey(algorithm, bytes([7]) * 32)
    for algorithm in (Algorithm.ED25519, Algorithm.ES256)
}
KEY = KEYS[Algorithm.ED25519]
KEYID = "bank-a/2026"
NONCE = "a-nonce-of-a-bank"
NOW_S = 1_800_000_000

ORDER = HttpRequest(
    method="POST",
    authority="core.example",
    path="/orders",
    query="wait=1",
    headers=[("Content-Type", "application/jose"), ("Accept", "application/json")],
    body=b"eyJ.eyJ.sig",
)


def signed(
    request: HttpRequest = ORDER,
    *,
    key: PrivateKey = KEY,
    nonce: str = NONCE,
    created_s: int = NOW_S,
    validity_s: int = 60,
) -> HttpRequest:
    """The request as it goes out."""
    added = sign_request(
        request, key, keyid=KEYID, nonce=nonce, created_s=created_s, validity_s=validity_s
    )
    return replace(request, headers=[*request.headers, *added])


def verify(
    request: HttpRequest,
    *,
    key: PrivateKey = KEY,
    nonces: NonceStore | None = None,
    now_s: int = NOW_S,
) -> VerifiedRequest:
    """Verify with one key registered, and by default with nothing remembered."""
    return verify_request(
        request,
        find_key={KEYID: key.public_key}.get,
        nonces=MemoryNonces() if nonces is None else nonces,
        now_s=now_s,
    )


def field_of(request: HttpRequest, name: str) -> str:
    """The value of the one field of this name."""
    (value,) = (value for given, value in request.headers if given.lower() == name)
    return value


def with_field(request: HttpRequest, name: str, change: Callable[[str], str]) -> HttpRequest:
    """The request with that field's value changed."""
    field_of(request, name)
    headers = [
        (given, change(value) if given.lower() == name else value)
        for given, value in request.headers
    ]
    return replace(request, headers=headers)


def without_field(request: HttpRequest, name: str) -> HttpRequest:
    """The request without that field."""
    kept = [(given, value) for given, value in request.headers if given.lower() != name]
    return replace(request, headers=kept)
