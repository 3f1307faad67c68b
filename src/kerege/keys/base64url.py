# SPDX-License-Identifier: Apache-2.0
"""Base64url (RFC 4648 section 5) without padding, as JOSE writes it: one text per byte string."""

import base64
import binascii

from kerege.keys.errors import KeyEncodingError

__all__ = ["decode_base64url", "encode_base64url"]

# Translation turns the alphabet of section 5 into that of section 4, and what only the latter
# knows (its last two digits and the padding) into something no decoder takes.
_TO_STANDARD = bytes.maketrans(b"-_+/=", b"+/!!!")

# How many bits of the last digit stand for nothing, by the number of digits beyond fours; and the
# digits in which those bits are zero. RFC 4648 section 3.5 lets decoders ignore them: then one
# signature would have several texts.
_PADDING = (b"", None, b"==", b"=")
_CLEAN_LAST_DIGITS = (b"", b"", b"AQgw", b"AEIMQUYcgkosw048")


def encode_base64url(data: bytes) -> str:
    """Return `data` in the URL-safe alphabet, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_base64url(text: bytes) -> bytes:
    """Return the bytes of `text`, which must be what `encode_base64url` writes for them.

    Raises `KeyEncodingError`.
    """
    beyond_fours = len(text) & 3
    padding = _PADDING[beyond_fours]
    if padding is None:
        raise KeyEncodingError("base64url cut short")
    if beyond_fours and text[-1] not in _CLEAN_LAST_DIGITS[beyond_fours]:
        raise KeyEncodingError("not base64url, or its last digit is not canonical")
    try:
        return binascii.a2b_base64(text.translate(_TO_STANDARD) + padding, strict_mode=True)
    except binascii.Error as error:
        raise KeyEncodingError("not base64url without padding") from error
