# SPDX-License-Identifier: Apache-2.0
"""A dry run at the bank: what would become of a customer's order here, then at the core.

The same questions in the same order as on the way out (`outgoing`): whose wallet, which limits,
what the deposit has to give, and last the core. Nothing is kept, reserved or sent; at most an
account that counts a limit is opened, with nothing in it.
"""

from msgspec.structs import replace

from kerege.bank.answer import refused
from kerege.bank.core_line import CoreLine
from kerege.bank.deposits import Deposits
from kerege.bank.limits import Exceeded, LimitBook
from kerege.bank.outgoing import Job, Outgoing
from kerege.bank.refusal import BankRefusal
from kerege.bank.reserving import Reserve, reserving_order
from kerege.bank.sending import NOT_FOR_CUSTOMERS, amount_of, read_sending
from kerege.bank.terms import Terms, TermsBook, bounds_of
from kerege.bank.topping_up import ToppingUp
from kerege.payments.documents import Pay
from kerege.payments.verdict import Verdict
from kerege.runtime import Clock

__all__ = ["Trial"]


class Trial:
    """Tries orders of one bank's customers. Safe among threads."""

    def __init__(
        self,
        outgoing: Outgoing,
        terms: TermsBook,
        limits: LimitBook,
        deposits: Deposits,
        topping_up: ToppingUp,
        core: CoreLine,
        *,
        clock: Clock,
        own_wallets: frozenset[str],
    ) -> None:
        self._outgoing = outgoing
        self._terms = terms
        self._limits = limits
        self._deposits = deposits
        self._topping_up = topping_up
        self._core = core
        self._clock = clock
        self._own_wallets = own_wallets

    def try_out(self, text: bytes, *, customer: str) -> Verdict:
        """What `Outgoing.submit` would come to now; money that comes or goes meanwhile may change
        it. Raises `JwsEncodingError`, `MalformedDocument`, `CoreUnreachable`."""
        sending, document = read_sending(text, customer=customer, now_us=self._clock.now_us())
        if isinstance(document, NOT_FOR_CUSTOMERS):
            return refused(sending.id, BankRefusal.NOT_FOR_CUSTOMERS).verdict
        known = self._outgoing.find(sending.id)
        if known is not None:
            if known.sending.digest != sending.digest:
                return refused(sending.id, BankRefusal.ID_TAKEN).verdict
            if known.answer is not None:
                return replace(known.answer.verdict, replayed=True)
        terms = self._terms.terms([sending.wallet]).get(sending.wallet)
        if terms is None or terms.customer != customer:
            return refused(sending.id, BankRefusal.WALLET_NOT_YOURS).verdict
        if not terms.active:
            return refused(sending.id, BankRefusal.CUSTOMER_NOT_ACTIVE).verdict
        _, spends = amount_of(document, besides=self._own_wallets)
        return self._within(Job(sending, document, spends), terms)

    def _within(self, job: Job, terms: Terms) -> Verdict:
        """An order whose customer may send it: limits, deposit, core."""
        order, wallet = job.sending.id, job.sending.wallet
        uses: tuple[Reserve, ...] | Exceeded = ()
        if job.spends:
            bounds = bounds_of(wallet, terms, job.sending.asset)
            (uses,) = self._limits.reserves([(job.spends, bounds)])
        if isinstance(uses, Exceeded):
            return refused(order, uses.limit, exceeded=uses).verdict
        if terms.top_up and job.spends and isinstance(job.document, Pay):
            job = self._topping_up.topped(job)
        reserves = (*uses, *job.sending.reserves)
        if reserves:
            (outcome,) = self._deposits.ledger.rehearse([reserving_order(order, reserves)])
            if not outcome.accepted:
                exceeded = self._limits.explain(reserves, outcome)
                return refused(order, exceeded.limit, exceeded=exceeded).verdict
        return self._core.try_out(job.sending.text)
