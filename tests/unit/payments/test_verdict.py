# SPDX-License-Identifier: Apache-2.0
"""Verdicts: the ledger's outcome in the document's own terms."""

from kerege.ledger.ids import AccountId
from kerege.ledger.order import Transfer
from kerege.ledger.outcome import Outcome
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Plan, Refused
from kerege.payments.verdict import ACCEPTED, Verdict, refused_verdict, verdict_of
from tests.ledgers import order_id

ID = order_id(1)
TEXT = "ord_" + "0" * 31 + "1"
STEP = Transfer(AccountId(1), AccountId(2), 5)
PLAN = Plan(
    (STEP, STEP, STEP), (-1, 0, 1), {(0, LedgerRefusal.EXCEEDS_BALANCE): Refusal.MANDATE_USED_UP}
)


def test_an_accepted_order_keeps_its_figures() -> None:
    outcome = Outcome(ID, number=7, at_us=9, results=(1, 2, 3), replayed=True)
    verdict = verdict_of(outcome, PLAN)
    assert verdict == Verdict(
        order=TEXT, code=ACCEPTED, at_us=9, number=7, amounts=(1, 2, 3), replayed=True
    )
    assert verdict.accepted


def test_a_limits_refusal_stands_for_the_ledgers_at_its_step_only() -> None:
    short = Outcome(ID, LedgerRefusal.EXCEEDS_BALANCE, step=0, found=5, limit=3)
    assert verdict_of(short, PLAN) == Verdict(
        order=TEXT, code="mandate_used_up", step=-1, found=5, limit=3
    )
    later = Outcome(ID, LedgerRefusal.EXCEEDS_BALANCE, step=2, found=5, limit=3)
    assert (verdict_of(later, PLAN).code, verdict_of(later, PLAN).step) == ("exceeds_balance", 1)
    other = Outcome(ID, LedgerRefusal.DEBITS_FROZEN, step=0)
    assert verdict_of(other, PLAN).code == "debits_frozen"


def test_the_order_as_a_whole_has_no_leg() -> None:
    for step in (-1, 3):
        late = Outcome(ID, LedgerRefusal.EXPIRED, step=step, found=2, limit=1)
        assert (verdict_of(late, PLAN).code, verdict_of(late, PLAN).step) == ("expired", -1)


def test_a_refusal_before_the_ledger_is_a_verdict_too() -> None:
    refused = Refused(Refusal.EXCEEDS_HOLD, 1, found=5, limit=4)
    verdict = refused_verdict(ID, refused)
    assert verdict == Verdict(order=TEXT, code="exceeds_hold", step=1, found=5, limit=4)
    assert not verdict.accepted
