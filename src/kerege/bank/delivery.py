# SPDX-License-Identifier: Apache-2.0
"""Bringing orders to the core and settling both ledgers by its answer, whatever breaks between.

The steps, each of which may be repeated:

1. keep a row (`sent`): from here on somebody will see the order through;
2. reserve in the bank's ledger what the order uses: limits, money of a deposit;
3. send the text to the core; the same text gets the same answer;
4. keep the answer in the row;
5. capture or give back what was reserved, and close the row.

A crash leaves an open row, and `tend` goes on from it. No step needs to know whether the one before
it was made once or twice. No answer from the core leaves everything as it is.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from kerege.bank import outgoing_store as store
from kerege.bank.answer import Answer, PaymentState
from kerege.bank.core_line import MAX_SUBMITTED, MAX_SUBMITTED_BYTES, CoreLine, CoreUnreachable
from kerege.bank.deposits import Deposits
from kerege.bank.finality import Finality, finality_of
from kerege.bank.limits import LimitBook
from kerege.bank.notices import Notice, Teller
from kerege.bank.outgoing_store import Kept
from kerege.bank.reserving import (
    capture_of_frozen,
    capture_orders,
    give_back_orders,
    reserving_order,
)
from kerege.bank.sending import Sending
from kerege.errors import InvariantViolation
from kerege.ledger import Order, Outcome, Refusal, format_order_id
from kerege.payments.verdict import Verdict
from kerege.runtime import Clock
from kerege.runtime.tables import Tables

__all__ = ["FIRST_LOOK_US", "Delivery", "pending"]

FIRST_LOOK_US: Final = 10_000_000
"""An order nobody has seen through after this long is taken up again; a usual one takes tens of
milliseconds."""

_LONGEST_PAUSE_US: Final = 60_000_000
_MOST_DOUBLINGS: Final = 3
_AT_ONCE: Final = 2_048
"""Open orders taken up together."""

Told = Callable[[str, Answer], None]


class Decided(Struct, frozen=True):
    """A final answer to a sending. `tries`: only if the row was not sent more often than that."""

    sending: Sending
    answer: Answer
    tries: int | None


class Delivery:
    """The five steps. Safe to use from several threads, and from several nodes on one database."""

    def __init__(
        self,
        *,
        tables: Tables,
        deposits: Deposits,
        limits: LimitBook,
        core: CoreLine,
        clock: Clock,
        teller: Teller,
    ) -> None:
        self._tables = tables
        self._deposits = deposits
        self._limits = limits
        self._core = core
        self._clock = clock
        self._teller = teller

    # -- steps 1 and 2 --

    def keep(self, sendings: Sequence[Sending]) -> set[str]:
        """Keep new orders; the ids of those that were kept before are returned."""
        due_us = self._clock.now_us() + FIRST_LOOK_US
        return store.keep_new(self._tables, sendings, due_us=due_us)

    def reserve(self, sendings: Sequence[Sending], told: Told) -> list[Sending]:
        """Set aside what `sendings` use; those for which it is there are returned, the others
        are refused for good."""
        asked = [sending for sending in sendings if sending.reserves]
        outcomes = self._deposits.post([reserving_order(s.id, s.reserves) for s in asked])
        refusals = {
            sending.id: self._refusal(sending, outcome)
            for sending, outcome in zip(asked, outcomes, strict=True)
            if not outcome.accepted
        }
        decided = [Decided(s, refusals[s.id], None) for s in asked if s.id in refusals]
        self._decide(decided, told)
        return [sending for sending in sendings if sending.id not in refusals]

    def _refusal(self, sending: Sending, outcome: Outcome) -> Answer:
        if outcome.refusal is Refusal.ID_HAS_OTHER_CONTENT:
            raise InvariantViolation(f"{sending.id}: reserved twice, and not the same")
        exceeded = self._limits.explain(sending.reserves, outcome)
        verdict = Verdict(
            order=sending.id, code=exceeded.limit, found=exceeded.asked, limit=exceeded.fits
        )
        return Answer(PaymentState.REFUSED, verdict, exceeded)

    # -- steps 3 to 5 --

    def send(self, sendings: Sequence[Sending], told: Told) -> None:
        """Send what is kept and reserved, and settle by the answers.

        `told` hears of each once it is kept and settled, so that whoever looks finds it done; or
        that it is on its way, where no answer came.
        """
        for part in _parts(sendings):
            try:
                verdicts = self._core.submit([sending.text for sending in part])
            except CoreUnreachable:
                for sending in part:
                    told(sending.id, pending(sending.id))
            else:
                self._decide(self._judge(part, verdicts, told), told)

    def _judge(
        self, sendings: Sequence[Sending], verdicts: Sequence[Verdict], told: Told
    ) -> list[Decided]:
        """The final ones among the verdicts."""
        if len(verdicts) != len(sendings):
            raise InvariantViolation("the core answered for another number of orders")
        now_us = self._clock.now_us()
        decided: list[Decided] = []
        for sending, verdict in zip(sendings, verdicts, strict=True):
            finality = finality_of(verdict, sending, now_us=now_us)
            answer = _answer(sending, verdict)
            if finality is not Finality.FINAL:
                judged = self._judge_refused(sending, answer, finality)
                if judged is None:
                    told(sending.id, pending(sending.id))
                else:
                    decided.append(judged)
                continue
            decided.append(Decided(sending, answer, None))
        return decided

    def _judge_refused(
        self, sending: Sending, answer: Answer, finality: Finality
    ) -> Decided | None:
        """A refusal the core does not remember: the answer, if it is one by now.

        It may stand for an order that was accepted earlier, for instance if the key was replaced
        since: then the first answer stands.
        """
        if sending.tries > 1:
            try:
                known = self._core.verdict(sending.id)
            except CoreUnreachable:
                return None
            if known is not None and known.accepted and _is_of(sending, known):
                return Decided(sending, _answer(sending, known), None)
        if finality is Finality.FINAL_IF_ALONE:
            return Decided(sending, answer, sending.tries)
        return None

    def _decide(self, decided: Sequence[Decided], told: Told) -> None:
        """Keep answers, unless another thread was first; then settle them."""
        if not decided:
            return
        by_id = {each.sending.id: each for each in decided}
        now_us = self._clock.now_us()
        with self._tables.begin() as connection:
            mine = store.undecided(connection, {i: each.tries for i, each in by_id.items()})
            rows = [
                (i, by_id[i].answer, bool(_settling(by_id[i].sending, by_id[i].answer)))
                for i in sorted(mine)
            ]
            store.decide(connection, rows, now_us=now_us)
            late = [_notice(by_id[i]) for i in sorted(mine) if by_id[i].sending.tries > 1]
            if late:
                self._teller.tell(connection, late)
        self._settle([(by_id[i].sending, by_id[i].answer) for i in sorted(mine)])
        for each in decided:
            is_settled = each.tries is None or each.sending.id in mine
            told(each.sending.id, each.answer if is_settled else pending(each.sending.id))

    def _settle(self, answered: Sequence[tuple[Sending, Answer]]) -> None:
        """Capture or give back; whoever repeats it changes nothing."""
        orders = {sending.id: _settling(sending, answer) for sending, answer in answered}
        posted = [order for each in orders.values() for order in each]
        outcomes = self._deposits.post(posted)
        pairs = zip(posted, outcomes, strict=True)
        frozen = [order for order, outcome in pairs if _must_be_taken(order, outcome)]
        for outcome in self._deposits.post([capture_of_frozen(order) for order in frozen]):
            if not outcome.accepted:
                raise InvariantViolation(f"what was set aside is not there: {outcome.refusal}")
        settled = [each for each, its_orders in orders.items() if its_orders]
        if settled:
            with self._tables.begin() as connection:
                store.close(connection, settled)

    # -- whatever was left undone --

    def tend(self, now_us: int | None) -> int:
        """See open orders through that are due by `now_us`, or all of them if None; returns how
        many there were. Orders stay open while the core does not answer."""
        seen, after = 0, ""
        while True:
            with self._tables.read() as connection:
                kept = store.due(connection, now_us, limit=_AT_ONCE, after=after)
            if not kept:
                return seen
            self._settle([(k.sending, k.answer) for k in kept if k.answer is not None])
            self.again([k.sending for k in kept if k.answer is None], _nobody)
            seen, after = seen + len(kept), kept[-1].sending.id

    def again(self, sendings: Sequence[Sending], told: Told) -> None:
        """Send kept orders once more, in the order of their ids."""
        if not sendings:
            return
        now_us = self._clock.now_us()
        with self._tables.begin() as connection:
            for tries in sorted({sending.tries for sending in sendings}):
                same = [sending for sending in sendings if sending.tries == tries]
                due_us = now_us + _pause_us(tries)
                store.resume(connection, same, sent_us=now_us, due_us=due_us)
        again = [replace(sending, tries=sending.tries + 1) for sending in sendings]
        self.send(self.reserve(again, told), told)

    # -- questions --

    def find(self, ids: Sequence[str]) -> dict[str, Kept]:
        """Orders by id, those that were ever kept."""
        with self._tables.read() as connection:
            return store.find(connection, ids)

    def page(
        self, wallet: str, *, before: tuple[int, str] | None = None, limit: int = 100
    ) -> list[Kept]:
        """A wallet's orders, newest first; the next page is before the last one's time and id."""
        with self._tables.read() as connection:
            return store.page(connection, wallet, before=before, limit=limit)


def pending(order: str) -> Answer:
    """That an order is on its way."""
    return Answer(PaymentState.SENT, Verdict(order=order, code=PaymentState.SENT.value))


def _answer(sending: Sending, verdict: Verdict) -> Answer:
    state = PaymentState.ACCEPTED if verdict.accepted else PaymentState.REFUSED
    return Answer(state, replace(verdict, order=sending.id))


def _is_of(sending: Sending, known: Verdict) -> bool:
    """Whether an accepted order of this id can be this one: a top-up moves first what was set
    aside for it, and the payment alone, under the same id, would not."""
    money = sum(reserve.amount for reserve in sending.reserves if reserve.is_money)
    return not money or known.amounts[:1] == (money,)


def _must_be_taken(order: Order, outcome: Outcome) -> bool:
    """Whether money that the core has moved could not be captured because its deposit was frozen
    meanwhile. A window that has passed has given its use back by itself."""
    if outcome.refusal in (None, Refusal.PENDING_EXPIRED):
        return False
    if outcome.refusal is Refusal.DEBITS_FROZEN:
        return True
    raise InvariantViolation(f"{format_order_id(order.id)}: not settled: {outcome.refusal}")


def _settling(sending: Sending, answer: Answer) -> list[Order]:
    if answer.state is PaymentState.ACCEPTED:
        return list(capture_orders(sending.id, sending.reserves))
    if answer.exceeded is not None:
        return []
    return list(give_back_orders(sending.id, sending.reserves))


def _pause_us(tries: int) -> int:
    return min(FIRST_LOOK_US << min(tries - 1, _MOST_DOUBLINGS), _LONGEST_PAUSE_US)


def _nobody(order: str, answer: Answer) -> None:
    """Nobody waits for this answer."""


def _notice(decided: Decided) -> Notice:
    sending, verdict = decided.sending, decided.answer.verdict
    return Notice(
        key=f"decided:{sending.id}",
        kind="decided",
        wallet=sending.wallet,
        order=sending.id,
        at_us=verdict.at_us,
        asset=sending.asset,
        code=verdict.code,
        document=sending.kind,
    )


def _parts(sendings: Sequence[Sending]) -> Iterator[list[Sending]]:
    """Cut into submissions the core takes."""
    part: list[Sending] = []
    size = 0
    for sending in sendings:
        if part and (len(part) == MAX_SUBMITTED or size + len(sending.text) > MAX_SUBMITTED_BYTES):
            yield part
            part, size = [], 0
        part.append(sending)
        size += len(sending.text)
    if part:
        yield part
