# SPDX-License-Identifier: Apache-2.0
"""Plans of declarations, of claims, and of the authority's run that answers them. Pure.

Every paper is declared once by each side, and every unit of VAT is claimed once: what is claimed
leaves the invoice's account of VAT paid, so it is neither refunded nor claimed again.
"""

from kerege.ledger.account import Role
from kerege.ledger.order import OpenAccount, Order, Transfer
from kerege.payments.derived import derived_order_id
from kerege.payments.parties import find_payee, find_signer
from kerege.payments.refusal import Refusal
from kerege.payments.scene import ALLOWANCE_ASSET, Plan, Refused, Scene
from kerege.payments.steps import WHOLE, Steps
from kerege.payments.vat_documents import VatAnswer, VatClaim, VatClaimRun, VatDeclaration
from kerege.payments.vat_papers import (
    Claimed,
    find_claim,
    find_credit,
    find_declaration,
    find_invoice,
    find_vat,
)
from kerege.programmes import ActiveProgramme

__all__ = ["plan_claim", "plan_claim_run", "plan_declaration"]


def plan_declaration(declaration: VatDeclaration, scene: Scene) -> Plan | Refused:
    """Declare papers of a period, each once by each side; their VAT must be what is said."""
    signer = find_signer(declaration.wallet, scene)
    if isinstance(signer, Refusal):
        return Refused(signer)
    programme = find_vat(scene, name=declaration.programme)
    if isinstance(programme, Refusal):
        return Refused(programme)
    if not signer.vat:
        return Refused(Refusal.VAT_NOT_REGISTERED)
    sums = {}
    for side, papers in (("issued", declaration.issued), ("received", declaration.received)):
        sums[side] = 0
        for order in papers:
            vat = _declared_vat(order, side, declaration, programme, scene)
            if isinstance(vat, Refused):
                return vat
            sums[side] += vat
    said = declaration.vat_issued, declaration.vat_received
    for told, added in zip(said, sums.values(), strict=True):
        if told != added:
            return Refused(Refusal.DECLARATION_WRONG, found=told, limit=added)
    return _declaring(declaration, scene)


def _declared_vat(
    order: str, side: str, declaration: VatDeclaration, programme: ActiveProgramme, scene: Scene
) -> int | Refused:
    """The VAT of a paper of the declarer's, in the period; a credit note's below zero."""
    paper, sign = find_invoice(order, scene), 1
    date_us = 0 if paper is None else paper.terms.date_us
    lines = () if paper is None else paper.terms.lines
    if paper is None:
        credit, sign = find_credit(order, scene), -1
        if credit is None:
            return Refused(Refusal.ORDER_NOT_FOUND)
        paper = find_invoice(credit.terms.invoice, scene)
        if paper is None:
            return Refused(Refusal.ORDER_NOT_FOUND)
        date_us, lines = credit.terms.date_us, credit.terms.lines
    party = paper.terms.wallet if side == "issued" else paper.terms.buyer
    if party != declaration.wallet or paper.terms.asset != programme.terms.asset:
        return Refused(Refusal.DECLARATION_WRONG)
    if not declaration.from_us <= date_us < declaration.to_us:
        return Refused(Refusal.DECLARATION_WRONG)
    return sign * sum(line.vat for line in lines)


def _declaring(declaration: VatDeclaration, scene: Scene) -> Plan:
    steps = Steps()
    payable = abs(declaration.vat_issued - declaration.vat_received)
    owner = f"declaration:{declaration.id}"
    steps.add(OpenAccount(ALLOWANCE_ASSET, Role.HOLDER, owner, floor=-payable))
    for side, papers in (("issued", declaration.issued), ("received", declaration.received)):
        for order in papers:
            parts = (side, order)
            opening = OpenAccount(ALLOWANCE_ASSET, Role.HOLDER, f"{side}:{order}", floor=-1)
            once = scene.allowance(Order(derived_order_id("vat-declared", *parts), (opening,)))
            steps.use_up(once, scene.allowance_sink, 1, Refusal.ALREADY_DECLARED)
    return steps.plan()


def plan_claim(claim: VatClaim, scene: Scene) -> Plan | Refused:
    """Claim VAT paid on invoices of the signer's declaration, at most what that says."""
    signer = find_signer(claim.wallet, scene)
    if isinstance(signer, Refusal):
        return Refused(signer)
    paper = find_declaration(claim.declaration, scene)
    if paper is None:
        return Refused(Refusal.ORDER_NOT_FOUND)
    if paper.terms.wallet != signer.id:
        return Refused(Refusal.NOT_YOURS)
    invoices = [line.invoice for line in claim.lines]
    added = sum(line.vat for line in claim.lines)
    if added != claim.amount or len(set(invoices)) < len(invoices):
        return Refused(Refusal.CLAIM_MISMATCH, found=claim.amount, limit=added)
    if not set(invoices) <= set(paper.terms.received):
        return Refused(Refusal.CLAIM_MISMATCH)
    if paper.payable >= 0:
        return Refused(Refusal.CLAIM_EXCEEDS_PAID, found=claim.amount)
    steps = Steps()
    steps.add(OpenAccount(ALLOWANCE_ASSET, Role.HOLDER, f"claim:{claim.id}", floor=-1))
    sink, refusal = scene.allowance_sink, Refusal.CLAIM_EXCEEDS_PAID
    steps.use_up(paper.open, sink, claim.amount, refusal, leg=WHOLE)
    for place, line in enumerate(claim.lines):
        invoice = find_invoice(line.invoice, scene)
        if invoice is None:
            return Refused(Refusal.CLAIM_MISMATCH, place)
        steps.use_up(invoice.paid.vat, sink, line.vat, refusal, leg=place)
    return steps.plan()


def plan_claim_run(run: VatClaimRun, scene: Scene) -> Plan | Refused:
    """Pay claims out of the authority's money, but for their refused lines, which may be claimed
    again."""
    programme = find_vat(scene, name=run.programme)
    if isinstance(programme, Refusal):
        return Refused(programme)
    authority = find_signer(run.wallet, scene, asset=programme.terms.asset)
    if isinstance(authority, Refusal):
        return Refused(authority)
    if programme.terms.funder != authority.id:
        return Refused(Refusal.NOT_YOURS)
    steps = Steps()
    source = authority.accounts[programme.terms.asset]
    for place, answer in enumerate(run.answers):
        paper = find_claim(answer.claim, scene)
        if paper is None:
            return Refused(Refusal.ORDER_NOT_FOUND, place)
        asset = programme.terms.asset
        claimant = find_payee(paper.terms.wallet, scene, payer=authority.id, asset=asset)
        if isinstance(claimant, Refusal):
            return Refused(claimant, place)
        refused = _draw_answer(answer, paper, place, steps, scene)
        if refused is not None:
            return refused
        if answer.amount:
            steps.pay_into(claimant, asset, ((source, answer.amount),), code=0, leg=place)
    return steps.plan()


def _draw_answer(
    answer: VatAnswer, paper: Claimed, place: int, steps: Steps, scene: Scene
) -> Refused | None:
    """Use up the claim's one answer, and give back what its refused lines had taken."""
    claimed = {line.invoice: line.vat for line in paper.terms.lines}
    refused = [line.invoice for line in answer.refused]
    if len(set(refused)) < len(refused) or not claimed.keys() >= set(refused):
        return Refused(Refusal.CLAIM_MISMATCH, place)
    paid = sum(vat for invoice, vat in claimed.items() if invoice not in refused)
    if answer.amount != paid:
        return Refused(Refusal.CLAIM_MISMATCH, place, answer.amount, paid)
    sink = scene.allowance_sink
    steps.use_up(paper.answer, sink, 1, Refusal.CLAIM_ANSWERED, leg=place)
    declaration = find_declaration(paper.terms.declaration, scene)
    for order in refused:
        invoice = find_invoice(order, scene)
        if invoice is None or declaration is None:
            return Refused(Refusal.CLAIM_MISMATCH, place)
        steps.add(Transfer(sink, invoice.paid.vat, claimed[order]), place)
        steps.add(Transfer(sink, declaration.open, claimed[order]), place)
    return None
