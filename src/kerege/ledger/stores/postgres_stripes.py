# SPDX-License-Identifier: Apache-2.0
"""Accounts that everyone touches, and how much of them a batch has to lock.

A credit to a collector, and either side of an issuer, is allowed whatever the balance is.
So their cells are spread over stripes: a batch that only does such things locks one stripe,
its connection's own, and waits for nobody but those who use the same one. A batch that needs
the balance itself locks all stripes and sees the sum. Which it is follows from the request
alone, because an account's role never changes.

The one limit such accounts have is `MAX_BALANCE`. While no stripe is beyond `STRIPE_BOUND`
their sum cannot come near it; past that the account is *crowded* and always locked whole.
Whoever has it whole writes to stripe 1, so no other stripe ever passes the bound.
"""

import threading
from collections.abc import Sequence
from typing import Final

import numpy as np

from kerege.ledger.account import MAX_BALANCE, Cell, Role
from kerege.ledger.order import CloseAccount, SetLimits, SetStatus, Transfer
from kerege.ledger.request import Request
from kerege.ledger.state import Ints
from kerege.ledger.stores.postgres_connections import Connection

__all__ = [
    "ALL_STRIPES",
    "STRIPED_ROLES",
    "STRIPES",
    "STRIPE_BOUND",
    "WHOLE_STRIPE",
    "StripedAccounts",
    "sum_of_stripes",
]

STRIPES: Final = 16
"""Batches that can credit one collector at once: twice the connections of one process, so two
or three busy processes seldom meet; and the rows to lock when someone spends from it."""

ALL_STRIPES: Final = range(1, STRIPES + 1)
WHOLE_STRIPE: Final = 1

STRIPE_BOUND: Final = MAX_BALANCE // (4 * STRIPES)
"""Minor units in one stripe, either sign: all of them together are a quarter of the limit.
Some 600 million million units of a currency with two decimal places."""

STRIPED_ROLES: Final = (Role.COLLECTOR, Role.ISSUER)

_HIGHEST: Final = "SELECT coalesce(max(id), 0) FROM accounts"
_NEW: Final = """
    SELECT id, role FROM accounts WHERE id > %s AND id <= %s AND role IN (2, 4) ORDER BY id
"""


class StripedAccounts:
    """Collectors and issuers among the accounts seen so far; they only ever increase."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known_up_to = 0
        self._collectors = np.zeros(0, np.int64)
        self._all = np.zeros(0, np.int64)

    def learn(self, connection: Connection, accounts: Ints) -> None:
        """Make sure that the roles of `accounts` (sorted) are known.

        Accounts are opened one batch after the other, so below the highest none is missing.
        """
        with self._lock:
            if not len(accounts) or accounts[-1] <= self._known_up_to:
                return
            highest = connection.execute(_HIGHEST).fetchall()[0][0]
            rows = connection.execute(_NEW, (self._known_up_to, highest)).fetchall()
            found = np.array(rows, np.int64).reshape(-1, 2)
            collectors = found[found[:, 1] == Role.COLLECTOR, 0]
            self._all = np.concatenate((self._all, found[:, 0]))
            self._collectors = np.concatenate((self._collectors, collectors))
            self._known_up_to = highest

    def among(self, accounts: Ints) -> Ints:
        """Those of `accounts` whose cells are striped."""
        return np.intersect1d(accounts, self._all)

    def needed_whole(self, request: Request) -> Ints:
        """Striped accounts whose balance, limits or status decide something in `request`."""
        debited: list[int] = []
        looked_at: list[int] = []
        for place in request.others:
            order = request.order(place)
            looked_at += (expectation.account for expectation in order.terms.expects)
            for step in order.steps:
                if isinstance(step, Transfer):
                    debited.append(step.debit)
                elif isinstance(step, SetLimits | SetStatus | CloseAccount):
                    looked_at.append(step.account)
        debits = np.concatenate((request.steps.debit, np.array(debited, np.int64)))
        spent = np.intersect1d(debits, self._collectors)
        return np.union1d(spent, np.intersect1d(np.array(looked_at, np.int64), self._all))


def sum_of_stripes(cells: Sequence[Cell]) -> Cell:
    """The cell whose stripes these are."""
    return Cell(
        balance=sum(cell.balance for cell in cells),
        debits_pending=sum(cell.debits_pending for cell in cells),
        credits_pending=sum(cell.credits_pending for cell in cells),
        version=sum(cell.version for cell in cells),
        last_seq=max((cell.last_seq for cell in cells), default=0),
    )
