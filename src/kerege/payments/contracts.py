# SPDX-License-Identifier: Apache-2.0
"""Contracts found again: what an accepted one leaves, and what a payment about it must meet. Pure.

A contract's own order opened its allowances (docs/decisions/limits-are-accounts.md): what may still
be paid, what may still be given to subcontractors, what each milestone leaves. An obligation is an
allowance of one that is there while it is met.
"""

from collections.abc import Mapping

from msgspec import Struct

from kerege.ledger.ids import AccountId, parse_order_id
from kerege.ledger.order import Kind, Order, PendingRef, Transfer
from kerege.payments.contract_documents import Contract
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Refused, Scene

__all__ = ["MAX_CONTRACT_DEPTH", "Registered", "chain_of", "find_contract", "unmet_rule"]

MAX_CONTRACT_DEPTH = 8
"""Contracts from the funder's own down to the last: every payment reads all of them."""


class Registered(Struct, frozen=True):
    """An accepted contract and the accounts that its order opened."""

    terms: Contract
    payable: AccountId
    """What may still be paid under it."""
    passable: AccountId
    """What may still be given to subcontractors."""
    milestones: Mapping[str, AccountId]
    obligations: Mapping[str, AccountId]

    def unmet(self, scene: Scene) -> tuple[str, ...]:
        """Names of the obligations that are not met at present."""
        return tuple(
            name for name, account in self.obligations.items() if not scene.spendable(account)
        )

    def reserved(self, order: Order) -> tuple[tuple[PendingRef, Transfer], ...]:
        """What an order of a hold keeps reserved of this contract's allowances."""
        accounts = {self.payable, *self.milestones.values()}
        return tuple(
            (PendingRef(order.id, place), step)
            for place, step in enumerate(order.steps)
            if isinstance(step, Transfer) and step.kind is Kind.PENDING and step.debit in accounts
        )


def find_contract(order: str, scene: Scene) -> Registered | None:
    """The contract an accepted order registered; None if it is another kind, or none at all."""
    past = scene.past(parse_order_id(order))
    if past is None or not isinstance(past.document, Contract):
        return None
    terms = past.document
    accounts = [AccountId(result) for result in past.results]
    ends = 2 + len(terms.milestones)
    return Registered(
        terms,
        accounts[0],
        accounts[1],
        {one.name: account for one, account in zip(terms.milestones, accounts[2:], strict=False)},
        {
            one.name: account
            for one, account in zip(terms.obligations, accounts[ends:], strict=False)
        },
    )


def chain_of(contract: Registered, scene: Scene) -> tuple[Contract, ...]:
    """The contract, the one it hangs under, and so on up to the funder's own."""
    chain = [contract.terms]
    while chain[-1].parent and len(chain) < MAX_CONTRACT_DEPTH:
        above = find_contract(chain[-1].parent, scene)
        if above is None:
            break
        chain.append(above.terms)
    return tuple(chain)


def unmet_rule(contract: Registered, scene: Scene, *, leg: int = 0) -> Refused | None:
    """Why nothing may be paid under a contract at present, with the obligation's name."""
    unmet = contract.unmet(scene)
    if not unmet:
        return None
    rule = f"{contract.terms.programme}/obligations/{unmet[0]}"
    return Refused(Refusal.CONTRACT_OBLIGATION_UNMET, leg, rule=rule)
