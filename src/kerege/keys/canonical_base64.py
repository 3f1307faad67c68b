# SPDX-License-Identifier: Apache-2.0
"""Base64 (RFC 4648 section 4) with exactly one text per byte string."""

import base64
import binascii

from kerege.keys.errors import KeyEncodingError

__all__ = ["decode_base64", "encode_base64"]


def encode_base64(data: bytes) -> str:
    """Return `data` in the standard alphabet, padded."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: str) -> bytes:
    """Return the bytes of `text`, which must be what `encode_base64` writes for them.

    RFC 4648 section 3.5 lets decoders accept stray bits in the last digit; that would give one
    signature several texts, so it is refused. Raises `KeyEncodingError`.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeyEncodingError("not base64") from error
    if encode_base64(data) != text:
        raise KeyEncodingError("base64 that is not canonical")
    return data
