# SPDX-License-Identifier: Apache-2.0
"""Receipts: one file that shows, offline, that a record is in the log (docs/formats/receipt.md).

Pure. A receipt is three lines (a name, the record, its salt), an empty line, and a tlog-proof
verbatim. Nothing else is needed to verify it but the public keys of the log and its witnesses.
"""

from dataclasses import dataclass
from typing import Final

from kerege.errors import KeregeError
from kerege.keys import KeyEncodingError, decode_base64, encode_base64
from kerege.translog.checkpoint import Checkpoint
from kerege.translog.leaf import SALT_BYTES, commit_record
from kerege.translog.proof import MAX_PROOF_BYTES, LogProof, format_proof, parse_proof, verify_proof
from kerege.translog.tree import ProofError, hash_leaf
from kerege.translog.trust import CheckpointPolicy

__all__ = [
    "MAX_RECEIPT_BYTES",
    "MAX_RECORD_BYTES",
    "Receipt",
    "ReceiptError",
    "format_receipt",
    "parse_receipt",
    "verify_receipt",
]

MAGIC = "kerege-receipt/v1"

MAX_RECORD_BYTES = 1024 * 1024
"""One record: a signed order with its outcome; the largest order stays well below."""

MAX_RECEIPT_BYTES = 2 * MAX_RECORD_BYTES + MAX_PROOF_BYTES
"""A whole receipt, the record in base64."""

_REMEDY: Final = "do not rely on this receipt; ask whoever gave it for the unchanged file"


class ReceiptError(KeregeError):
    """Bytes that are not a receipt."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A record's exact bytes, its 16-byte salt, and the proof of its leaf."""

    record: bytes
    salt: bytes
    proof: LogProof


def format_receipt(receipt: Receipt) -> bytes:
    """Return the text of `receipt`; raises `ReceiptError` if a part is too long to be read back."""
    _check(receipt.record, receipt.salt)
    lines = (
        MAGIC,
        f"record {encode_base64(receipt.record)}",
        f"salt {encode_base64(receipt.salt)}",
    )
    return "\n".join(lines).encode() + b"\n\n" + format_proof(receipt.proof)


def parse_receipt(data: bytes) -> Receipt:
    """Parse a receipt; `format_receipt` of the result is `data` again.

    Raises `ReceiptError`, `ProofFormatError` or `NoteError`, with the place.
    """
    if len(data) > MAX_RECEIPT_BYTES:
        raise ReceiptError(f"a receipt has at most {MAX_RECEIPT_BYTES} bytes")
    head, blank, proof = data.partition(b"\n\n")
    lines = head.split(b"\n")
    if lines[0] != MAGIC.encode():
        raise ReceiptError(f"the first line is not {MAGIC}", place="line 1")
    if not blank or len(lines) != 3:
        raise ReceiptError("a receipt has a record line, a salt line, an empty line and a proof")
    record = _parse_line(lines[1], b"record ", place="line 2")
    salt = _parse_line(lines[2], b"salt ", place="line 3")
    _check(record, salt)
    return Receipt(record=record, salt=salt, proof=parse_proof(proof))


def verify_receipt(receipt: Receipt, policy: CheckpointPolicy) -> Checkpoint:
    """Return the checkpoint whose log holds the receipt's record at the proof's index.

    Raises what `policy` raises, or `ProofError`.
    """
    entry = commit_record(receipt.record, salt=receipt.salt)
    try:
        return verify_proof(receipt.proof, leaf_hash=hash_leaf(entry), policy=policy)
    except ProofError as error:
        message = f"what it says is not in the log ({error.fault.replace('_', ' ')})"
        raise ProofError(error.fault, message, remedy=_REMEDY) from error


def _check(record: bytes, salt: bytes) -> None:
    if len(record) > MAX_RECORD_BYTES:
        raise ReceiptError(f"a record has at most {MAX_RECORD_BYTES} bytes", place="line 2")
    if len(salt) != SALT_BYTES:
        raise ReceiptError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}", place="line 3")


def _parse_line(line: bytes, key: bytes, *, place: str) -> bytes:
    if not line.startswith(key):
        raise ReceiptError(f"the line does not begin with '{key.decode()}'", place=place)
    try:
        return decode_base64(line.removeprefix(key).decode("ascii"))
    except UnicodeDecodeError as error:
        raise ReceiptError("not base64", place=place) from error
    except KeyEncodingError as error:
        raise ReceiptError(error.message, place=place) from error
