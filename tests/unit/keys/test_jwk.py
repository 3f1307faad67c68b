# SPDX-License-Identifier: Apache-2.0
"""JSON Web Keys: the RFCs' examples, one canonical text, and what is refused."""

import json
import re
from typing import Any

import pytest

from kerege.keys import (
    MAX_JWK_BYTES,
    Algorithm,
    KeyEncodingError,
    PrivateKey,
    PublicKey,
    format_jwk,
    key_thumbprint,
    parse_jwk,
)

# RFC 8037 appendix A.2 and A.3.
RFC_8037 = {
    "kty": "OKP",
    "crv": "Ed25519",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}
RFC_8037_THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
# RFC 7517 appendix A.1, without `use: enc` and `kid`.
RFC_7517 = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
}
KEYS = [
    PrivateKey(algorithm, bytes([7]) * 32).public_key
    for algorithm in (Algorithm.ED25519, Algorithm.ES256)
]


def text(members: dict[str, Any]) -> bytes:
    return json.dumps(members).encode()


def test_the_key_of_rfc_8037_and_its_thumbprint() -> None:
    key = parse_jwk(text(RFC_8037)).public_key
    assert key.algorithm is Algorithm.ED25519
    assert key.encoded.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert key_thumbprint(key) == RFC_8037_THUMBPRINT


def test_the_key_of_rfc_7517() -> None:
    key = parse_jwk(text(RFC_7517)).public_key
    assert key.algorithm is Algorithm.ES256
    assert key.encoded[:3].hex() == "0430a0"


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_a_formatted_key_is_read_again(key: PublicKey) -> None:
    jwk = parse_jwk(format_jwk(key))
    assert jwk.public_key == key
    assert jwk.kid == key_thumbprint(key)


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_the_canonical_text_is_what_json_writes_sorted_without_spaces(key: PublicKey) -> None:
    members = json.loads(format_jwk(key))
    assert format_jwk(key) == json.dumps(members, sort_keys=True, separators=(",", ":")).encode()


def test_a_key_exported_by_a_browser_is_read() -> None:
    exported = {**RFC_8037, "ext": True, "key_ops": ["verify"], "alg": "Ed25519"}
    assert parse_jwk(text(exported)).kid is None


@pytest.mark.parametrize("alg", ["EdDSA", "Ed25519"])
def test_both_names_of_ed25519_are_read(alg: str) -> None:
    parse_jwk(text({**RFC_8037, "alg": alg, "use": "sig", "kid": "bank-a"}))


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({**RFC_8037, "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}, "holds a secret key"),
    ({"kty": "oct", "k": "AAAA"}, "holds a secret key"),
    ({**RFC_8037, "crv": "Ed448"}, "OKP with Ed25519 or EC with P-256"),
    ({**RFC_8037, "crv": "X25519"}, "OKP with Ed25519 or EC with P-256"),
    ({**RFC_8037, "kty": "EC"}, "OKP with Ed25519 or EC with P-256"),
    ({**RFC_7517, "crv": "P-384"}, "OKP with Ed25519 or EC with P-256"),
    ({**RFC_7517, "crv": "secp256k1"}, "OKP with Ed25519 or EC with P-256"),
    ({**RFC_8037, "use": "enc"}, "use: a key for signatures"),
    ({**RFC_8037, "key_ops": ["sign"]}, "key_ops: "),
    ({**RFC_8037, "key_ops": []}, "key_ops: "),
    ({**RFC_8037, "key_ops": ["verify", "verify"]}, "key_ops: "),
    ({**RFC_8037, "key_ops": ["verify", "encrypt"]}, "key_ops: "),
    ({**RFC_8037, "alg": "ES256"}, "alg: "),
    ({**RFC_7517, "alg": "Ed25519"}, "alg: "),
    ({**RFC_7517, "alg": "none"}, "alg: "),
    ({**RFC_8037, "y": RFC_7517["y"]}, "y: an Ed25519 key has no y"),
    ({**RFC_7517, "y": None}, "repeated or null"),
    ({**RFC_7517, "x5c": ["AAAA"]}, "unknown field `x5c`"),
    ({**RFC_7517, "y": RFC_7517["x"]}, "not a usable P-256"),
    ({**RFC_7517, "y": RFC_7517["y"] + "A"}, "y: "),
    ({**RFC_7517, "x": "AAAA"}, "x: 32 bytes, not 3"),
    ({**RFC_8037, "x": RFC_8037["x"] + "="}, "x: "),
    ({**RFC_8037, "x": RFC_8037["x"][:-1] + "p"}, "x: .*canonical"),
    ({**RFC_8037, "x": ""}, "x: 32 bytes, not 0"),
    ({**RFC_8037, "x": "A" * 43}, "not a usable Ed25519"),
    ({**RFC_8037, "x": 5}, r"Expected `str`, got `int` - at `\$.x`"),
    ({**RFC_8037, "kid": ""}, "kid: "),
    ({**RFC_8037, "kid": "x" * 129}, "kid: "),
    ({**RFC_8037, "kid": None}, "repeated or null"),
    ({**RFC_8037, "kid": 'a"b'}, "escapes"),
    ({"kty": "OKP", "crv": "Ed25519"}, "required field `x`"),
    ({k: v for k, v in RFC_7517.items() if k != "y"}, "y: a P-256 key needs it"),
    ({}, "required field"),
]


@pytest.mark.parametrize(("members", "message"), REFUSED)
def test_other_keys_are_refused_with_the_member(members: dict[str, Any], message: str) -> None:
    with pytest.raises(KeyEncodingError) as caught:
        parse_jwk(text(members))
    assert re.search(message, str(caught.value)), str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff",
        b"\xef\xbb\xbf" + text(RFC_8037),
        text(RFC_8037) + b"x",
        text(RFC_8037)[:-1] + b',"x":"' + RFC_8037["x"].encode() + b'"}',
        text(RFC_8037).replace(b'"kty"', b'"\\u006bty"'),
        b'{"key_ops":' + b"[" * 900,
        text(RFC_8037) + b" " * MAX_JWK_BYTES,
    ],
)
def test_other_texts_are_refused(data: bytes) -> None:
    with pytest.raises(KeyEncodingError):
        parse_jwk(data)


def test_a_secret_given_away_is_not_quoted() -> None:
    with pytest.raises(KeyEncodingError) as caught:
        parse_jwk(text({**RFC_8037, "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}))
    assert "nWGxne" not in str(caught.value)
    assert "make a new key" in caught.value.remedy


def test_keys_of_other_algorithms_have_no_jwk() -> None:
    key = PrivateKey(Algorithm.ML_DSA_44, bytes(32)).public_key
    for make in (format_jwk, key_thumbprint):
        with pytest.raises(KeyEncodingError, match="ml-dsa-44"):
            make(key)
