# SPDX-License-Identifier: Apache-2.0
"""One signature line of a note: em dash, space, key name, space, base64 (C2SP signed-note)."""

import re
from dataclasses import dataclass

from kerege.errors import KeregeError
from kerege.keys import KeyEncodingError, check_key_name, decode_base64, encode_base64

__all__ = [
    "KEY_ID_BYTES",
    "MAX_NOTE_BYTES",
    "MAX_NOTE_SIGNATURES",
    "NoteError",
    "NoteSignature",
    "find_forbidden_character",
]

KEY_ID_BYTES = 4

# The limits of Go's sumdb/note, so that both accept the same notes. The first holds 100
# ML-DSA-44 cosignatures (3.3 kB of base64 each) three times over; the second bounds the
# work on one note to some 7 ms (25 ms with ML-DSA-44).
MAX_NOTE_BYTES = 1_000_000
MAX_NOTE_SIGNATURES = 100

_PREFIX = "\u2014 "
# "MUST NOT contain any ASCII control characters (those below U+0020) other than newline"; a lone
# surrogate has no UTF-8.
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")


class NoteError(KeregeError):
    """Bytes that are not a signed note, or a note that may not be believed."""


def find_forbidden_character(text: str) -> int | None:
    """Return the index of the first character that no note may hold, if there is one."""
    found = _FORBIDDEN.search(text)
    return found.start() if found else None


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """Who signed (`name`, 4-byte `key_id`) and the signature's bytes, which are not empty.

    Raises `NoteError` if a part is not allowed in a signature line.
    """

    name: str
    key_id: bytes
    signature: bytes

    def __post_init__(self) -> None:
        try:
            check_key_name(self.name)
        except KeyEncodingError as error:
            raise NoteError(error.message) from error
        if len(self.key_id) != KEY_ID_BYTES:
            raise NoteError(f"a key ID has {KEY_ID_BYTES} bytes, not {len(self.key_id)}")
        if not self.signature:
            raise NoteError("a signature must not be empty")

    def to_line(self) -> str:
        """Return the signature line, ending with newline."""
        return f"{_PREFIX}{self.name} {encode_base64(self.key_id + self.signature)}\n"

    @classmethod
    def from_line(cls, line: str) -> "NoteSignature":
        """Parse a signature line without its newline. Raises `NoteError`."""
        if not line.startswith(_PREFIX):
            raise NoteError("a signature line starts with an em dash and a space")
        name, separator, encoded = line.removeprefix(_PREFIX).partition(" ")
        if not separator:
            raise NoteError("a signature line has a key name, a space and base64")
        try:
            decoded = decode_base64(encoded)
        except KeyEncodingError as error:
            raise NoteError(f"the signature is {error.message}") from error
        return cls(name=name, key_id=decoded[:KEY_ID_BYTES], signature=decoded[KEY_ID_BYTES:])
