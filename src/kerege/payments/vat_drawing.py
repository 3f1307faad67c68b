# SPDX-License-Identifier: Apache-2.0
"""Paying for an invoice or a declaration: the VAT of a payment is split off and marked. Pure.

The VAT part is paid by the payer's VAT money first, which stays marked; what that does not cover is
paid from unmarked money and marked on its way. The rest is a payment like any other. What is open
was read for this batch: overtaken, the plan is made again, and the accounts of the invoice see to
it that in the end exactly its VAT is marked.
"""

from kerege.ledger.order import Transfer
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments.purse import Leaving, Purse
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Refused, Scene
from kerege.payments.steps import Steps
from kerege.payments.vat_papers import DeclarationPaper, InvoicePaper, find_vat
from kerege.programmes.vat import vat_part

__all__ = ["draw_leg"]


def draw_leg(
    purse: Purse, leaving: Leaving, asset: str, steps: Steps, scene: Scene
) -> int | Refused:
    """Append what programmes pay of a leg, and the VAT in it; returns what is left for unmarked
    money, in minor units of `asset`."""
    match purse.paper:
        case InvoicePaper() as paper:
            return _draw_invoice(paper, purse, leaving, asset, steps, scene)
        case DeclarationPaper() as paper:
            return _draw_declaration(paper, purse, leaving, asset, steps, scene)
    return purse.draw(leaving, steps)


def _draw_invoice(
    paper: InvoicePaper,
    purse: Purse,
    leaving: Leaving,
    asset: str,
    steps: Steps,
    scene: Scene,
) -> int | Refused:
    place, amount = leaving.place, leaving.amount
    if place or asset != paper.invoice.asset:
        return Refused(Refusal.INVOICE_MISMATCH, place)
    if not paper.invoiced(purse.payer.id, leaving.payee.id):
        return Refused(Refusal.INVOICE_MISMATCH, place)
    if leaving.hold_s:
        return Refused(Refusal.INVOICE_NOT_RESERVED, place)
    vat = _use_up_invoice(paper, leaving, steps, scene)
    if isinstance(vat, Refused):
        return vat
    if vat:
        refused = _draw_vat(purse, _part(leaving, vat, is_vat=True), asset, steps, scene)
        if refused is not None:
            return refused
    return purse.draw(_part(leaving, amount - vat, is_vat=False), steps)


def _part(leaving: Leaving, amount: int, *, is_vat: bool) -> Leaving:
    return Leaving(
        payee=leaving.payee, amount=amount, code=leaving.code, place=leaving.place, vat=is_vat
    )


def _use_up_invoice(
    paper: InvoicePaper, leaving: Leaving, steps: Steps, scene: Scene
) -> int | Refused:
    """Move what is paid from owed to paid; returns how much of it is VAT."""
    owed_net, owed_vat = scene.spendable(paper.owed.net), scene.spendable(paper.owed.vat)
    paid_net, paid_vat = scene.spendable(paper.paid.net), scene.spendable(paper.paid.vat)
    amount, owed, paid = leaving.amount, owed_net + owed_vat, paid_net + paid_vat
    if amount > owed:
        return Refused(Refusal.INVOICE_ALREADY_PAID, leaving.place, amount, owed)
    vat = vat_part(amount, vat=owed_vat + paid_vat, total=owed + paid, vat_done=paid_vat, done=paid)
    steps.chosen = True
    for used, debit, credit in (
        (amount - vat, paper.owed.net, paper.paid.net),
        (vat, paper.owed.vat, paper.paid.vat),
    ):
        if used:
            steps.use_up(debit, credit, used, Refusal.INVOICE_ALREADY_PAID, leg=leaving.place)
    return vat


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
    sink, refusal = scene.allowance_sink, Refusal.PROGRAMME_BUDGET
    steps.use_up(programme.budget, sink, rest, refusal, leg=place)
    if steps.rule:
        steps.rename(LedgerRefusal.EXCEEDS_BALANCE, Refusal.PROGRAMME_RULE)
    steps.add(Transfer(payer, converter, rest, code=code), place)
    steps.add(Transfer(converter, supplier, rest, programme.mark, code=code), place)
    return None


def _draw_declaration(
    paper: DeclarationPaper,
    purse: Purse,
    leaving: Leaving,
    asset: str,
    steps: Steps,
    scene: Scene,
) -> int | Refused:
    """Pay what a declaration owes to the budget, VAT money first."""
    place, amount = leaving.place, leaving.amount
    programme = find_vat(scene, name=paper.declaration.programme)
    if isinstance(programme, Refusal):
        return Refused(programme, place)
    owed = (paper.declaration.wallet, programme.terms.funder, programme.terms.asset)
    if (purse.payer.id, leaving.payee.id, asset) != owed or leaving.hold_s:
        return Refused(Refusal.INVOICE_MISMATCH, place)
    if paper.payable <= 0:
        return Refused(Refusal.DECLARATION_ALREADY_PAID, place, amount, 0)
    steps.use_up(
        paper.open, scene.allowance_sink, amount, Refusal.DECLARATION_ALREADY_PAID, leg=place
    )
    return purse.draw(leaving, steps)
