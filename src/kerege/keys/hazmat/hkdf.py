# SPDX-License-Identifier: Apache-2.0
"""HKDF with SHA-256 (RFC 5869) by `cryptography`: many keys from one secret."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["derive"]


def derive(secret: bytes, *, salt: bytes, info: bytes, size_bytes: int) -> bytes:
    """Return `size_bytes` (at most 8160) derived from `secret`; `info` tells uses apart."""
    return HKDF(SHA256(), size_bytes, salt=salt, info=info).derive(secret)
