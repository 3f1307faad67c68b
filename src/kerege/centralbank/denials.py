# SPDX-License-Identifier: Apache-2.0
"""Remembering what was refused before the ledger was asked. Pure.

A repeat must get the first outcome, also where a plan was refused and could be made by now. So the
ledger is given an order under the same id that it must refuse and will remember: one that expects
the impossible of the allowance sink. Which refusal it stands for is the version it expects.
"""

import hashlib
from typing import Final

from kerege.ledger import AccountId, Expectation, Order, OrderId, Outcome, Terms, Transfer
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments import Refusal

__all__ = ["denial", "refusal_of"]

_NEVER: Final = 2**48
"""A version no cell reaches: at a million transfers a second it takes nine years."""

_NAMES: Final = tuple(Refusal)


def denial(order_id: OrderId, refusal: Refusal, evidence: bytes, sink: AccountId) -> Order:
    """The order that makes the ledger remember `refusal` under `order_id`."""
    expected = Expectation(sink, version=_NEVER + _number(refusal))
    # It never happens; a ledger order needs a step that could.
    step = Transfer(debit=sink, credit=AccountId(sink + 1), amount=1)
    return Order(order_id, (step,), Terms(expects=(expected,)), evidence)


def refusal_of(outcome: Outcome) -> Refusal | None:
    """The refusal a denial stands for; None for any other outcome."""
    if outcome.refusal is not LedgerRefusal.VERSION_NOT_AS_EXPECTED or outcome.limit < _NEVER:
        return None
    return next((name for name in _NAMES if _number(name) == outcome.limit - _NEVER), None)


def _number(refusal: Refusal) -> int:
    """The first 15 bits and more of a name do not change when the list of refusals does."""
    return int.from_bytes(hashlib.sha256(refusal.value.encode()).digest()[:4], "big")
