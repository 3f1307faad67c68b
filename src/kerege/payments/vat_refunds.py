# SPDX-License-Identifier: Apache-2.0
"""What of a refund is VAT, where a payment for an invoice goes back. Pure.

Without a credit note the invoice is owed again: the refund takes VAT back in the share the payment
had it. For a credit note it takes the VAT that the note credited, and nothing is owed again.
"""

from collections.abc import Sequence

from msgspec import Struct

from kerege.ledger.ids import AccountId, Mark
from kerege.payments.documents import Refund
from kerege.payments.earlier import Moved
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Refused, Scene
from kerege.payments.steps import Steps
from kerege.payments.vat_papers import (
    RegisteredCredit,
    RegisteredInvoice,
    Sides,
    find_credit,
    move_sides,
)
from kerege.programmes.vat import vat_part

__all__ = ["Paid", "divide_refund", "is_vat_mark"]


class Paid(Struct, frozen=True, gc=False):
    """What a leg paid of one kind (VAT, or the rest), and what of it was not refunded yet."""

    whole: int
    left: int

    @classmethod
    def find(cls, opened: Sequence[tuple[Moved, AccountId]], scene: Scene) -> "Paid":
        """Of what was moved, and the allowances of refunding it."""
        whole = sum(moved.amount for moved, _ in opened)
        return cls(whole, sum(scene.spendable(allowance) for _, allowance in opened))


def is_vat_mark(mark: Mark, scene: Scene) -> bool:
    """Whether money of a mark is VAT."""
    programme = scene.programmes.get(mark)
    return programme is not None and programme.terms.vat is not None


def divide_refund(
    refund: Refund, paper: RegisteredInvoice, vat: Paid, rest: Paid, scene: Scene, steps: Steps
) -> tuple[int, int] | Refused:
    """The VAT of a refund and its rest; appends what that does to the invoice's accounts."""
    steps.chosen = True
    if refund.amount > (limit := vat.left + rest.left):
        return Refused(Refusal.EXCEEDS_REFUNDABLE, found=refund.amount, limit=limit)
    if not refund.about:
        whole = vat.whole + rest.whole
        part = vat_part(
            refund.amount,
            vat=vat.whole,
            total=whole,
            vat_done=vat.whole - vat.left,
            done=whole - limit,
        )
        _move(paper.paid, paper.owed, part, refund.amount - part, steps, scene)
        return part, refund.amount - part
    credit = find_credit(refund.about, scene)
    if credit is None:
        return Refused(Refusal.ORDER_NOT_FOUND)
    if (credit.terms.invoice, credit.terms.wallet) != (paper.terms.id, refund.wallet):
        return Refused(Refusal.INVOICE_MISMATCH)
    return _divide_by_credit(refund, credit, vat, rest, scene, steps)


def _divide_by_credit(
    refund: Refund, credit: RegisteredCredit, vat: Paid, rest: Paid, scene: Scene, steps: Steps
) -> tuple[int, int] | Refused:
    due_vat, due_net = scene.spendable(credit.due.vat), scene.spendable(credit.due.net)
    most_vat, most_rest = min(due_vat, vat.left), min(due_net, rest.left)
    if refund.amount > (limit := most_vat + most_rest):
        return Refused(Refusal.EXCEEDS_REFUNDABLE, found=refund.amount, limit=limit)
    part = vat_part(refund.amount, vat=due_vat, total=due_vat + due_net, vat_done=0, done=0)
    part = max(min(part, most_vat), refund.amount - most_rest)
    _move(credit.due, None, part, refund.amount - part, steps, scene)
    return part, refund.amount - part


def _move(
    source: Sides, target: Sides | None, vat: int, net: int, steps: Steps, scene: Scene
) -> None:
    refusal = Refusal.EXCEEDS_REFUNDABLE
    sink = scene.allowance_sink
    move_sides(source, target, net=net, vat=vat, refusal=refusal, steps=steps, sink=sink)
