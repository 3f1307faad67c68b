# SPDX-License-Identifier: Apache-2.0
"""The ledger's own orders: each releases one pending transfer whose time has passed. Pure.

They have exactly one form, so that two processes which find the same transfer due make the
same order, and an audit can tell the ledger's doing from anything else.
"""

from kerege.ledger.book import Pending
from kerege.ledger.ids import is_own_id, own_id
from kerege.ledger.order import Kind, Order, Transfer

__all__ = ["expiry_of", "is_expiry"]


def expiry_of(pending: Pending) -> Order:
    """The order that releases `pending`. Its id is of the ledger's own, so that no caller can
    take it beforehand, and follows from the pending transfer's position."""
    release = Transfer(
        debit=pending.debit,
        credit=pending.credit,
        amount=0,
        mark=pending.mark,
        kind=Kind.EXPIRE,
        pending=pending.ref,
    )
    return Order(id=own_id(pending.seq), steps=(release,))


def is_expiry(order: Order) -> bool:
    """Whether `order` is nothing but one release of what has expired."""
    if len(order.steps) != 1 or not is_own_id(order.id):
        return False
    step = order.steps[0]
    return isinstance(step, Transfer) and step.kind is Kind.EXPIRE
