# SPDX-License-Identifier: Apache-2.0
"""Both sides of disputes between two banks, over one line to the other banks."""

from kerege.bank.cases_abroad import CasesAbroad, CaseTelling
from kerege.bank.core_line import CoreLine
from kerege.bank.customers import Customers
from kerege.bank.disputes import Disputes
from kerege.bank.neighbours import PeerBanks
from kerege.bank.outbox import Outbox
from kerege.bank.peer_cases import PeerCases
from kerege.runtime import Clock
from kerege.runtime.tables import Tables

__all__ = ["both_sides"]


def both_sides(
    bank: str,
    tables: Tables,
    disputes: Disputes,
    core: CoreLine,
    neighbours: PeerBanks,
    *,
    customers: Customers,
    outbox: Outbox,
    clock: Clock,
) -> tuple[CaseTelling, CasesAbroad]:
    """The payer's bank's side and the payee's, for the bank called `bank`."""
    peers = PeerCases(neighbours.line_to)
    telling = CaseTelling(
        bank, tables, disputes, core, peers, customers=customers, outbox=outbox, clock=clock
    )
    return telling, CasesAbroad(
        tables, core, peers, customers=customers, outbox=outbox, clock=clock
    )
