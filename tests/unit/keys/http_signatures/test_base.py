# SPDX-License-Identifier: Apache-2.0
"""Signature bases: the vectors of RFC 9421 appendix B that fit our algorithms."""

import base64

import pytest

from kerege.keys import Algorithm, InvalidSignatureError, PublicKey
from kerege.keys.http_signatures import HttpRequest
from kerege.keys.http_signatures.base import ALGORITHM_NAMES, content_digest, signature_base
from kerege.keys.http_signatures.message import component_value
from kerege.keys.http_signatures.structured import parse_byte_sequences, parse_inner_lists

# RFC 9421 appendix B.1.4 (test-key-ed25519) and B.1.3 (test-key-ecc-p256), the bare keys.
ED25519 = PublicKey(
    Algorithm.ED25519, base64.b64decode("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=")
)
P256 = PublicKey(
    Algorithm.ES256,
    base64.b64decode(
        "BKiFWGVSwqz2Rxh4z9ewk1tP/g/S38NBJI6he8QeBYrwMc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0="
    ),
)

# Appendix B.2, test-request.
TEST_REQUEST = HttpRequest(
    method="POST",
    authority="example.com",
    path="/foo",
    query="param=Value&Pet=dog",
    headers=[
        ("Host", "example.com"),
        ("Date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("Content-Type", "application/json"),
        (
            "Content-Digest",
            (
                "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm"
                "+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:"
            ),
        ),
        ("Content-Length", "18"),
    ],
    body=b'{"hello": "world"}',
)

# Appendix B.2.6.
B26_INPUT = (
    'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
    ';created=1618884473;keyid="test-key-ed25519"'
)
B26_SIGNATURE = (
    "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrn"
    "DnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:"
)
B26_BASE = b"""\
"date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@authority": example.com
"content-type": application/json
"content-length": 18
"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length")\
;created=1618884473;keyid="test-key-ed25519\""""

# Appendix B.2.4, a response: we do not read responses, but its base is made the same way.
B24_INPUT = (
    'sig-b24=("@status" "content-type" "content-digest" "content-length")'
    ';created=1618884473;keyid="test-key-ecc-p256"'
)
B24_SIGNATURE = (
    "sig-b24=:wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpa"
    "CLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==:"
)
B24_VALUES = [
    ("@status", "200"),
    ("content-type", "application/json"),
    (
        "content-digest",
        (
            "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJg"
            "Jc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:"
        ),
    ),
    ("content-length", "23"),
]


def test_appendix_b_2_6_ed25519() -> None:
    entry = parse_inner_lists(B26_INPUT, field="signature-input")["sig-b26"]
    values = [(name, component_value(TEST_REQUEST, name)) for name in entry.components]
    base = signature_base(values, entry.text)
    assert base == B26_BASE
    signature = parse_byte_sequences(B26_SIGNATURE, field="signature")["sig-b26"]
    ED25519.verify(base, signature)
    with pytest.raises(InvalidSignatureError):
        ED25519.verify(base.replace(b"POST", b"GET"), signature)


def test_appendix_b_2_4_ecdsa_p256() -> None:
    entry = parse_inner_lists(B24_INPUT, field="signature-input")["sig-b24"]
    assert entry.components == tuple(name for name, _ in B24_VALUES)
    base = signature_base(B24_VALUES, entry.text)
    signature = parse_byte_sequences(B24_SIGNATURE, field="signature")["sig-b24"]
    P256.verify(base, signature)
    with pytest.raises(InvalidSignatureError):
        P256.verify(base.replace(b"200", b"201"), signature)


def test_the_digest_of_rfc_9530() -> None:
    """RFC 9530 appendix D gives SHA-256 for this body."""
    assert (
        content_digest(b'{"hello": "world"}\n')
        == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
    )


def test_algorithms_are_named_as_iana_does() -> None:
    assert set(ALGORITHM_NAMES.values()) == {"ed25519", "ecdsa-p256-sha256"}
