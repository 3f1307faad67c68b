# SPDX-License-Identifier: Apache-2.0
"""Secrets of an institution that encrypt and index, each use under a key of its own.

A root secret is never used itself: HKDF (RFC 5869) with a label gives each use its key, so that
knowing one tells nothing of another. A sealed text is

    nonce, 12 bytes || AES-256-GCM ciphertext || tag, 16 bytes

with the place it belongs to as associated data: moved elsewhere it does not open. Nonces are
random; NIST SP 800-38D section 8.3 then allows 2**32 texts a key, far above what one key seals.
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import Final, NoReturn, Self

from kerege.keys.errors import KeyEncodingError, SealBrokenError
from kerege.keys.hazmat import aes_gcm, hkdf
from kerege.keys.hazmat.randomness import system_randomness

__all__ = ["SECRET_BYTES", "IndexKey", "RootSecret", "SealingKey"]

SECRET_BYTES: Final = 32

_ID_BYTES: Final = 8
_LEAST_SEALED_BYTES: Final = aes_gcm.NONCE_BYTES + aes_gcm.TAG_BYTES


class _Hidden:
    """Bytes that nothing turns into text, compares or pickles by accident."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SECRET_BYTES:
            raise KeyEncodingError(f"a secret has {SECRET_BYTES} bytes, not {len(secret)}")
        self._secret = secret

    @classmethod
    def generate(cls, *, randomness: Callable[[int], bytes] = system_randomness) -> Self:
        """Make a new one from `randomness(n)`, n unpredictable bytes; only a simulation brings
        its own."""
        return cls(randomness(SECRET_BYTES))

    def reveal(self) -> bytes:
        """Return the secret itself, to be sealed or written to a key file and nowhere else."""
        return self._secret

    def __repr__(self) -> str:
        return f"{type(self).__name__}(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not picklable; hand over a key file instead")


class SealingKey(_Hidden):
    """Seals texts so that only who has the key reads them, and only where they belong."""

    __slots__ = ()

    def seal(
        self,
        plaintext: bytes,
        *,
        place: bytes,
        randomness: Callable[[int], bytes] = system_randomness,
    ) -> bytes:
        """Return the sealed text, 28 bytes longer; it opens with the same `place` only."""
        nonce = randomness(aes_gcm.NONCE_BYTES)
        return nonce + aes_gcm.encrypt(self._secret, nonce, plaintext, place)

    def unseal(self, sealed: bytes, *, place: bytes) -> bytes:
        """Return the plaintext. Raises `SealBrokenError`."""
        if len(sealed) < _LEAST_SEALED_BYTES:
            raise SealBrokenError(f"a sealed text has at least {_LEAST_SEALED_BYTES} bytes")
        nonce, rest = sealed[: aes_gcm.NONCE_BYTES], sealed[aes_gcm.NONCE_BYTES :]
        return aes_gcm.decrypt(self._secret, nonce, rest, place)

    def wrap(
        self,
        key: "SealingKey",
        *,
        place: bytes,
        randomness: Callable[[int], bytes] = system_randomness,
    ) -> bytes:
        """Seal another key under this one."""
        return self.seal(key.reveal(), place=place, randomness=randomness)

    def unwrap(self, wrapped: bytes, *, place: bytes) -> "SealingKey":
        """Open a key sealed by `wrap`. Raises `SealBrokenError`."""
        return SealingKey(self.unseal(wrapped, place=place))


class IndexKey(_Hidden):
    """Turns a value into a tag by which it is found again, and from which it is not guessed."""

    __slots__ = ()

    def tag(self, value: bytes) -> bytes:
        """HMAC-SHA256 (RFC 2104) of `value`, 32 bytes."""
        return hmac.digest(self._secret, value, hashlib.sha256)


class RootSecret(_Hidden):
    """What the keys of an institution's uses come from."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """16 hexadecimal digits that tell this secret from others and say nothing of it."""
        return self._derive("name", size_bytes=_ID_BYTES).hex()

    def sealing_key(self, label: str) -> SealingKey:
        """The key that seals for the use `label`."""
        return SealingKey(self._derive(f"seal {label}", size_bytes=SECRET_BYTES))

    def index_key(self, label: str) -> IndexKey:
        """The key that indexes for the use `label`."""
        return IndexKey(self._derive(f"index {label}", size_bytes=SECRET_BYTES))

    def _derive(self, label: str, *, size_bytes: int) -> bytes:
        info = f"kerege v1 {label}".encode()
        return hkdf.derive(self._secret, salt=b"", info=info, size_bytes=size_bytes)
