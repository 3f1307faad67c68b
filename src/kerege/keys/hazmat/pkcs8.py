# SPDX-License-Identifier: Apache-2.0
"""Private keys as PKCS#8 in PEM (RFC 5958, RFC 8410; RFC 9881 for ML-DSA, seed form)."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from kerege.keys.algorithm import Algorithm
from kerege.keys.errors import KeyEncodingError

__all__ = ["secret_from_pem", "secret_to_pem"]


def secret_to_pem(algorithm: Algorithm, secret: bytes) -> bytes:
    """Return an unencrypted PEM file's content for a secret of the right size."""
    key: Ed25519PrivateKey | MLDSA44PrivateKey
    match algorithm:
        case Algorithm.ED25519:
            key = Ed25519PrivateKey.from_private_bytes(secret)
        case Algorithm.ML_DSA_44:
            key = MLDSA44PrivateKey.from_seed_bytes(secret)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def secret_from_pem(pem: bytes) -> tuple[Algorithm, bytes]:
    """Return the algorithm and secret of a PEM file. Raises `KeyEncodingError`."""
    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError as error:
        raise KeyEncodingError(
            "the private key is encrypted", remedy="decrypt it into a file of mode 0600"
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyEncodingError("not a private key in PEM (PKCS#8)") from error
    match key:
        case Ed25519PrivateKey():
            return Algorithm.ED25519, key.private_bytes_raw()
        case MLDSA44PrivateKey():
            return Algorithm.ML_DSA_44, key.private_bytes_raw()
        case _:
            raise KeyEncodingError("the PEM file holds a key of an algorithm not used here")
