# SPDX-License-Identifier: Apache-2.0
"""The ledger's own orders: they release pending transfers whose time has passed. Pure."""

from kerege.ledger.book import Pending
from kerege.ledger.ids import own_id
from kerege.ledger.order import Kind, Order, Transfer

__all__ = ["expiry_of"]


def expiry_of(pending: Pending) -> Order:
    """The order that releases `pending`. Its id is of the ledger's own and follows from the
    pending transfer's position, so that no caller can take it beforehand, and two processes
    that find the same pending transfer make the same order."""
    release = Transfer(
        debit=pending.debit,
        credit=pending.credit,
        amount=0,
        mark=pending.mark,
        kind=Kind.EXPIRE,
        pending=pending.ref,
    )
    return Order(id=own_id(pending.seq), steps=(release,))
