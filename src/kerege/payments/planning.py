# SPDX-License-Identifier: Apache-2.0
"""Planning: what a signed document does to the ledger, or why it does nothing. Pure.

The signature was verified, the signer is the document's wallet, the submitter keeps it.
"""

from kerege.ledger import Kind, Transfer
from kerege.payments.documents import Document, Leg, Pay
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Plan, Refused, Scene, WalletFacts

__all__ = ["plan"]


def plan(document: Document, scene: Scene) -> Plan | Refused:
    """The ledger steps of a document; refusals in the order `Refusal` declares them."""
    match document:
        case Pay():
            return _plan_pay(document, scene)
    return Refused(Refusal.NOT_ALLOWED_FOR_KIND)


def _plan_pay(pay: Pay, scene: Scene) -> Plan | Refused:
    payer = scene.wallet(pay.wallet)
    if payer is None:
        return Refused(Refusal.WALLET_UNKNOWN)
    if payer.suspended:
        return Refused(Refusal.WALLET_SUSPENDED)
    if pay.asset not in payer.accounts:
        return Refused(Refusal.ASSET_NOT_HELD)
    steps: list[Transfer] = []
    legs: list[int] = []
    for place, leg in enumerate(pay.legs):
        more = _pay_leg(payer, leg, pay.asset, scene)
        if isinstance(more, Refusal):
            return Refused(more, place)
        steps += more
        legs += [place] * len(more)
    return Plan(tuple(steps), tuple(legs))


def _pay_leg(
    payer: WalletFacts, leg: Leg, asset: str, scene: Scene
) -> tuple[Transfer, ...] | Refusal:
    payee = scene.wallet(leg.to)
    if payee is None:
        return Refusal.PAYEE_UNKNOWN
    if payee.id == payer.id:
        return Refusal.PAYEE_IS_PAYER
    account = payee.accounts.get(asset)
    if account is None:
        return Refusal.PAYEE_DOES_NOT_HOLD_ASSET
    debit = payer.accounts[asset]
    overflow = payee.overflow.get(asset)
    if overflow is None or overflow in (debit, account):
        return (Transfer(debit, account, leg.amount, code=leg.purpose),)
    # All of it reaches the payee's bank; the payee's wallet takes from there what it may hold.
    return (
        Transfer(debit, overflow, leg.amount, code=leg.purpose),
        Transfer(overflow, account, leg.amount, kind=Kind.POST_UP_TO, code=leg.purpose),
    )
