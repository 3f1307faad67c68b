# SPDX-License-Identifier: Apache-2.0
"""Plans of payments, of one payee or hundreds, asked for or not. Pure."""

from kerege.ledger.ids import UNMARKED
from kerege.payments.allowances import request_allowance
from kerege.payments.documents import Pay, Request
from kerege.payments.parties import find_payee, find_signer
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Plan, Refused, Scene
from kerege.payments.steps import WHOLE, Steps

__all__ = ["draw_pay", "plan_pay"]


def plan_pay(pay: Pay, scene: Scene) -> Plan | Refused:
    """Every leg, or none; a request is paid once, or by parts up to its amount."""
    steps = Steps()
    refused = draw_pay(pay, scene, steps)
    return refused or steps.plan()


def draw_pay(pay: Pay, scene: Scene, steps: Steps) -> Refused | None:
    """Append a payment's steps: first the request's allowance, then leg after leg."""
    payer = find_signer(pay.wallet, scene, asset=pay.asset)
    if isinstance(payer, Refusal):
        return Refused(payer)
    account = payer.accounts[pay.asset]
    payees = []
    for place, leg in enumerate(pay.legs):
        payee = find_payee(leg.to, scene, payer=pay.wallet, asset=pay.asset)
        if isinstance(payee, Refusal):
            return Refused(payee, place)
        payees.append(payee)
    if pay.request:
        refused = _draw_request(pay, scene, steps)
        if refused is not None:
            return refused
    for place, (leg, payee) in enumerate(zip(pay.legs, payees, strict=True)):
        transfers = ((account, UNMARKED, leg.amount),)
        steps.pay_into(payee, pay.asset, transfers, code=leg.purpose, leg=place)
    return None


def _draw_request(pay: Pay, scene: Scene, steps: Steps) -> Refused | None:
    request = scene.request(pay.request)
    if isinstance(request, Refusal):
        return Refused(request)
    if scene.now_us > request.until_us:
        return Refused(Refusal.REQUEST_EXPIRED, found=scene.now_us, limit=request.until_us)
    if not _answers(pay, request):
        return Refused(Refusal.REQUEST_MISMATCH)
    allowance = scene.allowance(request_allowance(request))
    amount = pay.legs[0].amount
    steps.use_up(allowance, scene.allowance_sink, amount, Refusal.REQUEST_ALREADY_PAID, leg=WHOLE)
    return None


def _answers(pay: Pay, request: Request) -> bool:
    """Whether a payment is what the request asks for: one leg, to whom asks, for what."""
    leg = pay.legs[0]
    asked = (request.wallet, request.asset, request.purpose)
    if len(pay.legs) != 1 or (leg.to, pay.asset, leg.purpose) != asked:
        return False
    return leg.amount <= request.amount if request.parts else leg.amount == request.amount
