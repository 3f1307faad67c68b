# SPDX-License-Identifier: Apache-2.0
"""Limits as accounts: how much is left of a request, a payment's refunds, a mandate. Pure.

An allowance is a holder account of `ALLOWANCE_ASSET` with the floor `-cap`; what is used goes from
it to the allowance sink in the same order as the money, so the ledger itself keeps the limit
whatever happens at once. See docs/decisions/limits-are-accounts.md.
"""

from kerege.ledger.account import Role
from kerege.ledger.order import MAX_OWNER_CHARACTERS, OpenAccount, Order
from kerege.payments.contract_documents import Contract
from kerege.payments.derived import derived_order_id
from kerege.payments.documents import Mandate, Request
from kerege.payments.earlier import Moved
from kerege.payments.scene import ALLOWANCE_ASSET
from kerege.programmes import Cap, Programme, Route, Source

__all__ = [
    "cap_allowance",
    "contract_allowances",
    "mandate_allowance",
    "refundable",
    "request_allowance",
]


def request_allowance(request: Request) -> Order:
    """Opens what may be paid for a request, in all; per payee, so that nobody else's request of
    the same id counts."""
    parts = (request.wallet, request.id, request.asset, str(request.amount))
    opening = _allowance(f"request:{request.id}", request.amount)
    return Order(derived_order_id("request", *parts), (opening,))


def refundable(order: str, leg: int, moved: Moved) -> Order:
    """Opens what may be paid back of the money that a leg of an order moved."""
    opening = _allowance(f"refundable:{order}:{leg}", moved.amount)
    parts = (order, str(leg), str(moved.mark), str(moved.arrived), str(moved.amount))
    return Order(derived_order_id("refundable", *parts), (opening,))


def cap_allowance(programme: Programme, route: Route, cap: Cap, counted: str) -> Order:
    """Opens what a cap of a programme's version leaves `counted`: wallets' ids, or none."""
    parts = (programme.id, str(programme.version), route.name, cap.name, str(cap.amount), counted)
    opening = _allowance(
        f"cap:{programme.id}:{route.name}:{cap.name}"[:MAX_OWNER_CHARACTERS], cap.amount
    )
    return Order(derived_order_id("cap", *parts), (opening,))


def mandate_allowance(mandate: Mandate) -> OpenAccount:
    """What a mandate's own order opens: its id is known, for the mandate is asked for by it."""
    return _allowance(f"mandate:{mandate.id}", mandate.total)


def contract_allowances(contract: Contract) -> tuple[OpenAccount, ...]:
    """What a contract's own order opens: what may be paid and what may be passed on, then its
    milestones, then its obligations, none of which is met yet."""
    name = contract.id
    return (
        _allowance(f"contract:{name}", contract.cap),
        _allowance(f"subcontracts:{name}", contract.cap),
        *(_allowance(f"milestone:{name}:{one.name}", one.amount) for one in contract.milestones),
        *(_allowance(f"obligation:{name}:{one.name}", 0) for one in contract.obligations),
    )


def claim_allowance(programme: str, claim: str) -> Order:
    """Opens the one time that what is attested may be rewarded, by whichever source."""
    opening = _allowance(f"claim:{programme}:{claim}", 1)
    return Order(derived_order_id("claim", programme, claim), (opening,))


def source_allowance(programme: Programme, source: Source) -> Order:
    """Opens what a source's attestations may release under a programme's version."""
    parts = (programme.id, str(programme.version), source.wallet, source.window, str(source.cap))
    opening = _allowance(f"source:{programme.id}:{source.wallet}", source.cap)
    return Order(derived_order_id("source", *parts), (opening,))


def _allowance(owner: str, cap: int) -> OpenAccount:
    return OpenAccount(ALLOWANCE_ASSET, Role.HOLDER, owner, floor=-cap)
