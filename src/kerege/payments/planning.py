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
    Document,
    Fund,
    Hold,
    Mandate,
    Pay,
    Pull,
    Refund,
    Release,
    TopUp,
    Unfund,
)
from kerege.payments.planning_contracts import plan_attest, plan_contract
from kerege.payments.planning_funds import plan_fund, plan_unfund
from kerege.payments.planning_holds import plan_capture, plan_hold, plan_release
from kerege.payments.planning_mandates import plan_cancelling, plan_mandate, plan_pull
from kerege.payments.planning_pay import plan_pay
from kerege.payments.planning_refunds import plan_refund
from kerege.payments.planning_topup import plan_topup
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
        case TopUp():
            return plan_topup(document, scene)
    return Refused(Refusal.NOT_ALLOWED_FOR_KIND)
