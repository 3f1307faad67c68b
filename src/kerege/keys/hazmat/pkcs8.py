# SPDX-License-Identifier: Apache-2.0
"""Private keys as PKCS#8 in PEM (RFC 5958; RFC 8410, RFC 5915, RFC 9881 for ML-DSA seeds)."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
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

_SCALAR_BYTES = 32


def secret_to_pem(algorithm: Algorithm, secret: bytes) -> bytes:
    """Return an unencrypted PEM file's content for a secret of the right size."""
    key: Ed25519PrivateKey | EllipticCurvePrivateKey | MLDSA44PrivateKey
    match algorithm:
        case Algorithm.ED25519:
            key = Ed25519PrivateKey.from_private_bytes(secret)
        case Algorithm.ES256:
            key = derive_private_key(int.from_bytes(secret), SECP256R1())
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
        case EllipticCurvePrivateKey() if isinstance(key.curve, SECP256R1):
            scalar = key.private_numbers().private_value
            return Algorithm.ES256, scalar.to_bytes(_SCALAR_BYTES)
        case MLDSA44PrivateKey():
            return Algorithm.ML_DSA_44, key.private_bytes_raw()
        case _:
            raise KeyEncodingError("the PEM file holds a key of an algorithm not used here")
