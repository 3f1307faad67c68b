# SPDX-License-Identifier: Apache-2.0
"""The body of an add-checkpoint request (C2SP tlog-witness): an old size, a proof, a note."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kerege.errors import KeregeError
from kerege.keys import KeyEncodingError, decode_base64, encode_base64
from kerege.translog.checkpoint import (
    Checkpoint,
    CheckpointError,
    parse_checkpoint,
    parse_tree_size,
)
from kerege.translog.note import NoteError, parse_note
from kerege.translog.tree import HASH_SIZE_BYTES

__all__ = [
    "MAX_PROOF_LINES",
    "MAX_REQUEST_BYTES",
    "MAX_SUBMITTED_NOTE_BYTES",
    "AddCheckpoint",
    "RequestError",
    "format_request",
    "parse_request",
]

# "The client MUST NOT send more than 63 consistency proof lines."
MAX_PROOF_LINES = 63

# Half of what any note may have, so that the same note with our cosignatures added is still one.
MAX_SUBMITTED_NOTE_BYTES = 500_000

# "old ", 19 digits and a newline; 63 lines of 44 base64 digits and a newline; an empty line.
_MAX_HEAD_BYTES = 4 + 19 + 1 + MAX_PROOF_LINES * 45 + 1
MAX_REQUEST_BYTES = _MAX_HEAD_BYTES + MAX_SUBMITTED_NOTE_BYTES

_OLD_SIZE_LINE = re.compile(r"old ([0-9]+)", re.ASCII)


class RequestError(KeregeError):
    """A body that is not an add-checkpoint request: "400 Bad Request"."""


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request taken apart, nothing in it believed yet.

    `proof` holds 32-byte hashes. `note` is the signed note as received, `checkpoint` its text.
    """

    old_size: int
    proof: tuple[bytes, ...]
    note: bytes
    checkpoint: Checkpoint


def parse_request(body: bytes) -> AddCheckpoint:
    """Take a request body apart. Raises `RequestError`."""
    if len(body) > MAX_REQUEST_BYTES:
        raise RequestError(f"a request has at most {MAX_REQUEST_BYTES} bytes")
    head, separator, note = body.partition(b"\n\n")
    if not separator:
        raise RequestError("an empty line stands between the proof and the checkpoint")
    old_size, proof = _parse_head(head)
    return AddCheckpoint(
        old_size=old_size, proof=proof, note=note, checkpoint=_parse_checkpoint_note(note)
    )


def _parse_head(head: bytes) -> tuple[int, tuple[bytes, ...]]:
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise RequestError("only ASCII stands before the checkpoint") from error
    if len(lines) > MAX_PROOF_LINES:
        raise RequestError(f"a proof has at most {MAX_PROOF_LINES} lines")
    return _parse_old_size(first), tuple(
        _parse_hash(line, place=f"proof line {number}") for number, line in enumerate(lines, 1)
    )


def _parse_old_size(line: str) -> int:
    match = _OLD_SIZE_LINE.fullmatch(line)
    if not match:
        raise RequestError('the first line is "old", a space and a size', place="line 1")
    try:
        return parse_tree_size(match[1], place="old size")
    except CheckpointError as error:
        raise RequestError(error.message, place=error.place) from error


def _parse_hash(line: str, *, place: str) -> bytes:
    try:
        value = decode_base64(line)
    except KeyEncodingError as error:
        raise RequestError(f"the hash is {error.message}", place=place) from error
    if len(value) != HASH_SIZE_BYTES:
        raise RequestError(f"a hash has {HASH_SIZE_BYTES} bytes, not {len(value)}", place=place)
    return value


def _parse_checkpoint_note(note: bytes) -> Checkpoint:
    if len(note) > MAX_SUBMITTED_NOTE_BYTES:
        raise RequestError(f"a checkpoint has at most {MAX_SUBMITTED_NOTE_BYTES} bytes here")
    try:
        return parse_checkpoint(parse_note(note).text)
    except (NoteError, CheckpointError) as error:
        place = f"checkpoint, {error.place}" if error.place else "checkpoint"
        raise RequestError(error.message, place=place) from error


def format_request(*, old_size: int, proof: Sequence[bytes], note: bytes) -> bytes:
    """Return a request body: what `parse_request` takes apart again."""
    lines = [f"old {old_size}", *(encode_base64(value) for value in proof)]
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + note
