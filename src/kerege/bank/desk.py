# SPDX-License-Identifier: Apache-2.0
"""The money side of a bank node, put together: what its HTTP side and its people ask of.

desk = Desk(ledger=..., tables=..., core=line, own=own_wallet, terms=..., owners=..., ...)
desk.recover()
answer = desk.outgoing.submit(text, customer=customer).result()
with desk.at_work(): ...   # reads core events, sends again what was not answered
"""

from collections.abc import Iterable
from concurrent.futures import Executor

from kerege.bank.core_line import CoreLine
from kerege.bank.delivery import Delivery
from kerege.bank.deposits import Deposits
from kerege.bank.disputes import Disputes
from kerege.bank.funding import Funding
from kerege.bank.guardian_limits import GuardianLimits
from kerege.bank.incoming import Incoming, Owners
from kerege.bank.limits import LimitBook
from kerege.bank.notices import Silent, Teller
from kerege.bank.outgoing import Gather, Outgoing, gather_in_threads
from kerege.bank.own_wallet import OwnWallet
from kerege.bank.terms import TermsBook
from kerege.bank.topping_up import ToppingUp
from kerege.bank.trying import Trial
from kerege.ledger import Ledger
from kerege.runtime import Clock, IdMaker
from kerege.runtime.tables import Tables

__all__ = ["Desk"]


class Desk:
    """Deposits, limits, the way out and the way in, over one bank's ledger and tables.

    `ledger` is the bank's own; `tables` are `open_money_tables`; `assets` are code and scale of
    what deposits are kept in. `gather` and `threads` say how work is done at once; a simulation
    does it one after the other.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        tables: Tables,
        core: CoreLine,
        own: OwnWallet,
        assets: Iterable[tuple[str, int]],
        terms: TermsBook,
        owners: Owners,
        clock: Clock,
        ids: IdMaker,
        teller: Teller | None = None,
        gather: Gather = gather_in_threads,
        threads: Executor | None = None,
    ) -> None:
        teller = teller or Silent()
        self.deposits = Deposits(ledger, assets)
        self.limits = LimitBook(self.deposits, clock=clock, ids=ids)
        self.delivery = Delivery(
            tables=tables,
            deposits=self.deposits,
            limits=self.limits,
            core=core,
            clock=clock,
            teller=teller,
        )
        self.outgoing = Outgoing(
            self.delivery,
            self.limits,
            terms,
            clock=clock,
            own_wallets=frozenset({own.wallet}),
            gather=gather,
        )
        self.topping_up = ToppingUp(self.outgoing.send, core, self.deposits, own, threads=threads)
        self.outgoing.let_top_up(self.topping_up)
        self.trial = Trial(
            self.outgoing,
            terms,
            self.limits,
            self.deposits,
            self.topping_up,
            core,
            clock=clock,
            own_wallets=frozenset({own.wallet}),
        )
        self.funding = Funding(self.outgoing, self.deposits, own, clock=clock)
        self.incoming = Incoming(
            tables=tables,
            deposits=self.deposits,
            core=core,
            owners=owners,
            teller=teller,
            own_wallet=own.wallet,
        )
        self.disputes = Disputes(tables, self.outgoing, own, clock=clock)
        self.guardian_limits = GuardianLimits(tables, clock=clock)
        self._clock = clock

    def recover(self) -> int:
        """See through whatever an earlier process left undone; returns how many orders there
        were. Call it at start, before customers are let in."""
        return self.delivery.tend(None)

    def tend(self) -> int:
        """Send again what was not answered and is due; look after disputes."""
        return self.delivery.tend(self._clock.now_us()) + self.disputes.tend()

    def close(self) -> None:
        """Take nothing more, see through what is in hand. Ledger and tables stay open."""
        self.topping_up.close()
        self.outgoing.close()
