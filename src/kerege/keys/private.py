# SPDX-License-Identifier: Apache-2.0
"""Private keys held in memory, and the interface any signing key has."""

from collections.abc import Callable
from typing import NoReturn, Protocol, Self

from kerege.keys.algorithm import Algorithm
from kerege.keys.errors import KeyEncodingError
from kerege.keys.hazmat import PRIMITIVES
from kerege.keys.hazmat.randomness import system_randomness
from kerege.keys.public import PublicKey

__all__ = ["PrivateKey", "SigningKey"]


class SigningKey(Protocol):
    """What callers ask of a key that signs, wherever its secret lives."""

    @property
    def public_key(self) -> PublicKey:
        """The key that verifies what this one signs."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the signature over `message`, in the algorithm's own encoding."""
        ...


class PrivateKey:
    """A `SigningKey` whose secret is in this process's memory.

    Not a dataclass, not comparable, not picklable: nothing turns it into text or bytes except
    `reveal_secret`, whose name is easy to search for.
    """

    __slots__ = ("_expanded", "_public_key", "_secret")

    def __init__(self, algorithm: Algorithm, secret: bytes) -> None:
        """Make a key from its `secret` of 32 bytes.

        That is the seed of RFC 8032 or of FIPS 204, or the scalar of FIPS 186-5 (ES256).

        Raises `KeyEncodingError` if the size is another or the scalar out of range.
        """
        primitive = PRIMITIVES[algorithm]
        if len(secret) != primitive.secret_size:
            raise KeyEncodingError(
                f"an {algorithm} secret has {primitive.secret_size} bytes, not {len(secret)}"
            )
        self._secret = secret
        self._expanded = primitive.expand(secret)
        self._public_key = PublicKey(algorithm, self._expanded.public)

    @classmethod
    def generate(
        cls, algorithm: Algorithm, *, randomness: Callable[[int], bytes] = system_randomness
    ) -> Self:
        """Make a new key from `randomness(n)`, which must return n unpredictable bytes.

        Only a simulation passes its own: a weak source by omission would be worse than a hidden
        input.
        """
        return cls(algorithm, PRIMITIVES[algorithm].draw(randomness))

    @property
    def algorithm(self) -> Algorithm:
        """The algorithm this key signs with."""
        return self._public_key.algorithm

    @property
    def public_key(self) -> PublicKey:
        """The key that verifies what this one signs."""
        return self._public_key

    def sign(self, message: bytes) -> bytes:
        """Return the signature over `message` (Ed25519 and ES256 64 bytes, ML-DSA-44 2420)."""
        return self._expanded.sign(message)

    def reveal_secret(self) -> bytes:
        """Return the secret itself, to be written to a key file and nowhere else."""
        return self._secret

    def __repr__(self) -> str:
        return f"PrivateKey(secret hidden, public_key={self._public_key!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a private key is not picklable; hand over a key file instead")
