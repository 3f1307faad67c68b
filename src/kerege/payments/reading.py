# SPDX-License-Identifier: Apache-2.0
"""Reading an accepted order for whom it concerns: which leg each of its steps belongs to, and which
of them passed through an overflow. Pure.

A plan knows its legs, but what the ledger keeps of it are the steps. They tell it all again: a leg
begins where the payer is debited and goes on with whatever leaves the accounts it reached.
"""

from msgspec import Struct

from kerege.ledger.ids import AccountId
from kerege.ledger.order import Kind, Order, Transfer
from kerege.payments.documents import Capture, Document, Pay, Pull, Refund, TopUp
from kerege.payments.earlier import enclosed_pay
from kerege.payments.steps import WHOLE

__all__ = ["StepRole", "roles_of"]


class StepRole(Struct, frozen=True, gc=False):
    """What a step is to its document.

    `leg` is the leg it belongs to, -1 the order as a whole (limits, the payer's fees, a top-up,
    what sponsors pay). `overflow` is the account among the step's two in which a bank takes what
    the payee may not hold, None where neither is.
    """

    leg: int
    overflow: AccountId | None = None


def roles_of(document: Document, order: Order, sink: AccountId) -> tuple[StepRole, ...]:
    """The role of every step of the accepted `order` that `document` was planned into; `sink` is
    where used-up allowances are counted."""
    legs = _legs_of(document, order, sink)
    # Sponsors too give what there is and no more, but outside all legs.
    overflows = {
        (leg, step.debit)
        for leg, step in zip(legs, order.steps, strict=True)
        if leg != WHOLE and isinstance(step, Transfer) and step.kind is Kind.POST_UP_TO
    }
    roles = []
    for leg, step in zip(legs, order.steps, strict=True):
        sides = (step.debit, step.credit) if isinstance(step, Transfer) else ()
        overflow = next((side for side in sides if (leg, side) in overflows), None)
        roles.append(StepRole(leg, overflow))
    return tuple(roles)


def _legs_of(document: Document, order: Order, sink: AccountId) -> list[int]:
    amounts = _amounts_of(document)
    legs = [WHOLE] * len(order.steps)
    payer: AccountId | None = None
    leg, missing = (WHOLE, 0) if amounts else (0, 0)
    reached: set[AccountId] = set()
    for place, step in enumerate(order.steps):
        if not isinstance(step, Transfer) or (place == 0 and isinstance(document, TopUp)):
            continue
        if sink in (step.debit, step.credit):
            # Limits come before the money they are of. After all legs only a sponsor's does, and
            # its gift follows; the sponsor may be a payee as well.
            if (
                step.credit == sink
                and payer is not None
                and leg + 1 == len(amounts)
                and not missing
            ):
                break
            continue
        payer = step.debit if payer is None else payer
        if step.debit == payer:
            # What is released of a hold is of its one leg, however much was taken before.
            if amounts and not missing and step.kind is not Kind.VOID:
                # Whatever the payer pays after the last leg are fees.
                if leg + 1 == len(amounts):
                    break
                leg, missing, reached = leg + 1, amounts[leg + 1], set()
            missing -= step.amount
            legs[place] = leg
            reached.add(step.credit)
        elif step.debit in reached:
            legs[place] = leg
            reached.add(step.credit)
        else:
            break
    return legs


def _amounts_of(document: Document) -> list[int]:
    """What the legs come to, of a document that moves money; nothing of others."""
    match document:
        case TopUp():
            return _amounts_of(enclosed_pay(document))
        case Pay():
            return [leg.amount for leg in document.legs]
        case Pull() | Refund() | Capture():
            return [document.amount]
        case _:
            return []
