# SPDX-License-Identifier: Apache-2.0
"""Taking what a hold under a contract reserved for an invoice: its VAT and the rest apart. Pure.

Of what is taken of a hold the VAT is the rounded share of all of it, and is marked now, with the
mark that is in force now. It is taken once: what stayed reserved after it could not be told apart.
"""

from collections.abc import Sequence

from kerege.ledger.ids import UNMARKED
from kerege.ledger.order import Kind, Transfer
from kerege.payments.earlier import Reserved, ReservedPart
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Refused, Scene, WalletFacts
from kerege.payments.steps import WHOLE, Steps
from kerege.payments.vat_papers import find_invoice, find_vat
from kerege.payments.vat_refunds import is_vat_mark
from kerege.programmes.vat import vat_part

__all__ = ["is_over", "mark_vat", "resolving", "taken_of", "takings_of", "use_owed"]


def is_over(part: ReservedPart, scene: Scene) -> bool:
    """Whether a part is money of a programme that is over: its funder's by now."""
    programme = scene.programmes.get(part.transfer.mark)
    return programme is not None and programme.is_over(scene.now_us)


def taken_of(amount: int, holds: Sequence[Reserved], scene: Scene) -> list[int]:
    """How much is taken of each hold where `amount` is taken of them in turn."""
    taken = []
    for hold in holds:
        there = sum(part.transfer.amount for part in hold.parts if not is_over(part, scene))
        taken.append(min(amount, there))
        amount -= taken[-1]
    return taken


def takings_of(
    amount: int, holds: Sequence[Reserved], scene: Scene
) -> list[tuple[ReservedPart, int]]:
    """How much of each part is taken where `amount` is taken of holds in turn: of each in the order
    its parts have, but of its VAT no more than its share, and nothing of a programme that is over.
    It comes to less than `amount` where VAT or the rest is over and its share is missing."""
    takings: list[tuple[ReservedPart, int]] = []
    for hold, taken in zip(holds, taken_of(amount, holds, scene), strict=True):
        vat = _vat_of(hold, taken, scene)
        left = {True: vat, False: taken - vat}
        for part in hold.parts:
            is_vat = bool(hold.invoice) and _is_vat(part, hold, scene)
            some = 0 if is_over(part, scene) else min(left[is_vat], part.transfer.amount)
            left[is_vat] -= some
            takings.append((part, some))
    return takings


def _vat_of(hold: Reserved, taken: int, scene: Scene) -> int:
    """The VAT in what is taken of a hold."""
    if not hold.invoice or not taken:
        return 0
    vat = sum(part.transfer.amount for part in hold.parts if _is_vat(part, hold, scene))
    return vat_part(taken, vat=vat, total=hold.amount, vat_done=0, done=0)


def _is_vat(part: ReservedPart, hold: Reserved, scene: Scene) -> bool:
    """VAT money, or what becomes VAT money: other unmarked money waits for the payee itself."""
    step = part.transfer
    if step.mark == UNMARKED:
        return step.credit == scene.converter(hold.asset)
    return is_vat_mark(step.mark, scene)


def use_owed(
    amount: int, holds: Sequence[Reserved], steps: Steps, *, keep: bool, scene: Scene
) -> Refused | None:
    """What is taken is paid for the invoice, the rest is owed again."""
    if keep and any(hold.invoice for hold in holds):
        return Refused(Refusal.INVOICE_TAKEN_ONCE)
    for hold, taken in zip(holds, taken_of(amount, holds, scene), strict=True):
        paper = find_invoice(hold.invoice, scene) if hold.invoice else None
        if paper is None:
            continue
        vat = _vat_of(hold, taken, scene)
        for part in hold.owed:
            is_vat = part.transfer.debit == paper.owed.vat
            some = vat if is_vat else taken - vat
            kind = Kind.CAPTURE if some else Kind.VOID
            steps.add(resolving(part, kind, some), WHOLE)
            if some:
                credit = paper.paid.vat if is_vat else paper.paid.net
                steps.add(Transfer(scene.allowance_sink, credit, some), WHOLE)
    return None


def mark_vat(
    hold: Reserved,
    takings: Sequence[tuple[ReservedPart, int]],
    payee: WalletFacts,
    steps: Steps,
    scene: Scene,
) -> Refused | None:
    """Take what becomes VAT money, and mark it on its way to the payee, who must be registered for
    VAT still."""
    for part, taken in takings:
        if not hold.invoice or not taken or not _is_vat(part, hold, scene):
            continue
        if not payee.vat:
            return Refused(Refusal.VAT_NOT_REGISTERED)
        step = part.transfer
        if step.mark != UNMARKED:
            continue
        programme = find_vat(scene, asset=hold.asset)
        if isinstance(programme, Refusal):
            return Refused(programme)
        steps.use_up(programme.budget, scene.allowance_sink, taken, Refusal.PROGRAMME_BUDGET)
        steps.add(resolving(part, Kind.CAPTURE, taken))
        home = payee.accounts[hold.asset]
        steps.add(Transfer(step.credit, home, taken, programme.mark, code=step.code))
    return None


def resolving(part: ReservedPart, kind: Kind, amount: int) -> Transfer:
    """Take `amount` of what is pending, or give it back."""
    made = part.transfer
    return Transfer(
        made.debit, made.credit, amount, made.mark, kind=kind, code=made.code, pending=part.ref
    )
