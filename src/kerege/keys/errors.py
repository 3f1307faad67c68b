# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a key, a key's text, a key's file or a signature."""

from kerege.errors import KeregeError

__all__ = ["InvalidSignatureError", "KeyEncodingError", "KeyFileError"]


class KeyEncodingError(KeregeError):
    """Bytes or text that are not a key in the form asked for."""


class KeyFileError(KeregeError):
    """A key file that cannot be read or written safely."""


class InvalidSignatureError(KeregeError):
    """A signature that does not verify, whatever the cause: the message never says which."""
