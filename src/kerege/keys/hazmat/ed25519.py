# SPDX-License-Identifier: Apache-2.0
"""Ed25519 (RFC 8032 section 5.1) by libsodium through PyNaCl.

libsodium is used for every verification because libraries disagree on edge cases; what is
accepted is written down in `docs/decisions/ed25519-verification.md`.
"""

from collections.abc import Callable
from functools import partial

import nacl.bindings
import nacl.exceptions

from kerege.keys.errors import InvalidSignatureError, KeyEncodingError
from kerege.keys.hazmat.primitive import ExpandedSecret, Primitive

__all__ = ["PRIMITIVE"]


def _draw(randomness: Callable[[int], bytes]) -> bytes:
    return randomness(nacl.bindings.crypto_sign_SEEDBYTES)


def _expand(seed: bytes) -> ExpandedSecret:
    public, secret = nacl.bindings.crypto_sign_seed_keypair(seed)
    return ExpandedSecret(public=public, sign=partial(_sign, secret))


def _sign(secret: bytes, message: bytes) -> bytes:
    return nacl.bindings.crypto_sign(message, secret)[: nacl.bindings.crypto_sign_BYTES]


def _check_public(public: bytes) -> None:
    """Refuse what no honest key generation yields: see RFC 8032 section 5.1.3.

    That is an encoding that is not canonical or not on the curve, a point of small order
    (anyone can sign for it) and a point outside the prime-order group.
    """
    if not nacl.bindings.crypto_core_ed25519_is_valid_point(public):
        raise KeyEncodingError("not a usable Ed25519 public key")


def _verify(public: bytes, message: bytes, signature: bytes) -> None:
    try:
        nacl.bindings.crypto_sign_open(signature + message, public)
    except nacl.exceptions.BadSignatureError as error:
        raise InvalidSignatureError("the Ed25519 signature does not verify") from error


PRIMITIVE = Primitive(
    secret_size=nacl.bindings.crypto_sign_SEEDBYTES,
    public_size=nacl.bindings.crypto_sign_PUBLICKEYBYTES,
    signature_size=nacl.bindings.crypto_sign_BYTES,
    draw=_draw,
    expand=_expand,
    check_public=_check_public,
    verify=_verify,
)
