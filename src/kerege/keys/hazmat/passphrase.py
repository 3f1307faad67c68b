# SPDX-License-Identifier: Apache-2.0
"""A secret under a passphrase: scrypt (RFC 7914) makes the key, AES-256-GCM seals."""

from typing import Final

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from kerege.keys.errors import KeyEncodingError, SealBrokenError
from kerege.keys.hazmat import aes_gcm
from kerege.keys.hazmat.randomness import system_randomness

__all__ = ["open_secret", "seal_secret"]

_SALT_BYTES: Final = 16

_COST: Final = 2**16
_BLOCK: Final = 8
_LANES: Final = 1
"""64 MiB and some 0.2 s a guess: what a person waits for once, a guesser for each try."""


def seal_secret(secret: bytes, passphrase: bytes, *, label: bytes) -> bytes:
    """Salt, nonce and sealed `secret`; `label` is not hidden, but cannot be changed unnoticed."""
    salt, nonce = system_randomness(_SALT_BYTES), system_randomness(aes_gcm.NONCE_BYTES)
    return salt + nonce + aes_gcm.encrypt(_stretched(passphrase, salt), nonce, secret, label)


def open_secret(sealed: bytes, passphrase: bytes, *, label: bytes) -> bytes:
    """Inverse of `seal_secret`; raises `KeyEncodingError`."""
    salt, rest = sealed[:_SALT_BYTES], sealed[_SALT_BYTES:]
    nonce, box = rest[: aes_gcm.NONCE_BYTES], rest[aes_gcm.NONCE_BYTES :]
    if len(box) <= aes_gcm.TAG_BYTES:
        raise KeyEncodingError("the sealed key is cut off")
    try:
        return aes_gcm.decrypt(_stretched(passphrase, salt), nonce, box, label)
    except SealBrokenError:
        raise KeyEncodingError(
            "the passphrase is wrong, or the file was changed", remedy="try the passphrase again"
        ) from None


def _stretched(passphrase: bytes, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=aes_gcm.KEY_BYTES, n=_COST, r=_BLOCK, p=_LANES).derive(
        passphrase
    )
