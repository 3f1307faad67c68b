# SPDX-License-Identifier: Apache-2.0
"""Another JOSE library reads what we write, and we read what it writes."""

import json

import pytest

from kerege.keys import (
    Algorithm,
    InvalidSignatureError,
    PrivateKey,
    PublicKey,
    encode_base64url,
    format_jwk,
    key_thumbprint,
    parse_compact,
    parse_jwk,
    sign_compact,
    verify_compact,
)

joserfc_jwk = pytest.importorskip("joserfc.jwk", reason="joserfc is not installed")
joserfc_jws = pytest.importorskip("joserfc.jws", reason="joserfc is not installed")

SECRET = bytes([7]) * 32
PAYLOAD = b'{"id":"ord_1"}'
TYP = "kerege-order"
NAMES = {Algorithm.ED25519: ["Ed25519", "EdDSA"], Algorithm.ES256: ["ES256"]}
KEYS = [PrivateKey(algorithm, SECRET) for algorithm in NAMES]
ALL_NAMES = [(key, name) for key in KEYS for name in NAMES[key.algorithm]]


def their_key(key: PrivateKey) -> object:
    """Our private key as theirs; only a test ever writes a secret as a JWK."""
    members = json.loads(format_jwk(key.public_key))
    for name in ("alg", "kid", "use"):
        del members[name]
    secret = encode_base64url(key.reveal_secret())
    return joserfc_jwk.import_key({**members, "d": secret})


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_they_verify_what_we_sign(key: PrivateKey) -> None:
    compact = sign_compact(PAYLOAD, key, kid="k", typ=TYP)
    names = NAMES[key.algorithm][:1]
    found = joserfc_jws.deserialize_compact(compact, their_key(key), algorithms=names)
    assert found.payload == PAYLOAD
    assert found.headers() == {"alg": names[0], "kid": "k", "typ": TYP}


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize(("key", "name"), ALL_NAMES)
def test_we_verify_what_they_sign(key: PrivateKey, name: str) -> None:
    header = {"typ": TYP, "alg": name, "kid": "k"}
    compact = joserfc_jws.serialize_compact(header, PAYLOAD, their_key(key), algorithms=[name])
    jws = parse_compact(compact.encode())
    assert verify_compact(jws, key.public_key, kid="k", typ=TYP) == PAYLOAD
    with pytest.raises(InvalidSignatureError):
        verify_compact(jws, PrivateKey(key.algorithm, b"o" * 32).public_key, kid="k", typ=TYP)


@pytest.mark.parametrize("key", [key.public_key for key in KEYS], ids=str)
def test_keys_and_thumbprints_agree(key: PublicKey) -> None:
    theirs = joserfc_jwk.import_key(json.loads(format_jwk(key)))
    assert theirs.thumbprint() == key_thumbprint(key)
    assert parse_jwk(json.dumps(theirs.as_dict(private=False)).encode()).public_key == key
