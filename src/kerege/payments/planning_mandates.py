# SPDX-License-Identifier: Apache-2.0
"""Plans of mandates: grant, pull now or as a hold, cancel. Pure.

A mandate's order opens its allowance. Cancelling freezes that account, so that a pull which comes
at the same instant is either before it or refused, never in between.
"""

from kerege.ledger.account import Status
from kerege.ledger.order import SetStatus
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments.allowances import mandate_allowance
from kerege.payments.documents import CancelMandate, Mandate, Pull
from kerege.payments.earlier import find_mandate
from kerege.payments.parties import find_payee, find_signer
from kerege.payments.planning_fees import Charged, Fees
from kerege.payments.planning_holds import reserve_rest
from kerege.payments.purse import Leaving, Purse
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Plan, Refused, Scene, WalletFacts
from kerege.payments.steps import Steps
from kerege.payments.vat_drawing import draw_leg

__all__ = ["plan_cancelling", "plan_mandate", "plan_pull"]


def plan_mandate(mandate: Mandate, scene: Scene) -> Plan | Refused:
    """Open what the payee may pull."""
    payer = find_signer(mandate.wallet, scene, asset=mandate.asset)
    if isinstance(payer, Refusal):
        return Refused(payer)
    payee = find_payee(mandate.to, scene, payer=mandate.wallet, asset=mandate.asset)
    if isinstance(payee, Refusal):
        return Refused(payee)
    return _check_end(mandate, scene) or Plan((mandate_allowance(mandate),), (0,))


def plan_pull(pull: Pull, scene: Scene) -> Plan | Refused:
    """Take or reserve money under a mandate, within its limits for once and in all."""
    payee = find_signer(pull.wallet, scene)
    if isinstance(payee, Refusal):
        return Refused(payee)
    found = find_mandate(pull.mandate, scene)
    if found is None:
        return Refused(Refusal.ORDER_NOT_FOUND)
    mandate, allowance = found
    if mandate.to != payee.id:
        return Refused(Refusal.NOT_YOURS)
    refused = _check_terms(pull, mandate, scene)
    if refused is not None:
        return refused
    if pull.decider and scene.wallet(pull.decider) is None:
        return Refused(Refusal.DECIDER_UNKNOWN)
    payer = _find_payer(mandate, payee, scene)
    if isinstance(payer, Refusal):
        return Refused(payer)
    steps = Steps()
    steps.rename(LedgerRefusal.DEBITS_FROZEN, Refusal.MANDATE_ENDED)
    steps.use_up(
        allowance,
        scene.allowance_sink,
        pull.amount,
        Refusal.MANDATE_USED_UP,
        window_s=mandate.window_s,
    )
    return _draw_pull(pull, mandate.asset, payer, payee, scene, steps) or steps.plan()


def plan_cancelling(cancelling: CancelMandate, scene: Scene) -> Plan | Refused:
    """Freeze the mandate's allowance; cancelling twice changes nothing more."""
    signer = find_signer(cancelling.wallet, scene)
    if isinstance(signer, Refusal):
        return Refused(signer)
    found = find_mandate(cancelling.mandate, scene)
    if found is None:
        return Refused(Refusal.ORDER_NOT_FOUND)
    mandate, allowance = found
    if signer.id not in (mandate.wallet, mandate.to):
        return Refused(Refusal.NOT_YOURS)
    return Plan((SetStatus(allowance, Status.DEBITS_FROZEN),), (0,))


def _check_end(mandate: Mandate, scene: Scene) -> Refused | None:
    if mandate.ends_us and scene.now_us >= mandate.ends_us:
        return Refused(Refusal.MANDATE_ENDED, found=scene.now_us, limit=mandate.ends_us)
    return None


def _check_terms(pull: Pull, mandate: Mandate, scene: Scene) -> Refused | None:
    ended = _check_end(mandate, scene)
    if ended is not None:
        return ended
    if pull.amount > mandate.each:
        return Refused(Refusal.MANDATE_EXCEEDS_EACH, found=pull.amount, limit=mandate.each)
    if pull.hold_s and not mandate.holds:
        return Refused(Refusal.MANDATE_HOLDS_NOT_GRANTED)
    return None


def _find_payer(mandate: Mandate, payee: WalletFacts, scene: Scene) -> WalletFacts | Refusal:
    """Who granted the mandate, still able to pay; the payee still able to be paid."""
    paid = find_payee(payee.id, scene, payer=mandate.wallet, asset=mandate.asset)
    if isinstance(paid, Refusal):
        return paid
    return find_signer(mandate.wallet, scene, asset=mandate.asset)


def _draw_pull(
    pull: Pull,
    asset: str,
    payer: WalletFacts,
    payee: WalletFacts,
    scene: Scene,
    steps: Steps,
) -> Refused | None:
    debit = payer.accounts[asset]
    purse = Purse.find(pull, payer, asset, scene)
    if isinstance(purse, Refused):
        return purse
    leaving = Leaving(payee=payee, amount=pull.amount, code=pull.purpose, hold_s=pull.hold_s)
    rest = draw_leg(purse, leaving, asset, steps, scene)
    if isinstance(rest, Refused):
        return rest
    if pull.hold_s:
        reserve_rest(leaving, asset, debit, rest, steps)
        return None
    fees = Fees(scene)
    costs = fees.charge(
        Charged(
            kind="pull",
            asset=asset,
            payer=payer,
            payee=payee,
            purpose=pull.purpose,
            amount=pull.amount,
        )
    )
    steps.pay_rest(payee, asset, (debit, rest), code=pull.purpose, fees=costs)
    return fees.draw(debit, granted=0, steps=steps)
