# SPDX-License-Identifier: Apache-2.0
"""ML-DSA-44 (FIPS 204) by `cryptography`, with an empty context string.

The secret is the 32-byte seed xi of FIPS 204 algorithm 6. Signing is hedged: two signatures
over one message differ, so nothing may compare or deduplicate signatures by their bytes.
"""

from collections.abc import Callable
from functools import partial

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from kerege.keys.errors import InvalidSignatureError, KeyEncodingError
from kerege.keys.hazmat.primitive import ExpandedSecret, Primitive

__all__ = ["PRIMITIVE"]

_SEED_BYTES = 32
_PUBLIC_BYTES = 1312
_SIGNATURE_BYTES = 2420


def _draw(randomness: Callable[[int], bytes]) -> bytes:
    return randomness(_SEED_BYTES)


def _expand(seed: bytes) -> ExpandedSecret:
    try:
        secret = MLDSA44PrivateKey.from_seed_bytes(seed)
    except UnsupportedAlgorithm as error:
        raise _unsupported() from error
    return ExpandedSecret(
        public=secret.public_key().public_bytes_raw(), sign=partial(_sign, secret)
    )


def _sign(secret: MLDSA44PrivateKey, message: bytes) -> bytes:
    return secret.sign(message)


def _load_public(public: bytes) -> MLDSA44PublicKey:
    try:
        return MLDSA44PublicKey.from_public_bytes(public)
    except ValueError as error:
        raise KeyEncodingError("not an ML-DSA-44 public key") from error
    except UnsupportedAlgorithm as error:
        raise _unsupported() from error


def _check_public(public: bytes) -> None:
    """Every string of the right size encodes an ML-DSA-44 public key (FIPS 204 algorithm 23)."""
    _load_public(public)


def _verify(public: bytes, message: bytes, signature: bytes) -> None:
    try:
        _load_public(public).verify(signature, message)
    except InvalidSignature as error:
        raise InvalidSignatureError("the ML-DSA-44 signature does not verify") from error


def _unsupported() -> KeyEncodingError:
    return KeyEncodingError(
        "ML-DSA-44 is missing from the cryptography library of this machine",
        remedy="install a cryptography wheel of version 50 or later",
    )


PRIMITIVE = Primitive(
    secret_size=_SEED_BYTES,
    public_size=_PUBLIC_BYTES,
    signature_size=_SIGNATURE_BYTES,
    draw=_draw,
    expand=_expand,
    check_public=_check_public,
    verify=_verify,
)
