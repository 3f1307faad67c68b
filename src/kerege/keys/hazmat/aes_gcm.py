# SPDX-License-Identifier: Apache-2.0
"""AES-256 in Galois/counter mode (NIST SP 800-38D) by `cryptography`: 96-bit nonce, 128-bit tag."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kerege.keys.errors import SealBrokenError

__all__ = ["KEY_BYTES", "NONCE_BYTES", "TAG_BYTES", "decrypt", "encrypt"]

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


def encrypt(key: bytes, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
    """Return ciphertext and tag. `nonce` must be new for each text under `key`."""
    return AESGCM(key).encrypt(nonce, plaintext, associated)


def decrypt(key: bytes, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
    """Return the plaintext of ciphertext and tag. Raises `SealBrokenError`."""
    try:
        return AESGCM(key).decrypt(nonce, sealed, associated)
    except InvalidTag:
        # Which of key, nonce, text and associated data is another cannot be told, nor may it be.
        raise SealBrokenError("the sealed text does not open with this key and binding") from None
