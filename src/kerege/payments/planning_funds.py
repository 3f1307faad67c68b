# SPDX-License-Identifier: Apache-2.0
"""Plans of marking and unmarking: a funder fills its programme, or takes back what it holds. Pure.

Marked money comes from nowhere else (a refund restores what was there), so no programme has more
than its budget: that is an allowance, used up here and given back by what returns.
"""

from kerege.ledger.ids import UNMARKED
from kerege.ledger.order import Transfer
from kerege.payments.documents import Fund, Unfund
from kerege.payments.parties import find_signer
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Plan, Refused, Scene, WalletFacts
from kerege.payments.steps import Steps
from kerege.programmes import ActiveProgramme

__all__ = ["plan_fund", "plan_unfund"]


def plan_fund(fund: Fund, scene: Scene) -> Plan | Refused:
    """Mark money of the funder's own, with the mark of the newest version."""
    found = _find(fund, scene)
    if isinstance(found, Refusal):
        return Refused(found)
    funder, programmes = found
    programme = programmes[-1]
    if programme.suspended:
        return Refused(Refusal.PROGRAMME_SUSPENDED)
    if programme.is_over(scene.now_us):
        return Refused(Refusal.PROGRAMME_OVER, found=scene.now_us, limit=programme.terms.ends_us)
    account = funder.accounts[programme.terms.asset]
    converter = scene.converter(programme.terms.asset)
    steps = Steps()
    steps.end_by(programme.terms.ends_us - 1)
    steps.use_up(programme.budget, scene.allowance_sink, fund.amount, Refusal.PROGRAMME_BUDGET)
    steps.add(Transfer(account, converter, fund.amount))
    steps.add(Transfer(converter, account, fund.amount, programme.mark))
    return steps.plan()


def plan_unfund(unfund: Unfund, scene: Scene) -> Plan | Refused:
    """Unmark what the funder itself holds, oldest version first, suspended or over or not."""
    found = _find(unfund, scene)
    if isinstance(found, Refusal):
        return Refused(found)
    funder, programmes = found
    asset = programmes[0].terms.asset
    account, converter = funder.accounts[asset], scene.converter(asset)
    left = scene.purse(account)
    steps = Steps(chosen=True)
    missing = unfund.amount
    for programme in programmes:
        amount = min(missing, left.get(programme.mark, 0))
        if not amount:
            continue
        missing -= amount
        steps.add(Transfer(account, converter, amount, programme.mark))
        steps.add(Transfer(converter, account, amount, UNMARKED))
        steps.add(Transfer(scene.allowance_sink, programme.budget, amount))
    if missing:
        there = unfund.amount - missing
        rule = f"{unfund.programme}//balance"
        return Refused(Refusal.PROGRAMME_RULE, -1, unfund.amount, there, rule, chosen=True)
    return steps.plan()


def _find(
    document: Fund | Unfund, scene: Scene
) -> tuple[WalletFacts, list[ActiveProgramme]] | Refusal:
    """The funder, who signs, and its programme's marks, oldest first."""
    signer = find_signer(document.wallet, scene)
    if isinstance(signer, Refusal):
        return signer
    programmes = [one for one in scene.programmes.values() if one.terms.id == document.programme]
    if not programmes:
        return Refusal.PROGRAMME_UNKNOWN
    programmes.sort(key=lambda one: one.mark)
    if programmes[-1].terms.funder != signer.id:
        return Refusal.NOT_YOURS
    if programmes[-1].terms.asset not in signer.accounts:
        return Refusal.ASSET_NOT_HELD
    return signer, programmes
