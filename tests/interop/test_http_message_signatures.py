# SPDX-License-Identifier: Apache-2.0
"""Another implementation of RFC 9421 verifies what we sign, and we verify what it signs."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from kerege.keys import Algorithm
from kerege.keys.http_signatures import HttpRequest
from kerege.keys.http_signatures.base import content_digest
from tests.requests import KEYID, KEYS, NONCE, NOW_S, ORDER, signed, verify, with_field

theirs = pytest.importorskip(
    "http_message_signatures", reason="http-message-signatures is not installed"
)
hazmat = pytest.importorskip("cryptography.hazmat.primitives.asymmetric")

COMPONENTS = ("@method", "@authority", "@path", "@query", "content-type", "content-digest")
ALGORITHMS = {
    Algorithm.ED25519: theirs.algorithms.ED25519,
    Algorithm.ES256: theirs.algorithms.ECDSA_P256_SHA256,
}
NAMES = sorted(KEYS)


class Headers:
    """Header lines as that library asks for them."""

    def __init__(self, lines: Iterable[tuple[str, str]]) -> None:
        self.lines = dict(lines)

    def items(self) -> Iterable[tuple[str, str]]:
        return self.lines.items()

    def __iter__(self) -> Iterator[str]:
        return iter(self.lines)

    def __contains__(self, name: str) -> bool:
        return name in self.lines

    def __setitem__(self, name: str, value: str) -> None:
        self.lines[name] = value

    def __delitem__(self, name: str) -> None:
        del self.lines[name]


@dataclass
class Message:
    """A request as that library asks for it."""

    method: str
    url: str
    headers: Headers


def their_message(request: HttpRequest) -> Message:
    url = f"https://{request.authority}{request.path}?{request.query}"
    return Message(request.method, url, Headers(request.headers))


def their_key(algorithm: Algorithm) -> Any:
    secret = KEYS[algorithm].reveal_secret()
    if algorithm is Algorithm.ED25519:
        return hazmat.ed25519.Ed25519PrivateKey.from_private_bytes(secret)
    return hazmat.ec.derive_private_key(int.from_bytes(secret), hazmat.ec.SECP256R1())


def resolver(algorithm: Algorithm) -> Any:
    class Resolver(theirs.HTTPSignatureKeyResolver):  # type: ignore[misc,name-defined]
        def resolve_private_key(self, key_id: str) -> Any:
            return their_key(algorithm)

        def resolve_public_key(self, key_id: str) -> Any:
            return their_key(algorithm).public_key()

    return Resolver()


def at(seconds: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)


@pytest.mark.parametrize("algorithm", NAMES)
def test_they_verify_what_we_sign(algorithm: Algorithm) -> None:
    now_s = int(datetime.datetime.now(datetime.UTC).timestamp())
    request = signed(key=KEYS[algorithm], created_s=now_s)
    verifier = theirs.HTTPMessageVerifier(
        signature_algorithm=ALGORITHMS[algorithm], key_resolver=resolver(algorithm)
    )
    (result,) = verifier.verify(
        their_message(request),
        expect_tag="kerege",
        require_components=COMPONENTS,
        body=request.body,
    )
    assert result.nonce == NONCE
    assert result.parameters["keyid"] == KEYID
    changed = with_field(request, "content-type", lambda _: "text/plain")
    with pytest.raises(theirs.InvalidSignature):
        verifier.verify(their_message(changed), expect_tag="kerege")


@pytest.mark.parametrize("algorithm", NAMES)
def test_we_verify_what_they_sign(algorithm: Algorithm) -> None:
    digest = ("Content-Digest", content_digest(ORDER.body))
    message = their_message(replace(ORDER, headers=[*ORDER.headers, digest]))
    signer = theirs.HTTPMessageSigner(
        signature_algorithm=ALGORITHMS[algorithm], key_resolver=resolver(algorithm)
    )
    signer.sign(
        message,
        key_id=KEYID,
        created=at(NOW_S),
        expires=at(NOW_S + 60),
        nonce=NONCE,
        tag="kerege",
        covered_component_ids=COMPONENTS,
        body=ORDER.body,
        use_existing_digest=True,
    )
    verified = verify(replace(ORDER, headers=list(message.headers.items())), key=KEYS[algorithm])
    assert (verified.path, verified.nonce, verified.body) == ("/orders", NONCE, ORDER.body)
