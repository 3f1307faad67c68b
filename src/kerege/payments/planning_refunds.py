# SPDX-License-Identifier: Apache-2.0
"""Plans of refunds: a paid leg backwards, mark by mark. Pure.

Each mark of the leg has an allowance of what was paid in it, so neither the leg nor any mark in it
is ever paid back more than once, however many refunds are sent at once. Fees stay paid.
"""

from msgspec import Struct

from kerege.ledger.ids import AccountId, Mark
from kerege.payments.allowances import refundable
from kerege.payments.documents import Refund
from kerege.payments.earlier import Settled, find_settled
from kerege.payments.parties import find_payee, find_signer
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Plan, Refused, Scene
from kerege.payments.steps import Steps

__all__ = ["plan_refund"]


class _Share(Struct, frozen=True, gc=False):
    """What goes back in one mark, and the allowance it uses up."""

    mark: Mark
    allowance: AccountId
    amount: int


def plan_refund(refund: Refund, scene: Scene) -> Plan | Refused:
    """Pay back (a part of) one leg of a payment, a capture or a pull; of a refund never."""
    signer = find_signer(refund.wallet, scene)
    if isinstance(signer, Refusal):
        return Refused(signer)
    settled = find_settled(refund.order, refund.leg, scene)
    if settled is None:
        return Refused(Refusal.ORDER_NOT_FOUND)
    if settled.payee != signer.id:
        return Refused(Refusal.NOT_YOURS)
    account = signer.accounts.get(settled.asset)
    if account is None:
        return Refused(Refusal.ASSET_NOT_HELD)
    payer = find_payee(settled.payer, scene, payer=signer.id, asset=settled.asset)
    if isinstance(payer, Refusal):
        return Refused(payer)
    shares = _shares(refund, settled, scene)
    if isinstance(shares, Refused):
        return shares
    steps = Steps()
    for share in shares:
        sink = scene.allowance_sink
        steps.use_up(share.allowance, sink, share.amount, Refusal.EXCEEDS_REFUNDABLE)
        back = ((account, share.mark, share.amount),)
        steps.pay_into(payer, settled.asset, back, code=settled.purpose)
    return steps.plan()


def _shares(refund: Refund, settled: Settled, scene: Scene) -> tuple[_Share, ...] | Refused:
    """Which marks go back: what was paid last goes back first."""
    paid: dict[Mark, int] = {}
    for moved in settled.moved:
        paid[moved.mark] = paid.get(moved.mark, 0) + moved.amount
    if refund.amount > (limit := sum(paid.values())):
        return Refused(Refusal.EXCEEDS_REFUNDABLE, found=refund.amount, limit=limit)
    opened = {
        mark: scene.allowance(refundable(refund.order, refund.leg, mark, amount))
        for mark, amount in paid.items()
    }
    if len(paid) == 1:
        ((mark, allowance),) = opened.items()
        return (_Share(mark, allowance, refund.amount),)
    left = {mark: scene.spendable(allowance) for mark, allowance in opened.items()}
    if refund.amount > (limit := sum(left.values())):
        return Refused(Refusal.EXCEEDS_REFUNDABLE, found=refund.amount, limit=limit)
    return tuple(_backwards(refund.amount, left, opened))


def _backwards(amount: int, left: dict[Mark, int], opened: dict[Mark, AccountId]) -> list[_Share]:
    shares = []
    for mark in reversed(left):
        taken = min(amount, left[mark])
        if taken:
            shares.append(_Share(mark, opened[mark], taken))
        amount -= taken
    return shares
