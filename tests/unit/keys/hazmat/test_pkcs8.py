# SPDX-License-Identifier: Apache-2.0
"""PKCS#8 in PEM: RFC 8410's own example, round trips, and what is refused."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from kerege.keys.algorithm import Algorithm
from kerege.keys.errors import KeyEncodingError
from kerege.keys.hazmat.pkcs8 import secret_from_pem, secret_to_pem

# RFC 8410 section 10.3.
RFC_8410 = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
"""

OPENSSL_P256 = b"""-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg8yyx7pOjmQLdCoPu
E0D09KNyEtiiqlDATRgFkb9H6MShRANCAARSduCILvZwlHdBIjmBJN7Oahr7/Ewv
mk4DpiGD4F4TmZEtCOoYfmW44RKj1szn5paFhZSOv5ydblrFUv1lowtW
-----END PRIVATE KEY-----
"""
OPENSSL_P256_SECRET = "f32cb1ee93a39902dd0a83ee1340f4f4a37212d8a2aa50c04d180591bf47e8c4"


def test_the_example_of_rfc_8410() -> None:
    secret = bytes.fromhex("d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842")
    assert secret_from_pem(RFC_8410) == (Algorithm.ED25519, secret)
    assert secret_to_pem(Algorithm.ED25519, secret) == RFC_8410


def test_a_p256_key_made_by_openssl() -> None:
    """`openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`, OpenSSL 3.0."""
    algorithm, secret = secret_from_pem(OPENSSL_P256)
    assert algorithm is Algorithm.ES256
    assert secret.hex() == OPENSSL_P256_SECRET


@pytest.mark.parametrize("algorithm", Algorithm)
def test_what_is_written_is_read_again(algorithm: Algorithm) -> None:
    secret = bytes(range(32))
    assert secret_from_pem(secret_to_pem(algorithm, secret)) == (algorithm, secret)


@pytest.mark.parametrize(
    "pem", [b"", b"\xff", b"hello", RFC_8410[:60], RFC_8410.replace(b"D", b"!")]
)
def test_malformed_files_are_refused(pem: bytes) -> None:
    with pytest.raises(KeyEncodingError, match="not a private key in PEM"):
        secret_from_pem(pem)


def test_an_encrypted_key_is_refused_by_name() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
    with pytest.raises(KeyEncodingError, match="encrypted"):
        secret_from_pem(pem)


def test_another_algorithm_is_refused_by_name() -> None:
    key = generate_private_key(SECP384R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(KeyEncodingError, match="algorithm not used here"):
        secret_from_pem(pem)
