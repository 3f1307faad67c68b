# SPDX-License-Identifier: Apache-2.0
"""Signed notes (C2SP signed-note): text, a blank line, signature lines.

`parse_note` only takes a note apart. Believe a note's text only after `open_note`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kerege.keys import (
    InvalidSignatureError,
    NamedPublicKey,
    PublicKey,
    SignatureType,
    SigningKey,
)
from kerege.keys.note_key import derive_key_id
from kerege.translog.cosignature import CosignatureVerifier
from kerege.translog.signature_line import (
    MAX_NOTE_BYTES,
    MAX_NOTE_SIGNATURES,
    NoteError,
    NoteSignature,
    find_forbidden_character,
)

__all__ = [
    "MAX_NOTE_BYTES",
    "MAX_NOTE_SIGNATURES",
    "Ed25519NoteSigner",
    "Ed25519NoteVerifier",
    "Note",
    "NoteError",
    "NoteSignature",
    "NoteSigner",
    "NoteVerifier",
    "format_note",
    "open_note",
    "parse_note",
    "parse_verifier_key",
    "sign_note",
]

_BLANK_LINE = "\n\n"


class NoteSigner(Protocol):
    """A named key that signs notes."""

    @property
    def name(self) -> str:
        """The key's name."""
        ...

    @property
    def key_id(self) -> bytes:
        """The key's 4-byte ID."""
        ...

    def sign(self, text: str) -> NoteSignature:
        """Sign a note's text, which ends with newline."""
        ...


class NoteVerifier(Protocol):
    """A named key that verifies signatures on notes."""

    @property
    def name(self) -> str:
        """The key's name."""
        ...

    @property
    def key_id(self) -> bytes:
        """The key's 4-byte ID."""
        ...

    def verify(self, text: str, signature: bytes) -> None:
        """Return if `signature` (without key ID) is over `text`, else `InvalidSignatureError`."""
        ...


@dataclass(frozen=True, slots=True)
class Note:
    """A note's text, ending with newline, and its signatures in the order written.

    Raises `NoteError` if the text could not stand in a signed note. A note made here may still
    have no signatures; `format_note` refuses that.
    """

    text: str
    signatures: tuple[NoteSignature, ...]

    def __post_init__(self) -> None:
        if not self.text.endswith("\n"):
            raise NoteError("a note's text ends with newline")
        _check_characters(self.text)
        if len(self.signatures) > MAX_NOTE_SIGNATURES:
            raise NoteError(f"a note has at most {MAX_NOTE_SIGNATURES} signatures")

    def with_signatures(self, added: Iterable[NoteSignature]) -> "Note":
        """Return this note with `added` signatures after its own."""
        return Note(text=self.text, signatures=(*self.signatures, *added))


@dataclass(frozen=True, slots=True)
class Ed25519NoteSigner:
    """Signs notes with type 0x01: plain Ed25519 over the text."""

    name: str
    key: SigningKey

    @property
    def key_id(self) -> bytes:
        """The key's 4-byte ID."""
        return derive_key_id(self.name, SignatureType.ED25519, self.key.public_key)

    def sign(self, text: str) -> NoteSignature:
        """Sign a note's text, which ends with newline."""
        signature = self.key.sign(text.encode())
        return NoteSignature(name=self.name, key_id=self.key_id, signature=signature)


@dataclass(frozen=True, slots=True)
class Ed25519NoteVerifier:
    """Verifies type 0x01 signatures."""

    name: str
    key_id: bytes
    public_key: PublicKey

    def verify(self, text: str, signature: bytes) -> None:
        """Return if `signature` (64 bytes) is over `text`, else `InvalidSignatureError`."""
        self.public_key.verify(text.encode(), signature)


def parse_verifier_key(vkey: str) -> NoteVerifier:
    """Return the verifier a vkey names, of any signature type Kerege knows.

    Raises `KeyEncodingError`.
    """
    key = NamedPublicKey.from_vkey(vkey)
    if key.signature_type is SignatureType.ED25519:
        return Ed25519NoteVerifier(name=key.name, key_id=key.key_id, public_key=key.public_key)
    return CosignatureVerifier(
        name=key.name,
        key_id=key.key_id,
        signature_type=key.signature_type,
        public_key=key.public_key,
    )


def parse_note(data: bytes) -> Note:
    """Take a signed note apart without verifying anything. Raises `NoteError`."""
    if len(data) > MAX_NOTE_BYTES:
        raise NoteError(f"a note has at most {MAX_NOTE_BYTES} bytes, not {len(data)}")
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise NoteError("a note is valid UTF-8", place=f"byte {error.start}") from error
    _check_characters(whole)
    text, separator, block = whole.rpartition(_BLANK_LINE)
    if not separator:
        raise NoteError("a note has a blank line before its signatures")
    return Note(text=text + "\n", signatures=_parse_signature_block(block))


def _check_characters(text: str) -> None:
    index = find_forbidden_character(text)
    if index is not None:
        raise NoteError("a note has no control characters but newline", place=f"character {index}")


def _parse_signature_block(block: str) -> tuple[NoteSignature, ...]:
    if not block.endswith("\n"):
        raise NoteError("a note ends with signature lines, each ending with newline")
    lines = block.removesuffix("\n").split("\n")
    if len(lines) > MAX_NOTE_SIGNATURES:
        raise NoteError(f"a note has at most {MAX_NOTE_SIGNATURES} signatures")
    return tuple(_parse_numbered_line(number, line) for number, line in enumerate(lines, start=1))


def _parse_numbered_line(number: int, line: str) -> NoteSignature:
    try:
        return NoteSignature.from_line(line)
    except NoteError as error:
        raise NoteError(error.message, place=f"signature {number}") from error


def format_note(note: Note) -> bytes:
    """Return the signed note's bytes: what `parse_note` takes apart again.

    Raises `NoteError` if there is no signature or the note is too long.
    """
    if not note.signatures:
        raise NoteError("a signed note has at least one signature")
    lines = "".join(signature.to_line() for signature in note.signatures)
    data = f"{note.text}\n{lines}".encode()
    if len(data) > MAX_NOTE_BYTES:
        raise NoteError(f"a note has at most {MAX_NOTE_BYTES} bytes, not {len(data)}")
    return data


def sign_note(text: str, signers: Iterable[NoteSigner]) -> Note:
    """Return `text` signed by each of `signers` in turn. Raises `NoteError`."""
    return Note(text=text, signatures=()).with_signatures(signer.sign(text) for signer in signers)


def open_note(data: bytes, verifiers: Sequence[NoteVerifier]) -> Note:
    """Parse and verify a note; the result keeps only signatures that verified.

    Signatures of unknown keys are ignored, "even if they share a name or ID (but not both) with
    a known key". Every signature of a known key must verify, repeated ones too: Go's sumdb/note
    looks at the first only, which lets a broken one ride along.

    Raises `NoteError` if the note is malformed or no signature is of a known key, and
    `InvalidSignatureError` if one of a known key does not verify.
    """
    note = parse_note(data)
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    if len(known) != len(verifiers):
        raise NoteError("two of the keys given to verify the note have the same name and ID")
    verified = tuple(
        signature for signature in note.signatures if _verify_if_known(note.text, signature, known)
    )
    if not verified:
        raise NoteError("no signature on the note is of a known key")
    return Note(text=note.text, signatures=verified)


def _verify_if_known(
    text: str, signature: NoteSignature, known: dict[tuple[str, bytes], NoteVerifier]
) -> bool:
    """Say whether the key is known; for a known key, raise unless its signature verifies."""
    verifier = known.get((signature.name, signature.key_id))
    if verifier is None:
        return False
    try:
        verifier.verify(text, signature.signature)
    except InvalidSignatureError as error:
        raise InvalidSignatureError(
            error.message, place=f"signature by {signature.name}+{signature.key_id.hex()}"
        ) from error
    return True
