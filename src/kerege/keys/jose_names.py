# SPDX-License-Identifier: Apache-2.0
"""What JOSE calls our algorithms, and which JSON texts we take from it."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from kerege.keys.algorithm import Algorithm
from kerege.keys.errors import KeyEncodingError

__all__ = [
    "ALGORITHM_OF_NAME",
    "MAX_NAME_CHARS",
    "check_name",
    "check_plain_members",
    "jose_name",
]

ALGORITHM_OF_NAME: Mapping[str, Algorithm] = MappingProxyType(
    {
        "Ed25519": Algorithm.ED25519,
        "EdDSA": Algorithm.ED25519,
        "ES256": Algorithm.ES256,
    }
)
"""`alg` values. RFC 9864 names Ed25519 fully and deprecates EdDSA of RFC 8037, which wallets in
the field still write: both are read, and both mean Ed25519 and never Ed448."""

_NAME_OF_ALGORITHM = {Algorithm.ED25519: "Ed25519", Algorithm.ES256: "ES256"}

MAX_NAME_CHARS = 128
"""Of a `kid` or `typ`: a SHA-512 in base64url has 86, a media type in use far fewer."""

# Printable ASCII without quote and backslash: such text stands in JSON and in a structured field
# as it is, so it has one spelling in both.
_NAME = re.compile(rf"[ !#-\[\]-~]{{1,{MAX_NAME_CHARS}}}")

_QUOTES_PER_MEMBER = 4


def jose_name(algorithm: Algorithm) -> str:
    """Return the `alg` written for `algorithm`. Raises `KeyEncodingError` if JOSE has none here."""
    if algorithm not in _NAME_OF_ALGORITHM:
        raise KeyEncodingError(f"{algorithm} has no place in JOSE here")
    return _NAME_OF_ALGORITHM[algorithm]


def check_name(name: str, *, member: str) -> None:
    """Raise `KeyEncodingError` unless `name` may be a `kid` or `typ`."""
    if _NAME.fullmatch(name) is None:
        raise KeyEncodingError(
            f"1 to {MAX_NAME_CHARS} printable ASCII characters, no quote and no backslash",
            place=member,
        )


def check_plain_members(raw: bytes, *, texts: int, others: int = 0) -> None:
    """Check that a decoded JSON object was written without repetition, escape or null.

    A decoder keeps one of two members of the same name and does not tell; the next decoder keeps
    the other. `texts` is how many members with a string were decoded and `others` how many quotes
    the rest takes: as no string here holds a quote, each such member has four. Raises
    `KeyEncodingError`.
    """
    if b"\\" in raw:
        raise KeyEncodingError("escapes in strings are not accepted")
    if raw.count(b'"') != texts * _QUOTES_PER_MEMBER + others:
        raise KeyEncodingError("a member is repeated or null")
