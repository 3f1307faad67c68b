# SPDX-License-Identifier: Apache-2.0
"""The bytes of the simplest orders in one stroke: posts and reservations, perhaps signed, perhaps
timed. Pure.

The same bytes as `encode_order` gives; most of a ledger's orders are of this kind.
"""

import hashlib
from functools import lru_cache
from struct import Struct
from typing import Final

import numpy as np

from kerege.errors import InvariantViolation
from kerege.ledger.encoding import FRAME, NO_EVIDENCE, ORDER_MAGIC, TRANSFER
from kerege.ledger.ids import UNMARKED, format_order_id
from kerege.ledger.order import (
    MAX_EVIDENCE_BYTES,
    MAX_STEPS,
    NO_TERMS,
    Kind,
    Order,
    Terms,
    Transfer,
)

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
_LAYOUTS: Final = 64

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
    if order.evidence or order.terms != NO_TERMS or len(order.steps) != 1:
        return False
    step = order.steps[0]
    return (
        is_simple(order)
        and type(step) is Transfer
        and step.kind is Kind.POST
        and step.mark == UNMARKED
    )


def is_simple(order: Order) -> bool:
    """Nothing but posts and reservations, of whatever marks, with whatever evidence, valid
    whenever: what wallets sign most. It can be decided as columns, whose values are not looked
    at here.
    """
    steps, terms, evidence = order.steps, order.terms, order.evidence
    if type(steps) is not tuple or not 0 < len(steps) <= MAX_STEPS:
        return False
    if type(evidence) is not bytes or len(evidence) > MAX_EVIDENCE_BYTES:
        return False
    if terms is not NO_TERMS and not _are_times_only(terms):
        return False
    for step in steps:
        if type(step) is not Transfer or step.pending is not None:
            return False
        if step.kind is not Kind.POST and step.kind is not Kind.PENDING:
            return False
    return True


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
    evidence, terms, steps = order.evidence, order.terms, order.steps
    fields: list[bytes | int] = [
        ORDER_MAGIC,
        order.id,
        hashlib.sha256(evidence).digest() if evidence else NO_EVIDENCE,
        terms.valid_from_us,
        terms.valid_until_us,
        0,
        len(steps),
    ]
    for step in steps:
        if type(step) is not Transfer:
            raise InvariantViolation(f"{format_order_id(order.id)} is no simple order")
        fields += (
            step.kind,
            step.debit,
            step.credit,
            step.mark,
            step.amount,
            step.code,
            step.timeout_s,
        )
    return _layout(len(steps)).pack(*fields)


@lru_cache(maxsize=_LAYOUTS)
def _layout(steps: int) -> Struct:
    return Struct(FRAME.format + TRANSFER.format[1:] * steps)
