# SPDX-License-Identifier: Apache-2.0
"""Proofs of inclusion as C2SP tlog-proof text: offline-verifiable, self-contained.

Pure. "A textual format for an offline-verifiable proof that some data has been logged to a
transparency log and that its inclusion has been observed by some number of witnesses."
"""

from dataclasses import dataclass

from kerege.errors import KeregeError
from kerege.keys import KeyEncodingError, decode_base64, encode_base64
from kerege.translog.checkpoint import Checkpoint, CheckpointError, parse_tree_size
from kerege.translog.note import MAX_NOTE_BYTES, parse_note
from kerege.translog.tree import HASH_SIZE_BYTES, MAX_PROOF_HASHES, verify_inclusion
from kerege.translog.trust import CheckpointPolicy

__all__ = [
    "MAX_EXTRA_BYTES",
    "MAX_PROOF_BYTES",
    "LogProof",
    "ProofFormatError",
    "format_proof",
    "parse_proof",
    "verify_proof",
]

MAGIC = "c2sp.org/tlog-proof@v1"

MAX_EXTRA_BYTES = 64 * 1024
"""Extra data: "opaque", so only bounded; a salt or a VRF proof takes far less."""

MAX_PROOF_BYTES = MAX_NOTE_BYTES + 2 * MAX_EXTRA_BYTES + 64 * 1024
"""A whole proof: the largest checkpoint note, the extra data in base64, and the hashes."""


class ProofFormatError(KeregeError):
    """Bytes that are not a tlog-proof."""


@dataclass(frozen=True, slots=True)
class LogProof:
    """The leaf at `index` (from 0) leads by `hashes` to the root in the signed `checkpoint`.

    `checkpoint` is the note verbatim. "Applications MUST NOT implicitly trust the extra data, as
    it is not authenticated."
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None


def format_proof(proof: LogProof) -> bytes:
    """Return the text of `proof` (tlog-proof, "Format"), in UTF-8."""
    lines = [MAGIC]
    if proof.extra is not None:
        lines.append(f"extra {encode_base64(proof.extra)}")
    lines.append(f"index {proof.index}")
    lines.extend(encode_base64(value) for value in proof.hashes)
    return "\n".join(lines).encode() + b"\n\n" + proof.checkpoint


def parse_proof(data: bytes) -> LogProof:
    """Parse a tlog-proof; `format_proof` of the result is `data` again.

    The note in it is taken apart to see that it is one, not verified: that is `verify_proof`.
    Raises `ProofFormatError` with the line, and `NoteError`.
    """
    if len(data) > MAX_PROOF_BYTES:
        raise ProofFormatError(f"a proof has at most {MAX_PROOF_BYTES} bytes")
    head, blank, checkpoint = data.partition(b"\n\n")
    if not blank:
        raise ProofFormatError("there is no empty line before a checkpoint")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise ProofFormatError("not plain text", place=f"byte {error.start}") from error
    if lines[0] != MAGIC:
        raise ProofFormatError(f"the first line is not {MAGIC}", place="line 1")
    at = 1
    extra = None
    if at < len(lines) and lines[at].startswith("extra "):
        extra = _decode(lines[at].removeprefix("extra "), line=at, limit=MAX_EXTRA_BYTES)
        at += 1
    if at == len(lines) or not lines[at].startswith("index "):
        raise ProofFormatError("there is no index", place=f"line {at + 1}")
    index = _parse_index(lines[at].removeprefix("index "), line=at)
    hashes = _parse_hashes(lines[at + 1 :], first_line=at + 1)
    parse_note(checkpoint)
    return LogProof(index=index, hashes=hashes, checkpoint=checkpoint, extra=extra)


def verify_proof(proof: LogProof, *, leaf_hash: bytes, policy: CheckpointPolicy) -> Checkpoint:
    """Return the checkpoint that `proof` shows `leaf_hash` to be in.

    Steps 2 to 4 of tlog-proof, "Verifying a tlog proof"; step 1, the leaf hash, is the caller's.
    Raises what `policy` raises, or `ProofError`.
    """
    checkpoint = policy.open_checkpoint(proof.checkpoint)
    verify_inclusion(
        leaf_hash,
        index=proof.index,
        size=checkpoint.size,
        proof=proof.hashes,
        root=checkpoint.root,
    )
    return checkpoint


def _parse_index(text: str, *, line: int) -> int:
    # An index is written like a size: "an ASCII decimal with no leading zeroes".
    try:
        return parse_tree_size(text, place=f"line {line + 1}")
    except CheckpointError as error:
        raise ProofFormatError("not an index in decimal", place=f"line {line + 1}") from error


def _parse_hashes(lines: list[str], *, first_line: int) -> tuple[bytes, ...]:
    if len(lines) > MAX_PROOF_HASHES:
        raise ProofFormatError(f"{len(lines)} hashes; no tree is deeper than {MAX_PROOF_HASHES}")
    hashes = []
    for line, text in enumerate(lines, start=first_line):
        value = _decode(text, line=line, limit=HASH_SIZE_BYTES)
        if len(value) != HASH_SIZE_BYTES:
            raise ProofFormatError(
                f"a hash has {len(value)} bytes instead of 32", place=f"line {line + 1}"
            )
        hashes.append(value)
    return tuple(hashes)


def _decode(text: str, *, line: int, limit: int) -> bytes:
    try:
        data = decode_base64(text)
    except KeyEncodingError as error:
        raise ProofFormatError(error.message, place=f"line {line + 1}") from error
    if len(data) > limit:
        raise ProofFormatError(f"more than {limit} bytes", place=f"line {line + 1}")
    return data
