# SPDX-License-Identifier: Apache-2.0
"""Secrets that whoever carries them may use: 256 random bits, of which only a hash is kept."""

import hashlib
from typing import Final

from kerege.keys import encode_base64url
from kerege.runtime.randomness import Randomness

__all__ = ["hash_secret", "new_secret"]

_SECRET_BYTES: Final = 32


def new_secret(randomness: Randomness) -> str:
    """A new secret, 43 characters of base64url."""
    return encode_base64url(randomness.draw(_SECRET_BYTES))


def hash_secret(text: str) -> bytes:
    """What is kept of a secret: its SHA-256. Of any other text too, which then is not found.

    No salt nor stretching: there is nothing to guess in 256 random bits.
    """
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()
