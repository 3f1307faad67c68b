# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a key, its text, its file, a signature or a signed text."""

from kerege.errors import KeregeError

__all__ = [
    "InvalidSignatureError",
    "JwsEncodingError",
    "KeyEncodingError",
    "KeyFileError",
    "SealBrokenError",
]


class KeyEncodingError(KeregeError):
    """Bytes or text that are not a key in the form asked for."""


class KeyFileError(KeregeError):
    """A key file that cannot be read or written safely."""


class JwsEncodingError(KeregeError):
    """Bytes that are not a compact JWS in the form accepted, or values that do not fit one."""


class InvalidSignatureError(KeregeError):
    """A signature that does not verify: not this key's, or not for this purpose or these bytes.

    Which step of the cryptography failed, the message never says.
    """


class SealBrokenError(KeregeError):
    """A sealed text that does not open: another key, another place, or changed bytes.

    Which of them, the message never says.
    """
