# SPDX-License-Identifier: Apache-2.0
"""Planning: what a signed document does to the ledger, or why it does nothing. Pure.

The signature was verified, the signer is the document's wallet, the submitter keeps it. One file
for each family of documents; opening, amending and moving wallets is the register's.
"""

from kerege.payments.documents import (
    Attest,
    CancelMandate,
    Capture,
    Contract,
    CreditNote,
    Document,
    Fund,
    Hold,
    Invoice,
    Mandate,
    Pay,
    Pull,
    Refund,
    Release,
    Reward,
    TopUp,
    Unfund,
    VatClaim,
    VatClaimRun,
    VatDeclaration,
)
from kerege.payments.planning_contracts import plan_attest, plan_contract
from kerege.payments.planning_funds import plan_fund, plan_unfund
from kerege.payments.planning_holds import plan_capture, plan_hold, plan_release
from kerege.payments.planning_invoices import plan_credit_note, plan_invoice
from kerege.payments.planning_mandates import plan_cancelling, plan_mandate, plan_pull
from kerege.payments.planning_pay import plan_pay
from kerege.payments.planning_refunds import plan_refund
from kerege.payments.planning_rewards import plan_reward
from kerege.payments.planning_topup import plan_topup
from kerege.payments.planning_vat import plan_claim, plan_claim_run, plan_declaration
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Plan, Refused, Scene

__all__ = ["plan"]


def plan(document: Document, scene: Scene) -> Plan | Refused:
    """The ledger steps of a document, or the first refusal that applies."""
    match document:
        case Pay():
            return plan_pay(document, scene)
        case Hold():
            return plan_hold(document, scene)
        case Capture():
            return plan_capture(document, scene)
        case Release():
            return plan_release(document, scene)
        case Refund():
            return plan_refund(document, scene)
        case Mandate():
            return plan_mandate(document, scene)
        case Pull():
            return plan_pull(document, scene)
        case CancelMandate():
            return plan_cancelling(document, scene)
        case Fund():
            return plan_fund(document, scene)
        case Unfund():
            return plan_unfund(document, scene)
        case Contract():
            return plan_contract(document, scene)
        case Attest():
            return plan_attest(document, scene)
        case Reward():
            return plan_reward(document, scene)
        case TopUp():
            return plan_topup(document, scene)
        case Invoice():
            return plan_invoice(document, scene)
        case CreditNote():
            return plan_credit_note(document, scene)
        case VatDeclaration():
            return plan_declaration(document, scene)
        case VatClaim():
            return plan_claim(document, scene)
        case VatClaimRun():
            return plan_claim_run(document, scene)
    return Refused(Refusal.NOT_ALLOWED_FOR_KIND)
