# SPDX-License-Identifier: Apache-2.0
"""The bytes of the simplest orders in one stroke: one payment, perhaps signed, perhaps timed. Pure.

The same bytes as `encode_order` gives; most of a ledger's orders are of this kind.
"""

import hashlib
from struct import Struct
from typing import Final

import numpy as np

from kerege.errors import InvariantViolation
from kerege.ledger.encoding import FRAME, NO_EVIDENCE, ORDER_MAGIC, TRANSFER
from kerege.ledger.ids import UNMARKED, format_order_id
from kerege.ledger.order import MAX_EVIDENCE_BYTES, NO_TERMS, Kind, Order, Terms, Transfer

__all__ = [
    "PLAIN_CONSTANTS",
    "PLAIN_LAYOUT",
    "encode_plain",
    "encode_simple",
    "is_plain",
    "is_simple",
]

_PLAIN: Final = Struct(FRAME.format + TRANSFER.format[1:])
_MAX_TIME: Final = 2**63 - 1

PLAIN_LAYOUT: Final = np.dtype(
    [
        ("magic", "V16"),
        ("id", "V16"),
        ("evidence", "V32"),
        ("valid_from_us", ">u8"),
        ("valid_until_us", ">u8"),
        ("expectations", ">u2"),
        ("steps", ">u2"),
        ("kind", "u1"),
        ("debit", ">u8"),
        ("credit", ">u8"),
        ("mark", ">u4"),
        ("amount", ">u8"),
        ("code", ">u4"),
        ("timeout_s", ">u4"),
    ]
)
"""`encode_plain`'s layout for reading many at once."""

PLAIN_CONSTANTS: Final = (
    "magic",
    "evidence",
    "valid_from_us",
    "valid_until_us",
    "expectations",
    "steps",
    "kind",
    "mark",
    "timeout_s",
)
"""Fields that are the same in every plain order."""


def is_plain(order: Order) -> bool:
    """One unconditional POST of unmarked money without evidence: most of a ledger's work.

    A plain order is fully told by its one transfer, so nothing else is stored of it.
    """
    return is_simple(order) and not order.evidence and order.terms == NO_TERMS


def is_simple(order: Order) -> bool:
    """A plain order but for its evidence and the time it is valid in: what wallets sign most.

    It is decided as a plain order is, and stored as every other order.
    """
    steps, terms, evidence = order.steps, order.terms, order.evidence
    if type(steps) is not tuple or len(steps) != 1:
        return False
    if type(evidence) is not bytes or len(evidence) > MAX_EVIDENCE_BYTES:
        return False
    if terms is not NO_TERMS and not _are_times_only(terms):
        return False
    # Not 0.0 nor False, which equal 0 but are faults in an order.
    step = steps[0]
    return (
        type(step) is Transfer
        and step.kind is Kind.POST
        and step.pending is None
        and type(step.mark) is int
        and step.mark == UNMARKED
        and type(step.timeout_s) is int
        and step.timeout_s == 0
    )


def _are_times_only(terms: Terms) -> bool:
    if type(terms) is not Terms or terms.expects != ():
        return False
    start, end = terms.valid_from_us, terms.valid_until_us
    if type(start) is not int or type(end) is not int:
        return False
    return 0 <= start <= _MAX_TIME and (end == 0 or start <= end <= _MAX_TIME)


def encode_plain(order_id: bytes, debit: int, credit: int, amount: int, code: int) -> bytes:
    """`encode_order` of a plain order, from its fields."""
    return _PLAIN.pack(
        ORDER_MAGIC,
        order_id,
        NO_EVIDENCE,
        0,
        0,
        0,
        1,
        Kind.POST,
        debit,
        credit,
        0,
        amount,
        code,
        0,
    )


def encode_simple(order: Order) -> bytes:
    """`encode_order` of an order that `is_simple`, in one stroke."""
    step = order.steps[0]
    if type(step) is not Transfer:
        raise InvariantViolation(f"{format_order_id(order.id)} is no simple order")
    evidence = order.evidence
    return _PLAIN.pack(
        ORDER_MAGIC,
        order.id,
        hashlib.sha256(evidence).digest() if evidence else NO_EVIDENCE,
        order.terms.valid_from_us,
        order.terms.valid_until_us,
        0,
        1,
        Kind.POST,
        step.debit,
        step.credit,
        0,
        step.amount,
        step.code,
        0,
    )
