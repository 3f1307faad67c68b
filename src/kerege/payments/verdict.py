# SPDX-License-Identifier: Apache-2.0
"""The answer to an order document, as it travels from core to bank to wallet. Pure."""

from typing import Final

from msgspec import Struct

from kerege.ledger.ids import OrderId, format_order_id
from kerege.ledger.outcome import Outcome
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Plan, Refused

__all__ = ["ACCEPTED", "Verdict", "refused_verdict", "verdict_of"]

ACCEPTED: Final = "accepted"


class Verdict(Struct, frozen=True, gc=False, omit_defaults=True):
    """What became of an order.

    `code` is `accepted`, a `payments.Refusal` or the ledger's refusal in lower case.

    Accepted: `at_us` its time, `number` its position, `amounts` minor units each ledger step
    moved or reserved (or the account it opened). Refused: `step` the leg at fault (-1: the order),
    `found` and `limit` the figures compared. `order` is empty where the text could not be read.
    `replayed`: the order had been decided before, and this is the first answer.
    """

    order: str
    code: str
    at_us: int = 0
    number: int = 0
    amounts: tuple[int, ...] = ()
    step: int = -1
    found: int = 0
    limit: int = 0
    replayed: bool = False
    note: str = ""
    """Where and what, for a text that could not be read; in English, for developers."""
    rule: str = ""
    """The rule of a programme that kept its money from this: `programme/route/condition`; its words
    are in the programme."""

    @property
    def accepted(self) -> bool:
        """Whether the order took effect."""
        return self.code == ACCEPTED


def verdict_of(outcome: Outcome, plan: Plan) -> Verdict:
    """What the ledger's outcome of a planned order means for its document.

    A refusal met at an allowance's step is the limit's own refusal; `step` becomes the leg.
    """
    order = format_order_id(outcome.order_id)
    if outcome.refusal is None:
        return Verdict(
            order=order,
            code=ACCEPTED,
            at_us=outcome.at_us,
            number=outcome.number,
            amounts=outcome.results,
            replayed=outcome.replayed,
        )
    refusal = plan.renamed.get((outcome.step, outcome.refusal))
    if outcome.refusal is LedgerRefusal.EXPIRED and outcome.limit == plan.until_us:
        refusal = Refusal.PROGRAMME_OVER
    hindered = refusal is Refusal.PROGRAMME_RULE
    # What rules kept from this had to come from unmarked money: figures of the whole payment.
    marked = plan.marked if hindered else 0
    return Verdict(
        order=order,
        code=outcome.refusal.name.lower() if refusal is None else refusal.value,
        step=plan.legs[outcome.step] if 0 <= outcome.step < len(plan.legs) else -1,
        found=outcome.found + marked,
        limit=outcome.limit + marked,
        replayed=outcome.replayed,
        rule=plan.kept.rule() if hindered and plan.kept is not None else "",
    )


def refused_verdict(order_id: OrderId, refused: Refused) -> Verdict:
    """The answer to a document that was refused before the ledger saw it."""
    return Verdict(
        order=format_order_id(order_id),
        code=refused.refusal.value,
        step=refused.step,
        found=refused.found,
        limit=refused.limit,
        rule=refused.rule,
    )
