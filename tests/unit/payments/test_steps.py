# SPDX-License-Identifier: Apache-2.0
"""Steps of a plan: where money lands, what brings it onwards, what a refusal is called."""

from kerege.ledger.ids import AccountId
from kerege.ledger.order import Kind, Transfer
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments.ids import ParticipantId, WalletId
from kerege.payments.refusal import Refusal
from kerege.payments.scene import WalletFacts
from kerege.payments.steps import WHOLE, Steps, landing_of

DEBIT, ACCOUNT, OVERFLOW, OLD, COLLECTOR = (AccountId(number) for number in range(7, 12))


def _wallet(*, overflow: bool) -> WalletFacts:
    return WalletFacts(
        id=WalletId("wal_" + "1" * 32),
        bank=ParticipantId("altyn-bank"),
        owner_kind="person",
        tier="full",
        accounts={"KZT": ACCOUNT},
        overflow={"KZT": OVERFLOW} if overflow else {},
    )


def test_money_lands_in_the_overflow_if_there_is_one() -> None:
    assert landing_of(_wallet(overflow=False), "KZT", debit=DEBIT) == ACCOUNT
    assert landing_of(_wallet(overflow=True), "KZT", debit=DEBIT) == OVERFLOW
    assert landing_of(_wallet(overflow=True), "KZT", debit=OVERFLOW) == ACCOUNT


def test_what_landed_goes_on_to_where_it_belongs_today() -> None:
    def onwards(landed: AccountId, *, overflow: bool) -> list[tuple[int, int, Kind]]:
        steps = Steps()
        steps.settle(_wallet(overflow=overflow), "KZT", {landed: 5}, code=3)
        moves = [step for step in steps.steps if isinstance(step, Transfer)]
        assert all((move.amount, move.code) == (5, 3) for move in moves)
        return [(move.debit, move.credit, move.kind) for move in moves]

    assert onwards(ACCOUNT, overflow=True) == onwards(ACCOUNT, overflow=False) == []
    assert onwards(OVERFLOW, overflow=True) == [(OVERFLOW, ACCOUNT, Kind.POST_UP_TO)]
    assert onwards(OLD, overflow=False) == [(OLD, ACCOUNT, Kind.POST)]
    assert onwards(OLD, overflow=True) == [
        (OLD, OVERFLOW, Kind.POST),
        (OVERFLOW, ACCOUNT, Kind.POST_UP_TO),
    ]


def test_fees_come_out_of_what_landed_wherever_it_landed() -> None:
    steps = Steps()
    landed = {ACCOUNT: 10, OLD: 4}
    steps.settle(_wallet(overflow=True), "KZT", landed, code=3, fees=[(COLLECTOR, 6)])
    moves = [step for step in steps.steps if isinstance(step, Transfer)]
    assert [(move.debit, move.credit, move.amount) for move in moves] == [
        (OLD, OVERFLOW, 4),
        (OVERFLOW, COLLECTOR, 4),
        (ACCOUNT, COLLECTOR, 2),
    ]


def test_a_refusal_is_renamed_at_its_step_only() -> None:
    steps = Steps()
    steps.pay_into(_wallet(overflow=True), "KZT", ((DEBIT, 5),), code=0, leg=4)
    steps.use_up(ACCOUNT, OVERFLOW, 5, Refusal.MANDATE_USED_UP, window_s=60, leg=WHOLE)
    plan = steps.plan()
    assert plan.legs == (4, 4, WHOLE)
    assert plan.renamed == {(2, LedgerRefusal.EXCEEDS_BALANCE): Refusal.MANDATE_USED_UP}
    last = plan.steps[2]
    assert isinstance(last, Transfer)
    assert (last.kind, last.timeout_s) == (Kind.PENDING, 60)


def test_plans_do_not_share_their_steps() -> None:
    Steps().add(Transfer(DEBIT, ACCOUNT, 1))
    assert Steps().plan().steps == ()
