# SPDX-License-Identifier: Apache-2.0
"""Plans of payments, of one payee or hundreds, asked for or not. Pure."""

from kerege.ledger.order import Transfer
from kerege.payments.allowances import request_allowance
from kerege.payments.documents import Leg, Pay, Request
from kerege.payments.parties import find_payee, find_signer
from kerege.payments.planning_fees import Charged, Fees
from kerege.payments.purse import Leaving, Purse
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Plan, Refused, Scene, WalletFacts
from kerege.payments.steps import WHOLE, Steps
from kerege.payments.vat_drawing import draw_leg

__all__ = ["draw_pay", "plan_pay"]

_LEG = (0,)


def plan_pay(pay: Pay, scene: Scene) -> Plan | Refused:
    """Every leg, or none; a request is paid once, or by parts up to its amount."""
    if len(pay.legs) == 1 and not (pay.request or pay.spend or pay.about or scene.fees.rules):
        return _plan_single(pay, pay.legs[0], scene)
    steps = Steps()
    refused = draw_pay(pay, scene, steps)
    return refused or steps.plan()


def _plan_single(pay: Pay, leg: Leg, scene: Scene) -> Plan | Refused:
    """What most payments are, without the machinery the others need."""
    payer = find_signer(pay.wallet, scene, asset=pay.asset)
    if isinstance(payer, Refusal):
        return Refused(payer)
    payee = find_payee(leg.to, scene, payer=pay.wallet, asset=pay.asset)
    if isinstance(payee, Refusal):
        return Refused(payee, 0)
    debit = payer.accounts[pay.asset]
    rest, steps = leg.amount, Steps()
    if scene.purse(debit):
        purse = Purse(pay, payer, pay.asset, None, scene)
        drawn = purse.draw(Leaving(payee=payee, amount=leg.amount, code=leg.purpose), steps)
        if isinstance(drawn, Refused):
            return drawn
        rest = drawn
    elif pay.asset not in payee.overflow:
        credit = payee.accounts[pay.asset]
        return Plan((Transfer(debit, credit, leg.amount, code=leg.purpose),), _LEG)
    steps.pay_rest(payee, pay.asset, (debit, rest), code=leg.purpose)
    return steps.plan()


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
    purse = Purse.find(pay, payer, pay.asset, scene)
    if isinstance(purse, Refused):
        return purse
    fees = Fees(scene)
    for place, (leg, payee) in enumerate(zip(pay.legs, payees, strict=True)):
        leaving = Leaving(payee=payee, amount=leg.amount, code=leg.purpose, place=place)
        rest = draw_leg(purse, leaving, pay.asset, steps, scene)
        if isinstance(rest, Refused):
            return rest
        costs = fees.charge(_charged(pay.asset, payer, payee, leg))
        steps.pay_rest(
            leaving.payee, pay.asset, (account, rest), code=leg.purpose, fees=costs, leg=place
        )
    return fees.draw(account, granted=pay.max_fee, steps=steps)


def _charged(asset: str, payer: WalletFacts, payee: WalletFacts, leg: Leg) -> Charged:
    return Charged(
        kind="pay",
        asset=asset,
        payer=payer,
        payee=payee,
        purpose=leg.purpose,
        amount=leg.amount,
    )


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
