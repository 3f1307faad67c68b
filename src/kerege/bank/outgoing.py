# SPDX-License-Identifier: Apache-2.0
"""Customers' orders on their way out: gathered, held against limits in one batch, sent together.

The same bytes get the same answer however often they come. While the core does not answer, the
customer hears that the order is on its way, and `tend` (a thread, every second) sends it again.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from kerege.bank.answer import Answer, refused
from kerege.bank.batching import Batching
from kerege.bank.delivery import FIRST_LOOK_US, Delivery, pending
from kerege.bank.limits import Exceeded, LimitBook
from kerege.bank.outgoing_store import Kept
from kerege.bank.refusal import BankRefusal
from kerege.bank.sending import (
    NOT_FOR_CUSTOMERS,
    UNREADABLE,
    Sending,
    amount_of,
    read_sending,
    sending_of,
)
from kerege.bank.terms import Terms, TermsBook, bounds_of
from kerege.errors import InvariantViolation, KeregeError
from kerege.payments.documents import Document, Pay
from kerege.runtime import Clock

__all__ = ["Batches", "Begin", "Found", "Gather", "Job", "Outgoing", "done", "gather_in_threads"]

Found = Answer | Future[Answer]
"""An answer, or that of a payment which is topped up first."""

Begin = Callable[[list["Job"]], Callable[[], Sequence[Found]]]


class Job(Struct, frozen=True):
    """An order in hand. `document` is None for the bank's own, which no limit binds; `spends` is
    what limits count. `is_topped`: its deposit was looked at already."""

    sending: Sending
    document: Document | None = None
    spends: int = 0
    is_topped: bool = False

    def of(self, customer: str) -> "Job":
        """The same handed in by `customer`."""
        return replace(self, sending=replace(self.sending, customer=customer))


class Batches(Protocol):
    """Who makes batches of jobs and answers them."""

    def submit_all(self, items: "Sequence[Job]") -> Future[list[Found]]:
        """The answers to come."""

    def close(self) -> None:
        """See through what is in hand, take nothing more."""


Gather = Callable[[Begin], Batches]


def gather_in_threads(begin: Begin) -> Batches:
    """Batches of whatever has come in while the last one was under way."""
    return Batching[Job, Found](begin)


class Outgoing:
    """The way out of one bank node. Safe to use from several threads.

    `own_wallets` are the bank's own: what goes to them is no spending. `gather` makes batches.
    """

    def __init__(
        self,
        delivery: Delivery,
        limits: LimitBook,
        terms: TermsBook,
        *,
        clock: Clock,
        own_wallets: frozenset[str] = frozenset(),
        gather: Gather = gather_in_threads,
    ) -> None:
        self.delivery = delivery
        self._limits = limits
        self._terms = terms
        self._clock = clock
        self._own_wallets = own_wallets
        self._lock = threading.Lock()
        self._in_hand: dict[str, tuple[bytes, Future[Answer]]] = {}
        self._top_up: Callable[[Job], Future[Answer]] | None = None
        self._gathering = gather(self._begin)

    def let_top_up(self, top_up: Callable[[Job], Future[Answer]]) -> None:
        """Hand payments of wallets whose deposit helps to `top_up` first."""
        self._top_up = top_up

    def submit(self, text: bytes, *, customer: str) -> Future[Answer]:
        """A customer's signed order. The answer may be that it is on its way.

        Raises `Overloaded`; the future raises `StoreFailed` or the database's error if what
        became of the order is not known here: the same may be submitted again.
        """
        return self.submit_all([(text, customer)])[0]

    def submit_all(self, texts: Sequence[tuple[bytes, str]]) -> list[Future[Answer]]:
        """Signed orders of customers (text, customer), all in one batch; see `submit`."""
        read = [self.read(text, customer) for text, customer in texts]
        sent = iter(self.send_all([job for job in read if isinstance(job, Job)]))
        return [next(sent) if isinstance(one, Job) else done(one) for one in read]

    def send(self, job: Job) -> Future[Answer]:
        """An order that was read and is in order; `submit` says what may happen."""
        return self.send_all([job])[0]

    def send_all(self, jobs: Sequence[Job]) -> list[Future[Answer]]:
        """See `send`."""
        taken: list[tuple[Job, Future[Answer]]] = []
        answers = [self._take_in_hand(job, taken) for job in jobs]
        if taken:
            try:
                gathered = self._gathering.submit_all([job for job, _ in taken])
            except KeregeError:
                for job, _ in taken:
                    self._put_down(job)
                raise
            gathered.add_done_callback(partial(self._pass_on, taken))
        return answers

    def read(self, text: bytes, customer: str) -> Job | Answer:
        """A customer's signed order; or the answer if it is refused unread."""
        try:
            sending, document = read_sending(text, customer=customer, now_us=self._clock.now_us())
        except UNREADABLE as fault:
            answer = refused("", BankRefusal.TEXT_UNREADABLE)
            return replace(answer, verdict=replace(answer.verdict, note=str(fault)))
        if isinstance(document, NOT_FOR_CUSTOMERS):
            return refused(sending.id, BankRefusal.NOT_FOR_CUSTOMERS)
        return self._job(sending, document)

    def job_of(self, text: bytes, document: Document, *, digest: bytes, customer: str) -> Job:
        """An order the bank signed at its customer's word; `digest` is SHA-256 of that word."""
        now_us = self._clock.now_us()
        return self._job(
            sending_of(text, document, digest=digest, customer=customer, now_us=now_us), document
        )

    def _job(self, sending: Sending, document: Document) -> Job:
        _, spends = amount_of(document, besides=self._own_wallets)
        return Job(sending, document, spends)

    def _take_in_hand(self, job: Job, taken: list[tuple[Job, Future[Answer]]]) -> Future[Answer]:
        """The future of an order: that of the same order in hand, or a new one."""
        order, answer = job.sending.id, Future[Answer]()
        with self._lock:
            digest, future = self._in_hand.get(order, (b"", None))
            if future is not None and not job.is_topped:
                same = digest == job.sending.digest
                return future if same else done(refused(order, BankRefusal.ID_TAKEN))
            if not job.is_topped:
                self._in_hand[order] = (job.sending.digest, answer)
        taken.append((job, answer))
        return answer

    def find(self, order_id: str) -> Kept | None:
        """An order this bank was given, and how it stands."""
        return self.delivery.find([order_id]).get(order_id)

    def close(self) -> None:
        """See through what is in hand, take nothing more."""
        self._gathering.close()

    # -- a batch --

    def _begin(self, jobs: list[Job]) -> Callable[[], Sequence[Found]]:
        """Hold a batch against limits and keep it; what is returned sends it."""
        answers: dict[str, Found] = {}
        kept = self.delivery.find([job.sending.id for job in jobs])
        again = self._repeats(jobs, kept, answers)
        fresh = [job for job in jobs if job.sending.id not in kept]
        ready = self._under_terms(fresh, answers)
        there = self.delivery.keep(ready)
        # Another node was given the same order at the same time, and sees it through.
        answers |= {each: pending(each) for each in there}
        ready = [sending for sending in ready if sending.id not in there]
        ready = self.delivery.reserve(ready, answers.__setitem__)
        return partial(self._send, jobs, ready, again, answers)

    def _send(
        self,
        jobs: Sequence[Job],
        ready: Sequence[Sending],
        again: Sequence[Sending],
        answers: dict[str, Found],
    ) -> Sequence[Found]:
        self.delivery.send(ready, answers.__setitem__)
        self.delivery.again(again, answers.__setitem__)
        return [answers[job.sending.id] for job in jobs]

    def _repeats(
        self,
        jobs: Sequence[Job],
        kept: dict[str, Kept],
        answers: dict[str, Found],
    ) -> list[Sending]:
        """Answer what was kept before; what nobody has seen through for a while is returned."""
        again: list[Sending] = []
        long_ago_us = self._clock.now_us() - FIRST_LOOK_US
        for job in jobs:
            found = kept.get(job.sending.id)
            if found is None:
                continue
            order = job.sending.id
            if found.sending.digest != job.sending.digest:
                answers[order] = refused(order, BankRefusal.ID_TAKEN)
            elif found.answer is not None:
                verdict = replace(found.answer.verdict, replayed=True)
                answers[order] = replace(found.answer, verdict=verdict)
            elif found.sending.sent_us <= long_ago_us:
                again.append(found.sending)
            else:
                answers[order] = pending(order)
        return again

    def _under_terms(self, jobs: Sequence[Job], answers: dict[str, Found]) -> list[Sending]:
        """Orders whose customer may send them, with what limits make them reserve."""
        by_wallet = self._terms.terms({job.sending.wallet for job in jobs if job.document})
        allowed: list[Job] = []
        for job in jobs:
            terms = by_wallet.get(job.sending.wallet)
            refusal = _fault_of_sender(job, terms)
            if refusal is not None:
                answers[job.sending.id] = refused(job.sending.id, refusal)
            elif self._top_up is not None and _wants_top_up(job, terms):
                answers[job.sending.id] = self._top_up(job)
            else:
                allowed.append(job)
        asked = [
            (job.spends, bounds_of(job.sending.wallet, terms, job.sending.asset))
            if job.spends and (terms := by_wallet.get(job.sending.wallet))
            else (0, ())
            for job in allowed
        ]
        return self._within_limits(allowed, self._limits.reserves(asked), answers)

    def _within_limits(
        self,
        jobs: Sequence[Job],
        found: Sequence[tuple[object, ...] | Exceeded],
        answers: dict[str, Found],
    ) -> list[Sending]:
        ready: list[Sending] = []
        for job, uses in zip(jobs, found, strict=True):
            sending = job.sending
            if isinstance(uses, Exceeded):
                answers[sending.id] = refused(sending.id, uses.limit, exceeded=uses)
            else:
                ready.append(replace(sending, reserves=(*uses, *sending.reserves)))
        return ready

    # -- answers --

    def _pass_on(
        self,
        taken: Sequence[tuple[Job, Future[Answer]]],
        gathered: Future[list[Found]],
    ) -> None:
        failure = gathered.exception()
        found = [None] * len(taken) if failure is not None else gathered.result()
        for (job, answer), one in zip(taken, found, strict=True):
            if isinstance(one, Future):
                one.add_done_callback(partial(self._pass_on_topped, job, answer))
            else:
                self._finish(job, answer, one, failure)

    def _pass_on_topped(self, job: Job, answer: Future[Answer], topped: Future[Answer]) -> None:
        failure = topped.exception()
        self._finish(job, answer, None if failure else topped.result(), failure)

    def _finish(
        self,
        job: Job,
        answer: Future[Answer],
        found: Answer | None,
        failure: BaseException | None,
    ) -> None:
        self._put_down(job)
        if found is not None:
            answer.set_result(found)
        else:
            answer.set_exception(failure or InvariantViolation(f"{job.sending.id}: no answer"))

    def _put_down(self, job: Job) -> None:
        if not job.is_topped:
            with self._lock:
                self._in_hand.pop(job.sending.id, None)


def _fault_of_sender(job: Job, terms: Terms | None) -> BankRefusal | None:
    if job.document is None:
        return None
    if terms is None or terms.customer != job.sending.customer:
        return BankRefusal.WALLET_NOT_YOURS
    return None if terms.active else BankRefusal.CUSTOMER_NOT_ACTIVE


def _wants_top_up(job: Job, terms: Terms | None) -> bool:
    """What is not spent, but paid to the bank's own wallet, needs no help of the deposit."""
    asks = terms is not None and terms.top_up and isinstance(job.document, Pay)
    return asks and bool(job.spends) and not job.is_topped


def done(answer: Answer) -> Future[Answer]:
    """A future that is."""
    future: Future[Answer] = Future()
    future.set_result(answer)
    return future
