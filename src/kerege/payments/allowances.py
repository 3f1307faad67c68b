# SPDX-License-Identifier: Apache-2.0
"""Limits as accounts: how much is left of a request, a payment's refunds, a mandate. Pure.

An allowance is a holder account of `ALLOWANCE_ASSET` with the floor `-cap`; what is used goes from
it to the allowance sink in the same order as the money, so the ledger itself keeps the limit
whatever happens at once. See docs/decisions/limits-are-accounts.md.
"""

from kerege.ledger.account import Role
from kerege.ledger.ids import Mark
from kerege.ledger.order import OpenAccount, Order
from kerege.payments.derived import derived_order_id
from kerege.payments.documents import Mandate, Request
from kerege.payments.scene import ALLOWANCE_ASSET

__all__ = ["mandate_allowance", "refundable", "request_allowance"]


def request_allowance(request: Request) -> Order:
    """Opens what may be paid for a request, in all; per payee, so that nobody else's request of
    the same id counts."""
    parts = (request.wallet, request.id, request.asset, str(request.amount))
    opening = _allowance(f"request:{request.id}", request.amount)
    return Order(derived_order_id("request", *parts), (opening,))


def refundable(order: str, leg: int, mark: Mark, amount: int) -> Order:
    """Opens what may be paid back of the `amount` of `mark` that a leg of an order moved."""
    opening = _allowance(f"refundable:{order}:{leg}", amount)
    parts = (order, str(leg), str(mark), str(amount))
    return Order(derived_order_id("refundable", *parts), (opening,))


def mandate_allowance(mandate: Mandate) -> OpenAccount:
    """What a mandate's own order opens: its id is known, for the mandate is asked for by it."""
    return _allowance(f"mandate:{mandate.id}", mandate.total)


def _allowance(owner: str, cap: int) -> OpenAccount:
    return OpenAccount(ALLOWANCE_ASSET, Role.HOLDER, owner, floor=-cap)
