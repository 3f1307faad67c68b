# SPDX-License-Identifier: Apache-2.0
"""Sending orders so that each takes effect once: keep it, then send the same bytes until answered.

A process may die at any instant. Before the order is kept nothing happened; afterwards the next
run sends it again, and the ledger gives a repeated order its first verdict.
"""

from collections.abc import Callable
from typing import Final

from kerege.errors import KeregeError
from kerege.runtime.clock import Clock
from kerege.wallet.line import BankLine, BankRefused, BankUnreachable, SessionEnded
from kerege.wallet.signing import SignedOrder
from kerege.wallet.store import Stage, StoredOrder, WalletStore
from kerege.wallet.wire import Answer

__all__ = ["OPENING", "Sender", "StillUnanswered", "backoff_s"]

OPENING: Final = "open"
"""The kind of the order by which a bank opens a wallet."""

_FIRST_WAIT_S: Final = 0.2
_LONGEST_WAIT_S: Final = 30.0


class StillUnanswered(KeregeError):
    """The order is kept, but what became of it is not known yet."""

    def __init__(self, order: SignedOrder, *, why: str) -> None:
        """Name the order, so that it can be asked for later."""
        super().__init__(
            f"{order.id} is kept and not answered yet: {why}",
            remedy="send what is unanswered again later (`resume`); do not make a new order",
        )
        self.order_id = order.id


def backoff_s(tries: int) -> float:
    """Seconds before the next try after `tries` vain ones: twice as long each time, up to 30 s."""
    return min(_FIRST_WAIT_S * float(2 ** min(tries, 16)), _LONGEST_WAIT_S)


class Sender:
    """Hands orders to the bank, through the store."""

    def __init__(
        self,
        store: WalletStore,
        line: BankLine,
        clock: Clock,
        *,
        sleep: Callable[[float], None],
        name: str = "",
        patience_s: float = 30.0,
    ) -> None:
        """`sleep` waits that many seconds; `patience_s`: how long one call keeps trying.

        `name` is what the bank shall call the wallet, should it be opened.
        """
        self._name = name
        self._store = store
        self._line = line
        self._clock = clock
        self._sleep = sleep
        self._patience_s = patience_s

    def send(self, order: SignedOrder, *, kind: str) -> Answer:
        """Keep `order`, then send it until there is a verdict.

        Raises `StillUnanswered`; `BankRefused` if the bank will not pass it on.
        """
        self._store.add_order(order, kind=kind, made_us=self._clock.now_us())
        return self._deliver(order, kind)

    def _deliver(self, order: SignedOrder, kind: str) -> Answer:
        waited_s, tries = 0.0, 0
        while True:
            try:
                return self._hand_in(order, kind)
            except BankUnreachable as fault:
                pause_s = max(backoff_s(tries), fault.wait_s)
                if waited_s + pause_s > self._patience_s:
                    raise StillUnanswered(order, why=fault.message) from fault
            self._sleep(pause_s)
            waited_s, tries = waited_s + pause_s, tries + 1

    def resume(self, stored: StoredOrder) -> Answer:
        """Find out what became of an order, sending it again if it may still be accepted.

        Raises as `send`.
        """
        if stored.answer is not None and stored.stage is not Stage.TURNED_AWAY:
            return stored.answer
        if self._clock.now_us() <= stored.order.until_us:
            return self._deliver(stored.order, stored.kind)
        return self._ask(stored.order, stored.kind)

    def _ask(self, order: SignedOrder, kind: str) -> Answer:
        """The order's time is over: if it was not accepted by now, it never will be."""
        try:
            answer = self._line.answer(order.id)
            # None: the bank never saw it. Handing it in has the ledger itself say that it is over.
            answer = answer or self._submit(order, kind)
        except BankUnreachable as fault:
            raise StillUnanswered(order, why=fault.message) from fault
        self._store.answer_order(order.id, answer)
        return answer

    def _hand_in(self, order: SignedOrder, kind: str) -> Answer:
        try:
            answer = self._submit(order, kind)
        except SessionEnded:
            # Whoever logs in again sends it then.
            raise
        except BankRefused as fault:
            self._store.turn_away(order.id, fault.message)
            raise
        if answer.verdict.order != order.id:
            raise BankUnreachable("the bank answered about another order")
        self._store.answer_order(order.id, answer)
        return answer

    def _submit(self, order: SignedOrder, kind: str) -> Answer:
        if kind == OPENING:
            return self._line.open_wallet(order.text, name=self._name)
        return self._line.submit(order.text)
