# SPDX-License-Identifier: Apache-2.0
"""The shape every signature primitive has."""

from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["ExpandedSecret", "Primitive"]


@dataclass(frozen=True, slots=True)
class ExpandedSecret:
    """A secret made ready to sign: what `Primitive.expand` computes once per key.

    `public` is the encoded public key; `sign` maps a message to a signature.
    """

    public: bytes
    sign: Callable[[bytes], bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Primitive:
    """One algorithm over bytes. Sizes are in bytes and exact.

    `draw(randomness)` makes a secret of `randomness(n)`, n unpredictable bytes. `expand` and
    `check_public` raise `KeyEncodingError`; `verify(public, message, signature)` raises
    `InvalidSignatureError`. All three may assume the sizes below were checked.
    """

    secret_size: int
    public_size: int
    signature_size: int
    draw: Callable[[Callable[[int], bytes]], bytes]
    expand: Callable[[bytes], ExpandedSecret]
    check_public: Callable[[bytes], None]
    verify: Callable[[bytes, bytes, bytes], None]
