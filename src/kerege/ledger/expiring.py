# SPDX-License-Identifier: Apache-2.0
"""The ledger's own orders: each releases one pending transfer whose time has passed. Pure.

They have exactly one form, so that two processes which find the same transfer due make the
same order, and an audit can tell the ledger's doing from anything else.
"""

import hashlib
from typing import Final

from kerege.ledger.book import Pending
from kerege.ledger.ids import ORDER_ID_BYTES, OrderId
from kerege.ledger.order import Kind, Order, Transfer

__all__ = ["expiry_of", "is_expiry"]

_EXPIRY_TAG: Final = b"kerege-expiry/v1\n"


def expiry_of(pending: Pending) -> Order:
    """The order that releases `pending`; its id follows from what it releases."""
    named = _EXPIRY_TAG + pending.ref.order_id + pending.ref.step.to_bytes(2, "big")
    release = Transfer(
        debit=pending.debit,
        credit=pending.credit,
        amount=0,
        mark=pending.mark,
        kind=Kind.EXPIRE,
        pending=pending.ref,
    )
    order_id = OrderId(hashlib.sha256(named).digest()[:ORDER_ID_BYTES])
    return Order(id=order_id, steps=(release,))


def is_expiry(order: Order) -> bool:
    """Whether `order` is nothing but one release of what has expired."""
    if len(order.steps) != 1:
        return False
    step = order.steps[0]
    return isinstance(step, Transfer) and step.kind is Kind.EXPIRE
