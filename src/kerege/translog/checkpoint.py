# SPDX-License-Identifier: Apache-2.0
"""Checkpoints (C2SP tlog-checkpoint): the text of a note that states a log's size and root."""

import re
from dataclasses import dataclass

from kerege.errors import KeregeError
from kerege.keys import KeyEncodingError, decode_base64, encode_base64
from kerege.translog.signature_line import MAX_NOTE_BYTES, find_forbidden_character

__all__ = [
    "MAX_TREE_SIZE",
    "ROOT_BYTES",
    "Checkpoint",
    "CheckpointError",
    "format_checkpoint",
    "parse_checkpoint",
    "parse_tree_size",
]

ROOT_BYTES = 32

# Leaves. Sizes stay in a signed 64-bit integer, as SQLite, PostgreSQL and Go's verifier keep them.
MAX_TREE_SIZE = 2**63 - 1

_MAX_SIZE_DIGITS = len(str(MAX_TREE_SIZE))
_DECIMAL = re.compile(r"0|[1-9][0-9]*", re.ASCII)


class CheckpointError(KeregeError):
    """Text or values that are not a checkpoint."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's origin, its size in leaves and its 32-byte root hash at that size.

    `extensions` are opaque further lines, without newlines; C2SP advises against them.
    Raises `CheckpointError` if a part could not stand in a checkpoint.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_line(self.origin, place="origin")
        if not 0 <= self.size <= MAX_TREE_SIZE:
            raise CheckpointError("a tree size is from 0 to 2**63 - 1", place="size")
        if len(self.root) != ROOT_BYTES:
            raise CheckpointError(f"a root hash has {ROOT_BYTES} bytes", place="root")
        for number, line in enumerate(self.extensions, start=1):
            _check_line(line, place=f"extension line {number}")


def _check_line(line: str, *, place: str) -> None:
    if not line:
        raise CheckpointError("the line must not be empty", place=place)
    if "\n" in line or find_forbidden_character(line) is not None:
        raise CheckpointError("the line has a control character", place=place)


def format_checkpoint(checkpoint: Checkpoint) -> str:
    """Return the note text of `checkpoint`, ending with newline."""
    root = encode_base64(checkpoint.root)
    lines = (checkpoint.origin, str(checkpoint.size), root, *checkpoint.extensions)
    return "\n".join(lines) + "\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Parse a checkpoint's note text. `format_checkpoint` of the result is `text` again.

    Raises `CheckpointError`.
    """
    if len(text) > MAX_NOTE_BYTES:
        raise CheckpointError(f"a checkpoint has at most {MAX_NOTE_BYTES} characters")
    if not text.endswith("\n"):
        raise CheckpointError("a checkpoint's text ends with newline")
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3:
        raise CheckpointError("a checkpoint has an origin, a size and a root line")
    origin, size, root, *extensions = lines
    return Checkpoint(
        origin=origin,
        size=parse_tree_size(size, place="size"),
        root=_parse_root(root),
        extensions=tuple(extensions),
    )


def parse_tree_size(text: str, *, place: str) -> int:
    """Parse "the ASCII decimal representation of the number of leaves", without leading zeroes.

    Raises `CheckpointError` with `place`, also above `MAX_TREE_SIZE`.
    """
    if len(text) > _MAX_SIZE_DIGITS:
        raise CheckpointError("a tree size is at most 2**63 - 1", place=place)
    if not _DECIMAL.fullmatch(text):
        raise CheckpointError("a tree size is in decimal without leading zeroes", place=place)
    size = int(text)
    if size > MAX_TREE_SIZE:
        raise CheckpointError("a tree size is at most 2**63 - 1", place=place)
    return size


def _parse_root(text: str) -> bytes:
    try:
        return decode_base64(text)
    except KeyEncodingError as error:
        raise CheckpointError(f"the root hash is {error.message}", place="root") from error
