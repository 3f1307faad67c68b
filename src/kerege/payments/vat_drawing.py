# SPDX-License-Identifier: Apache-2.0
"""Paying for an invoice or a declaration: the VAT of a payment is split off and marked. Pure.

A hold under a contract reserves the same split: its VAT waits where marks change, and is marked
when it is taken (see `kerege.payments.billed_holds`).

The VAT part is paid by the payer's VAT money first, which stays marked; what that does not cover is
paid from unmarked money and marked on its way. The rest is a payment like any other. What is open
was read for this batch: overtaken, the plan is made again, and the accounts of the invoice see to
it that in the end exactly its VAT is marked.
"""

from msgspec.structs import replace

from kerege.ledger.order import Kind, Transfer
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments.billed_contract import BilledContract
from kerege.payments.purse import Leaving, Purse
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Refused, Scene
from kerege.payments.steps import Steps
from kerege.payments.vat_paper import DeclarationPaper, InvoicePaper
from kerege.payments.vat_papers import find_vat

__all__ = ["draw_leg"]


def draw_leg(
    purse: Purse, leaving: Leaving, asset: str, steps: Steps, scene: Scene
) -> int | Refused:
    """Append what programmes pay of a leg, and the VAT in it; returns what is left for unmarked
    money, in minor units of `asset`."""
    paper = purse.paper
    if not isinstance(paper, InvoicePaper | BilledContract | DeclarationPaper):
        return purse.draw(leaving, steps)
    if asset != paper.asset:
        return Refused(Refusal.INVOICE_MISMATCH, leaving.place)
    if isinstance(paper, DeclarationPaper):
        return purse.draw(leaving, steps)
    return _draw_invoice(paper, purse, leaving, asset, steps, scene)


def _draw_invoice(
    paper: InvoicePaper | BilledContract,
    purse: Purse,
    leaving: Leaving,
    asset: str,
    steps: Steps,
    scene: Scene,
) -> int | Refused:
    refused = purse.use_paper(paper, leaving, steps)
    if refused is not None:
        return refused
    vat = paper.vat_in(leaving.amount)
    if isinstance(vat, Refused):
        return vat
    if vat:
        refused = _draw_vat(purse, _part(leaving, vat, is_vat=True), asset, steps, scene)
        if refused is not None:
            return refused
    net = leaving.amount - vat
    return purse.draw(_part(leaving, net, is_vat=False), steps) if net else 0


def _part(leaving: Leaving, amount: int, *, is_vat: bool) -> Leaving:
    return replace(leaving, amount=amount, vat=is_vat)


def _draw_vat(
    purse: Purse, leaving: Leaving, asset: str, steps: Steps, scene: Scene
) -> Refused | None:
    programme = find_vat(scene, asset=asset)
    if isinstance(programme, Refusal):
        return Refused(programme, leaving.place)
    if not leaving.payee.vat:
        return Refused(Refusal.VAT_NOT_REGISTERED, leaving.place)
    rest = purse.draw(leaving, steps)
    if isinstance(rest, Refused):
        return rest
    if not rest:
        return None
    payer, supplier = purse.payer.accounts[asset], leaving.payee.accounts[asset]
    converter, place, code = scene.converter(asset), leaving.place, leaving.code
    if leaving.hold_s:
        _let_wait(steps, Transfer(payer, converter, rest, code=code), leaving)
        return None
    sink, refusal = scene.allowance_sink, Refusal.PROGRAMME_BUDGET
    steps.use_up(programme.budget, sink, rest, refusal, leg=place)
    steps.end_by(programme.terms.ends_us - 1)
    if steps.kept is not None:
        steps.rename(LedgerRefusal.EXCEEDS_BALANCE, Refusal.PROGRAMME_RULE)
    steps.add(Transfer(payer, converter, rest, code=code), place)
    steps.add(Transfer(converter, supplier, rest, programme.mark, code=code), place)
    return None


def _let_wait(steps: Steps, marking: Transfer, leaving: Leaving) -> None:
    """Reserve what is to be marked once it is taken."""
    if steps.kept is not None:
        steps.rename(LedgerRefusal.EXCEEDS_BALANCE, Refusal.PROGRAMME_RULE)
    steps.add(replace(marking, kind=Kind.PENDING, timeout_s=leaving.hold_s), leaving.place)
