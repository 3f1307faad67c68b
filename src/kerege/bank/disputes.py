# SPDX-License-Identifier: Apache-2.0
"""Disputes at the payer's bank: cases kept, deadlines watched, what is decided paid.

The rules of a case are `payments.disputes`; here cases last, and the bank's own wallet does with
money what they call for. A payee takes part by granting the bank's wallet a mandate that allows
reservations; without one the case goes its way and the payee must refund of itself.
"""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Final

import sqlalchemy as sa
from msgspec.structs import replace

from kerege.bank import disputes_store as store
from kerege.bank.answer import Answer, PaymentState
from kerege.bank.dispute_money import (
    Times,
    award,
    award_step,
    dispute_order_id,
    documents_for,
    give_back,
    give_back_step,
)
from kerege.bank.disputes_store import KeptCase
from kerege.bank.incoming_store import refunded_of
from kerege.bank.outgoing import Outgoing
from kerege.bank.own_wallet import OwnWallet
from kerege.errors import KeregeError
from kerege.keys import parse_compact
from kerege.ledger import Refusal as LedgerRefusal
from kerege.payments import Refusal
from kerege.payments.disputes import (
    DEFAULT_TERMS,
    Case,
    DisputeRefusal,
    DisputeTerms,
    Paid,
    Reason,
    State,
    Task,
    TaskKind,
    add_evidence,
    answer_case,
    decide_case,
    lapse_case,
    open_case,
    secure_case,
    settle_case,
    task_of,
    withdraw_case,
)
from kerege.payments.documents import Document, Pay, TopUp, decode_document
from kerege.runtime import Clock
from kerege.runtime.tables import Tables

__all__ = ["Disputes", "NotDisputable", "case_id_of"]

_ORDER_LIVES_US: Final = 3_600_000_000
"""How long the core may accept an order of a case; it is made anew if it expired."""

_LOOK_AGAIN_US: Final = 300_000_000
"""How soon a refund, a deadline or a late answer is noticed."""

_MOST_ATTEMPTS: Final = 1_000
"""How often an award is cut to what is left, or tried again where it was refused: three days and
more, after which the case is one for people."""

_TAKING: Final = (TaskKind.CAPTURE, TaskKind.COLLECT)

_OVERTAKEN: Final = frozenset(
    {Refusal.EXCEEDS_REFUNDABLE.value, LedgerRefusal.BALANCE_NOT_AS_EXPECTED.name.lower()}
)
"""Another refund came first."""

_MAX_CASES: Final = 200
_TRIES: Final = 8
"""Changes of one case by others that a change waits for; two people rarely meet at one."""

Change = Callable[[Case], Case | DisputeRefusal]


class NotDisputable(KeregeError):
    """There is no such case, or no accepted payment of this wallet to make one of."""


class Disputes:
    """The cases of one bank's payers. Safe among threads and nodes."""

    def __init__(
        self,
        tables: Tables,
        outgoing: Outgoing,
        own: OwnWallet,
        *,
        clock: Clock,
        terms: DisputeTerms = DEFAULT_TERMS,
    ) -> None:
        self._tables = tables
        self._outgoing = outgoing
        self._own = own
        self._clock = clock
        self._terms = terms

    def take_part(self, wallet: str, mandate: str) -> None:
        """Note the mandate under which claims against `wallet` may be reserved and collected."""
        with self._tables.begin() as connection:
            store.save_mandate(connection, wallet, mandate)

    def open(
        self, *, wallet: str, payment: str, leg: int, reason: Reason, claimed: int
    ) -> Case | DisputeRefusal:
        """Dispute a leg of a payment that `wallet` made here; the same leg is the same case.

        Raises `NotDisputable`.
        """
        paid = self._paid(wallet, payment, leg)
        case = open_case(
            case_id_of(payment, leg),
            paid,
            by=wallet,
            reason=reason,
            claimed=claimed,
            decider=self._own.wallet,
            now_us=self._clock.now_us(),
            terms=self._terms,
        )
        if isinstance(case, DisputeRefusal):
            return case
        try:
            with self._tables.begin() as connection:
                store.insert_case(connection, KeptCase(case, 1, self._clock.now_us()))
        except sa.exc.IntegrityError:
            return self.get(case.id)
        return self._act(case.id)

    def get(self, case_id: str) -> Case:
        """A case. Raises `NotDisputable`."""
        return self._kept(case_id).case

    def of(self, wallet: str) -> list[Case]:
        """Cases a wallet is a party of."""
        with self._tables.read() as connection:
            found = store.cases_of(connection, wallet, limit=_MAX_CASES)
        return [kept.case for kept in found]

    def give_evidence(self, case_id: str, digest: bytes, *, by: str) -> Case | DisputeRefusal:
        """Either side adds the SHA-256 of a document."""
        now_us = self._clock.now_us()
        return self._change(case_id, lambda case: add_evidence(case, digest, by=by, now_us=now_us))

    def answer(self, case_id: str, *, by: str, conceded: int) -> Case | DisputeRefusal:
        """The payee answers."""
        now_us = self._clock.now_us()
        return self._change(
            case_id, lambda case: answer_case(case, by=by, conceded=conceded, now_us=now_us)
        )

    def withdraw(self, case_id: str, *, by: str) -> Case | DisputeRefusal:
        """The payer gives up."""
        return self._change(case_id, lambda case: withdraw_case(case, by=by))

    def decide(self, case_id: str, *, awarded: int) -> Case | DisputeRefusal:
        """The bank's staff decides."""
        own, now_us = self._own.wallet, self._clock.now_us()
        return self._change(
            case_id, lambda case: decide_case(case, by=own, awarded=awarded, now_us=now_us)
        )

    def tend(self) -> int:
        """Look at cases that are due: refunds that came, deadlines that passed, orders that had no
        answer. Returns how many there were."""
        now_us = self._clock.now_us()
        with self._tables.read() as connection:
            due = store.due_cases(connection, now_us, limit=_MAX_CASES)
        for kept in due:
            self._change(kept.case.id, self._settled_or_lapsed)
            self._act(kept.case.id)
        return len(due)

    # -- a case changes --

    def _settled_or_lapsed(self, case: Case) -> Case | DisputeRefusal:
        with self._tables.read() as connection:
            refunded = refunded_of(connection, case.paid.order, case.paid.leg)
        settled = settle_case(case, refunded=refunded)
        if isinstance(settled, Case):
            return settled
        return lapse_case(case, now_us=self._clock.now_us())

    def _change(self, case_id: str, change: Change) -> Case | DisputeRefusal:
        changed = self._keep(case_id, change)
        return changed if isinstance(changed, DisputeRefusal) else self._act(case_id)

    def _keep(
        self, case_id: str, change: Change, *, due_us: int | None = None
    ) -> Case | DisputeRefusal:
        """Keep a changed case; made anew on what somebody else changed meanwhile."""
        for _ in range(_TRIES):
            kept = self._kept(case_id)
            changed = change(kept.case)
            if isinstance(changed, DisputeRefusal):
                return changed
            next_us = self._clock.now_us() if due_us is None else due_us
            saved = KeptCase(changed, kept.version + 1, next_us)
            with self._tables.begin() as connection:
                if store.save_case(connection, saved):
                    return changed
        raise NotDisputable("others are changing this case", place=case_id, remedy="try again")

    # -- and so does its money --

    def _act(self, case_id: str) -> Case:
        """Do with money what the case calls for, then say when to look at it next."""
        case = self.get(case_id)
        task = task_of(case)
        state = self._carry_out(case, task)
        if task.kind is TaskKind.CAPTURE and state is PaymentState.REFUSED:
            # The hold is not there any more: what is awarded is collected instead.
            task = Task(TaskKind.COLLECT, task.amount)
            state = self._carry_out(case, task)
        if task.kind in _TAKING and state is PaymentState.ACCEPTED:
            state = self._award(case, task.amount)
        if task.kind is TaskKind.RESERVE and state is PaymentState.ACCEPTED:
            hold = self._order_id(case, task.kind.value)
            secured = self._keep(case_id, lambda found: secure_case(found, hold))
            case = secured if isinstance(secured, Case) else self.get(case_id)
        due_us = self._next_look_us(case, state)
        with self._tables.begin() as connection:
            kept = store.find_case(connection, case_id)
            if kept is not None and kept.case == case:
                store.save_case(connection, KeptCase(case, kept.version + 1, due_us))
        return case

    def _next_look_us(self, case: Case, state: PaymentState | None) -> int | None:
        running = case.state in (State.OPENED, State.ANSWERED)
        waits = running or state is PaymentState.SENT
        return self._clock.now_us() + _LOOK_AGAIN_US if waits else None

    def _carry_out(self, case: Case, task: Task) -> PaymentState | None:
        """Send a task's document; how it stands, None if there is nothing to send."""
        with self._tables.read() as connection:
            mandate = store.mandate_of(connection, case.paid.payee)
        own = self._own.wallet
        ids, times = partial(self._order_id, case), self._times()
        documents = documents_for(case, task, own=own, mandate=mandate, ids=ids, times=times)
        state: PaymentState | None = None
        for document in documents:
            state = self._send(document).state
        return state

    def _times(self) -> Times:
        now_us = self._clock.now_us()
        return Times(now_us, now_us + _ORDER_LIVES_US)

    def _award(self, case: Case, taken: int) -> PaymentState:
        """Refund what was taken to the payer, less what the payee refunded since the case was
        opened: that the payee has back. Each cut follows from the answer before as it was kept, so
        that a crash in between changes nothing."""
        own, amount = self._own.wallet, taken
        for attempt in range(_MOST_ATTEMPTS):
            order = self._order_id(case, award_step(attempt))
            answer = self._send(award(case, amount, order=order, own=own, times=self._times()))
            if answer.state is PaymentState.ACCEPTED:
                break
            if answer.verdict.code in _OVERTAKEN:
                amount = min(amount, self._limit_of(order, amount))
                if not amount:
                    break
            elif not (answer.is_final and answer.verdict.replayed):
                # Refused for what may pass (a payer at another bank, a full wallet): later again.
                return PaymentState.SENT
        else:
            return PaymentState.REFUSED
        return self._give_back(case, taken - amount)

    def _give_back(self, case: Case, rest: int) -> PaymentState:
        """Pay back what was taken and not awarded."""
        if not rest:
            return PaymentState.ACCEPTED
        own = self._own.wallet
        for attempt in range(_MOST_ATTEMPTS):
            order = self._order_id(case, give_back_step(attempt))
            answer = self._send(give_back(case, rest, order=order, own=own, times=self._times()))
            if answer.state is PaymentState.ACCEPTED:
                return answer.state
            if not (answer.is_final and answer.verdict.replayed):
                return PaymentState.SENT
        return PaymentState.REFUSED

    def _limit_of(self, order: str, amount: int) -> int:
        """What the core said could still go back. A repeated answer has lost its figures: then the
        same is asked once more, in another order."""
        kept = self._outgoing.find(order)
        if kept is None or kept.answer is None:
            return amount
        verdict = kept.answer.verdict
        told = verdict.code == Refusal.EXCEEDS_REFUNDABLE and not verdict.replayed
        return verdict.limit if told else amount

    def _order_id(self, case: Case, step: str) -> str:
        """The id of the attempt that is under way, or of the next one if the last expired."""
        attempt = 1
        while True:
            order = dispute_order_id(case.id, step, attempt)
            kept = self._outgoing.find(order)
            if kept is None or kept.answer is None or kept.answer.verdict.code != "expired":
                return order
            attempt += 1

    def _send(self, document: Document) -> Answer:
        digest = hashlib.sha256(document.id.encode()).digest()
        text = self._own.sign(document)
        job = self._outgoing.job_of(text, document, digest=digest, customer="")
        return self._outgoing.send(replace(job, document=None, spends=0)).result()

    # -- what is known --

    def _kept(self, case_id: str) -> KeptCase:
        with self._tables.read() as connection:
            kept = store.find_case(connection, case_id)
        if kept is None:
            raise NotDisputable("there is no such case", place=case_id[:40])
        return kept

    def _paid(self, wallet: str, payment: str, leg: int) -> Paid:
        kept = self._outgoing.find(payment)
        if kept is None or kept.answer is None or kept.sending.wallet != wallet:
            raise NotDisputable("there is no such payment of this wallet", place=payment[:40])
        pay = _pay_of(kept.sending.text)
        if kept.answer.state is not PaymentState.ACCEPTED or pay is None:
            raise NotDisputable("only payments that were made can be disputed", place=payment[:40])
        if not 0 <= leg < len(pay.legs):
            raise NotDisputable(f"the payment has {len(pay.legs)} legs", place="leg")
        with self._tables.read() as connection:
            refunded = refunded_of(connection, payment, leg)
        return Paid(
            order=payment,
            leg=leg,
            asset=pay.asset,
            payer=wallet,
            payee=pay.legs[leg].to,
            amount=pay.legs[leg].amount,
            refunded=refunded,
            at_us=kept.answer.verdict.at_us,
        )


def _pay_of(text: bytes) -> Pay | None:
    document = decode_document(parse_compact(text).payload)
    if isinstance(document, TopUp):
        document = decode_document(parse_compact(document.pay.encode()).payload)
    return document if isinstance(document, Pay) else None


def case_id_of(payment: str, leg: int) -> str:
    """The id of the one case a leg of a payment may have."""
    digest = hashlib.sha256(f"kerege-case/v1\n{payment}\n{leg}\n".encode()).digest()
    return f"dsp_{digest[:16].hex()}"
