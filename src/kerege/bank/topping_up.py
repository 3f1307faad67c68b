# SPDX-License-Identifier: Apache-2.0
"""Reverse waterfall: what a payment lacks in the wallet is taken from the deposit, in one order.

The customer has signed a payment. If the wallet holds less, the bank signs a `TopUp` over it: the
bank's own wallet gives the rest and the payment is made, both or neither, under the payment's id.
Payments of one wallet are looked at one after the other on a node; should another node be at work
on the same wallet the sum may be wrong, and then the core refuses and nothing has moved.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Final

from msgspec.structs import replace

from kerege.bank.answer import Answer
from kerege.bank.core_line import CoreLine
from kerege.bank.deposits import Deposits
from kerege.bank.outgoing import Job
from kerege.bank.own_wallet import OwnWallet
from kerege.bank.reserving import reserve_of_deposit
from kerege.errors import InvariantViolation
from kerege.ledger import UNMARKED
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments import Refusal
from kerege.payments.documents import Pay, TopUp

__all__ = ["ToppingUp"]

_THREADS: Final = 8
"""Payments whose wallets are asked for at once; the others wait."""

_STRIPES: Final = 64
"""Locks that all wallets share: two wallets rarely meet at one."""

_SHORT: Final = frozenset({LedgerRefusal.EXCEEDS_BALANCE.name.lower(), Refusal.PROGRAMME_RULE})
"""What a payment meets that lacks unmarked money; `found` less `limit` is what it lacks."""

_MAX_TOPPED_BYTES: Final = 24 * 1024
"""A larger payment does not fit a `TopUp` and goes alone."""


class ToppingUp:
    """Looks whether a wallet can pay, and lets its deposit help; sends on by `send`."""

    def __init__(
        self,
        send: Callable[[Job], Future[Answer]],
        core: CoreLine,
        deposits: Deposits,
        own: OwnWallet,
        *,
        threads: Executor | None = None,
    ) -> None:
        self._send = send
        self._core = core
        self._deposits = deposits
        self._own = own
        self._locks = [threading.Lock() for _ in range(_STRIPES)]
        self._threads = threads or ThreadPoolExecutor(_THREADS, thread_name_prefix="topping-up")

    def __call__(self, job: Job) -> Future[Answer]:
        """See a payment through, topped up if it must be."""
        return self._threads.submit(self._see_through, job)

    def close(self) -> None:
        """See through what is in hand."""
        self._threads.shutdown()

    def _see_through(self, job: Job) -> Answer:
        with self._locks[hash(job.sending.wallet) % _STRIPES]:
            return self._send(self.topped(job)).result()

    def topped(self, job: Job) -> Job:
        """The payment with what its wallet lacks taken from the deposit; as it is if it lacks
        nothing. Raises `CoreUnreachable`."""
        pay = job.document
        if not isinstance(pay, Pay):
            raise InvariantViolation(f"{job.sending.id}: only payments are topped up")
        short = self._short(pay, job.sending.text)
        fits = len(job.sending.text) <= _MAX_TOPPED_BYTES
        if short <= 0 or not fits or pay.asset not in self._deposits.assets:
            return replace(job, is_topped=True)
        document = TopUp(
            id=pay.id,
            wallet=self._own.wallet,
            until_us=pay.until_us,
            after_us=pay.after_us,
            asset=pay.asset,
            amount=short,
            pay=job.sending.text.decode(),
        )
        deposit = self._deposits.account(job.sending.customer, pay.asset)
        reserve = reserve_of_deposit(deposit, self._deposits.position(pay.asset), short)
        sending = replace(job.sending, text=self._own.sign(document), reserves=(reserve,))
        return Job(sending, pay, job.spends, is_topped=True)

    def _short(self, pay: Pay, text: bytes) -> int:
        """What the wallet lacks for a payment, or less than nothing; raises `CoreUnreachable`."""
        balances = [b for b in self._core.balances(pay.wallet) if b.asset == pay.asset]
        if any(b.mark != UNMARKED and b.available for b in balances):
            return self._short_beside_programmes(text)
        available = sum(b.available for b in balances)
        return sum(leg.amount for leg in pay.legs) + pay.max_fee - available

    def _short_beside_programmes(self, text: bytes) -> int:
        """The core knows what programmes would pay of it: there it is tried, changing nothing."""
        tried = self._core.try_out(text)
        return tried.found - tried.limit if tried.code in _SHORT else 0
