# SPDX-License-Identifier: Apache-2.0
"""ECDSA over P-256 with SHA-256 (FIPS 186-5; ES256 of RFC 7518 section 3.4) by `cryptography`.

The secret is the scalar d, 32 bytes, most significant first. Public keys are uncompressed SEC 1
points, signatures are r || s of 32 bytes each (IEEE P1363). What is accepted, and why both s and
n - s are, is written down in `docs/decisions/es256-verification.md`.
"""

from collections.abc import Callable
from functools import lru_cache, partial

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kerege.keys.errors import InvalidSignatureError, KeyEncodingError
from kerege.keys.hazmat.primitive import ExpandedSecret, Primitive

__all__ = ["PRIMITIVE"]

_CURVE = SECP256R1()
_GROUP_ORDER = _CURVE.group_order
_NUMBER_BYTES = 32
_UNCOMPRESSED = 0x04

# A draw is out of range once in 2**32; a source that fails this often does not give randomness.
_MAX_DRAWS = 8

# Parsing a point takes a tenth of a verification. An entry is some 500 bytes.
_KEPT_KEYS = 4096

_VERIFYING = ECDSA(SHA256())


def _draw(randomness: Callable[[int], bytes]) -> bytes:
    """Draw a scalar by testing candidates: FIPS 186-5 appendix A.2.2."""
    for _ in range(_MAX_DRAWS):
        candidate = randomness(_NUMBER_BYTES)
        if 0 < int.from_bytes(candidate) < _GROUP_ORDER:
            return candidate
    raise KeyEncodingError("the source of randomness gave no P-256 scalar")


def _expand(secret: bytes) -> ExpandedSecret:
    scalar = int.from_bytes(secret)
    if not 0 < scalar < _GROUP_ORDER:
        raise KeyEncodingError("a P-256 secret lies between 0 and the group order")
    private = derive_private_key(scalar, _CURVE)
    public = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return ExpandedSecret(public=public, sign=partial(_sign, private, _deterministic()))


def _deterministic() -> ECDSA:
    """RFC 6979: no randomness to fail, and a simulation signs the same way every time."""
    try:
        return ECDSA(SHA256(), deterministic_signing=True)
    except UnsupportedAlgorithm as error:
        raise KeyEncodingError(
            "deterministic ECDSA is missing from the cryptography library of this machine",
            remedy="install a cryptography wheel of version 50 or later",
        ) from error


def _sign(private: EllipticCurvePrivateKey, algorithm: ECDSA, message: bytes) -> bytes:
    r, s = decode_dss_signature(private.sign(message, algorithm))
    return r.to_bytes(_NUMBER_BYTES) + s.to_bytes(_NUMBER_BYTES)


@lru_cache(maxsize=_KEPT_KEYS)
def _load_public(public: bytes) -> EllipticCurvePublicKey:
    """Return the point, which SEC 1 section 2.3.4 checks: coordinates below p, on the curve.

    P-256 has cofactor 1, so every point but infinity, which has no encoding of this size, is in
    the group of prime order.
    """
    # Asked here too: OpenSSL also knows hybrid points (0x06, 0x07), a second text for one key.
    if public[0] != _UNCOMPRESSED:
        raise KeyEncodingError("not an uncompressed P-256 point")
    try:
        return EllipticCurvePublicKey.from_encoded_point(_CURVE, public)
    except ValueError as error:
        raise KeyEncodingError("not a usable P-256 public key") from error


def _check_public(public: bytes) -> None:
    _load_public(public)


def _verify(public: bytes, message: bytes, signature: bytes) -> None:
    r = int.from_bytes(signature[:_NUMBER_BYTES])
    s = int.from_bytes(signature[_NUMBER_BYTES:])
    # Asked here and not left to the library below: CVE-2022-21449 was a library that forgot.
    if not (0 < r < _GROUP_ORDER and 0 < s < _GROUP_ORDER):
        raise InvalidSignatureError("the ES256 signature does not verify")
    try:
        _load_public(public).verify(encode_dss_signature(r, s), message, _VERIFYING)
    except InvalidSignature as error:
        raise InvalidSignatureError("the ES256 signature does not verify") from error


PRIMITIVE = Primitive(
    secret_size=_NUMBER_BYTES,
    public_size=1 + 2 * _NUMBER_BYTES,
    signature_size=2 * _NUMBER_BYTES,
    draw=_draw,
    expand=_expand,
    check_public=_check_public,
    verify=_verify,
)
