# SPDX-License-Identifier: Apache-2.0
"""Plans of top-ups: a bank fills its customer's wallet for one payment, both or neither. Pure.

The order has the payment's id: sent as a top-up or by itself, the payment happens once.
"""

from kerege.ledger.order import Transfer
from kerege.payments.documents import Pay, TopUp
from kerege.payments.parties import find_signer
from kerege.payments.planning_pay import draw_pay
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Plan, Refused, Scene
from kerege.payments.steps import WHOLE, Steps

__all__ = ["plan_topup"]

_BANK = "bank"
"""The kind of owner that may top up."""


def plan_topup(topup: TopUp, scene: Scene) -> Plan | Refused:
    """First the bank's money, then the payment's own steps."""
    bank = find_signer(topup.wallet, scene, asset=topup.asset)
    if isinstance(bank, Refusal):
        return Refused(bank)
    pay = scene.payment(topup.pay)
    if isinstance(pay, Refusal):
        return Refused(pay)
    customer = find_signer(pay.wallet, scene, asset=pay.asset)
    if isinstance(customer, Refusal):
        return Refused(customer)
    if customer.bank != bank.bank:
        return Refused(Refusal.WALLET_KEPT_ELSEWHERE)
    if not _fits(topup, pay):
        return Refused(Refusal.TOPUP_MISMATCH)
    if bank.owner_kind != _BANK:
        return Refused(Refusal.NOT_ALLOWED_FOR_KIND)
    steps = Steps()
    debit, credit = bank.accounts[topup.asset], customer.accounts[topup.asset]
    steps.add(Transfer(debit, credit, topup.amount), WHOLE)
    refused = draw_pay(pay, scene, steps)
    return refused or steps.plan()


def _fits(topup: TopUp, pay: Pay) -> bool:
    """Whether both speak of one payment. The top-up's times, which the ledger holds to, must lie
    within the payment's; it never brings more than the payment takes."""
    named = (topup.id, topup.asset) == (pay.id, pay.asset) and topup.wallet != pay.wallet
    timed = topup.until_us <= pay.until_us and topup.after_us >= pay.after_us
    whole = sum(leg.amount for leg in pay.legs) + pay.max_fee
    return named and timed and topup.amount <= whole
