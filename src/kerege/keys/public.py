# SPDX-License-Identifier: Apache-2.0
"""Public keys: an algorithm and its encoded key, checked once when made."""

from dataclasses import dataclass

from kerege.keys.algorithm import Algorithm
from kerege.keys.errors import InvalidSignatureError, KeyEncodingError
from kerege.keys.hazmat import PRIMITIVES

__all__ = ["PublicKey"]

# Enough of a key to tell two apart on a screen, too little to fill it.
_SHOWN_BYTES = 4


@dataclass(frozen=True, slots=True, repr=False)
class PublicKey:
    """A public key in the algorithm's own encoding (sizes in bytes: Ed25519 32, ES256 65, ML-DSA-44
    1312; for ES256 that is an uncompressed point).

    Making one costs a curve check (some 45 microseconds for Ed25519): keep it, do not remake it
    for each signature. Raises `KeyEncodingError`.
    """

    algorithm: Algorithm
    encoded: bytes

    def __post_init__(self) -> None:
        primitive = PRIMITIVES[self.algorithm]
        if len(self.encoded) != primitive.public_size:
            raise KeyEncodingError(
                f"an {self.algorithm} public key has {primitive.public_size} bytes, "
                f"not {len(self.encoded)}"
            )
        primitive.check_public(self.encoded)

    def verify(self, message: bytes, signature: bytes) -> None:
        """Return if `signature` is this key's over `message`; raise `InvalidSignatureError`."""
        primitive = PRIMITIVES[self.algorithm]
        if len(signature) != primitive.signature_size:
            raise InvalidSignatureError(
                f"an {self.algorithm} signature has {primitive.signature_size} bytes, "
                f"not {len(signature)}"
            )
        primitive.verify(self.encoded, message, signature)

    def __repr__(self) -> str:
        return f"PublicKey({self.algorithm}, {self.encoded[:_SHOWN_BYTES].hex()}...)"
