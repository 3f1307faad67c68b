# SPDX-License-Identifier: Apache-2.0
"""Checking receipts: that what the wallet signed was accepted, and stands in the public log.

Needs the receipt, the wallet's own copy of what it signed, and public keys; neither bank nor core
is asked. A log that showed this wallet one history and others another would need its witnesses'
signatures on both.
"""

from dataclasses import dataclass

from msgspec import structs

from kerege.errors import KeregeError
from kerege.ledger.encoding import Record, decode_record, encode_order, encode_record
from kerege.ledger.ids import format_order_id
from kerege.translog.receipt import parse_receipt, verify_receipt
from kerege.translog.trust import CheckpointPolicy

__all__ = ["CheckedReceipt", "ReceiptMismatch", "check_receipt"]


class ReceiptMismatch(KeregeError):
    """A true receipt, but of something else than what this wallet signed."""


@dataclass(frozen=True, slots=True)
class CheckedReceipt:
    """What was accepted, and where it stands: the log's origin and the leaf's index."""

    record: Record
    origin: str
    leaf: int
    log_size: int


def check_receipt(
    receipt: bytes, *, order_id: str, evidence: bytes, trust: CheckpointPolicy
) -> CheckedReceipt:
    """Check `receipt` of the order `order_id`, authorised by the signed text `evidence`.

    Raises what parsing and verifying raise (`ReceiptError`, `ProofError`, `QuorumError`...), or
    `ReceiptMismatch`.
    """
    found = parse_receipt(receipt)
    checkpoint = verify_receipt(found, trust)
    record = decode_record(found.record)
    if format_order_id(record.order.id) != order_id:
        raise ReceiptMismatch(f"the receipt is of {format_order_id(record.order.id)}")
    # A record holds only the evidence's hash: put ours in its place and compare the bytes.
    ours = encode_order(structs.replace(record.order, evidence=evidence))
    if encode_record(ours, record.at_us, record.results) != found.record:
        raise ReceiptMismatch(
            "the log holds this order with another signed text",
            remedy="keep the receipt: with your own copy it shows that somebody else signed",
        )
    return CheckedReceipt(
        record=record,
        origin=checkpoint.origin,
        leaf=found.proof.index,
        log_size=checkpoint.size,
    )
