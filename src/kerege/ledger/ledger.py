# SPDX-License-Identifier: Apache-2.0
"""The ledger: posts batches of orders, answers questions.

Load, decide, write: the store loads what a batch names, `deciding.decide` decides it,
the store writes what came of it. This file only carries values between them.
"""

from collections.abc import Callable, Iterator, Sequence, Set
from itertools import islice
from typing import Final

from msgspec import Struct

from kerege.errors import InvariantViolation
from kerege.ledger.account import Cell, CellKey, Status
from kerege.ledger.deciding import decide
from kerege.ledger.errors import UnknownAccount
from kerege.ledger.expiry import expiry_of
from kerege.ledger.ids import MAX_ACCOUNT_ID, AccountId, Mark, OrderId, format_account_id
from kerege.ledger.numbering import MAX_BATCH_STEPS
from kerege.ledger.order import Order
from kerege.ledger.outcome import Outcome
from kerege.ledger.request import Columns, Request
from kerege.ledger.ruling import OutcomeColumns, Ruling
from kerege.ledger.stored import AcceptedAt, AccountInfo, Movement
from kerege.ledger.stores.interface import Commit, Retry, Store

__all__ = ["MAX_EXPIRIES", "MAX_HOLDERS", "MAX_STATEMENT", "NO_ACCOUNT", "Ledger", "Posting"]

MAX_EXPIRIES: Final = 1_024
"""Pending transfers expired in one batch; while more are due, another such batch follows."""

MAX_STATEMENT: Final = 1_000
"""Movements in one page of a statement."""


MAX_HOLDERS: Final = 1_000
"""Cells in one page of a mark's holders."""

NO_ACCOUNT: Final = AccountId(0)
"""Before every account there is."""


class Ledger:
    """One ledger on one store. Safe to use from several threads.

    `now_us` gives the time in microseconds since 1970 UTC.
    """

    def __init__(self, store: Store, now_us: Callable[[], int]) -> None:
        self._store = store
        self._now_us = now_us

    def post(self, orders: Sequence[Order]) -> list[Outcome]:
        """Decide `orders` in turn; each happens whole or not at all. Returns when durable.

        One outcome an order, in their order. Raises `StoreFailed` when the database did not
        confirm: send the same orders again.
        """
        return self.begin(orders).outcomes()

    def begin(self, orders: Sequence[Order], *, attempts: Set[int] = frozenset()) -> "Posting":
        """The first half of `post`: orders are decided and on their way to the disk.

        What is begun after this returned is decided after it. A refusal of those at the places
        `attempts` is not remembered: their ids stay free, for an order planned anew by what the
        balances are now. Raises as `post` does.
        """
        turns: list[_Turn] = []
        first = 0
        for batch in _split(orders):
            if turns:
                # Without the orders before them these could be refused for good.
                turns[-1].ruling()
            tried = frozenset(n - first for n in attempts if first <= n < first + len(batch))
            turns.append(self._post(Request.of_orders(batch, attempts=tried)))
            first += len(batch)
        return Posting(turns)

    def post_columns(self, columns: Columns) -> OutcomeColumns:
        """`post` for plain transfers as arrays, at most a batch of them."""
        return self._post(Request.of_columns(columns)).ruling().outcome_columns()

    def rehearse(self, orders: Sequence[Order]) -> list[Outcome]:
        """What `post` would answer now, at most a batch; nothing of it happens."""
        request = Request.of_orders(orders)
        attempts = 0
        while True:
            try:
                with self._store.session() as session:
                    loaded = session.load(request)
                    batch, at_us = session.number(self._now_us())
                    return decide(request, loaded, batch=batch, at_us=at_us).outcomes()
            except Retry as trouble:
                attempts += 1
                trouble.pause(attempts)

    def expire(self) -> int:
        """Release pending transfers whose time has passed; returns how many.

        Every batch begins with this; call it when no orders come in.
        """
        released = 0
        while turn := self._turn(None):
            released += turn.ruling().accepted
        return released

    def _post(self, request: Request) -> "_Turn":
        """Expire what is due, then decide `request`."""
        before: list[Commit] = []
        while turn := self._turn(request):
            before += turn.commits
            if turn.request is request:
                return _Turn(request, turn.decided, before)
        raise InvariantViolation("a store took no turn")

    def _turn(self, request: Request | None) -> "_Turn | None":
        """`_try` until the store takes it; repeating is harmless, for ids tell what was done."""
        attempts = 0
        while True:
            try:
                return self._try(request)
            except Retry as trouble:
                attempts += 1
                trouble.pause(attempts)

    def _try(self, request: Request | None) -> "_Turn | None":
        """One batch: of expiries while any are due, of `request` when none is."""
        now_us = self._now_us()
        with self._store.session() as session:
            due = session.due(now_us, MAX_EXPIRIES)
            expiries = [expiry_of(pending) for pending in due]
            asked = Request.of_orders(expiries, own=True) if due else request
            if asked is None:
                return None
            loaded = session.load(asked)
            batch, at_us = session.number(now_us)
            ruling = decide(asked, loaded, batch=batch, at_us=at_us)
            commits = [] if ruling.is_empty else [session.write(ruling)]
        return _Turn(asked, ruling, commits)

    # -- questions, answered from what is durable --

    def outcome(self, order_id: OrderId) -> Outcome | None:
        """What became of an order; None if it was never decided."""
        return self._store.outcome(order_id)

    def accepted(self, order_id: OrderId) -> AcceptedAt | None:
        """An accepted order with its time and its leaf in the log, as a receipt needs it."""
        return self._store.accepted(order_id)

    def account(self, account_id: AccountId) -> AccountInfo:
        """An account; raises `UnknownAccount`."""
        known = 0 < account_id <= MAX_ACCOUNT_ID
        info = self._store.account(account_id) if known else None
        if info is None:
            raise _unknown(account_id)
        return info

    def cells(self, account_id: AccountId) -> dict[Mark, Cell]:
        """Balances of an account by mark; raises `UnknownAccount`."""
        self.account(account_id)
        return self._store.cells_of(account_id)

    def marked(self, accounts: Sequence[AccountId]) -> dict[CellKey, Cell]:
        """Marked cells of accounts as of the newest batch decided, which may not be durable yet:
        for plans, which the ledger decides on anyway. Accounts without any are left out."""
        return self._store.marked(accounts)

    def spendable(self, account_id: AccountId) -> int:
        """Unmarked minor units an account can part with as of the newest batch decided, as
        `marked`; 0 if its debits are frozen. Raises `UnknownAccount`."""
        known = 0 < account_id <= MAX_ACCOUNT_ID
        found = self._store.state(account_id) if known else None
        if found is None:
            raise _unknown(account_id)
        account, cell = found
        if account.status & (Status.DEBITS_FROZEN | Status.CLOSED):
            return 0
        return max(cell.available - (account.floor or 0), 0)

    def holders(
        self, mark: Mark, *, after: AccountId = NO_ACCOUNT, limit: int = MAX_HOLDERS
    ) -> list[tuple[AccountId, Cell]]:
        """Up to `limit` cells of a mark that are not empty, by account, from beyond `after`."""
        limit = min(max(limit, 0), MAX_HOLDERS)
        return list(self._store.holders(mark, after=after, limit=limit))

    def cell_at(self, key: CellKey, *, at_us: int) -> Cell:
        """A balance as it stood at the end of the microsecond `at_us`; raises `UnknownAccount`."""
        self.account(key[0])
        return self._store.cell_at(key, at_us=_in_64_bits(at_us))

    def statement(
        self, key: CellKey, *, before_seq: int | None = None, limit: int = 100
    ) -> list[Movement]:
        """Up to `limit` movements with running balances, newest first; raises `UnknownAccount`.

        The next page is `before_seq` = the last movement's `seq`.
        """
        self.account(key[0])
        limit = min(max(limit, 0), MAX_STATEMENT)
        before_seq = None if before_seq is None else _in_64_bits(before_seq)
        return list(islice(self._store.history(key, before_seq=before_seq), limit))

    def close(self) -> None:
        """Finish what is under way and let go of the store."""
        self._store.close()


class _Turn(Struct, frozen=True):
    """A decided request, and what must be durable before anyone hears of it."""

    request: Request
    decided: Ruling
    commits: Sequence[Commit]

    def ruling(self) -> Ruling:
        """What was decided, once it is durable; raises `StoreFailed`."""
        for commit in self.commits:
            commit.wait()
        return self.decided


class Posting:
    """Orders decided, not yet known to be durable."""

    def __init__(self, turns: Sequence[_Turn]) -> None:
        self._turns = turns

    def decided(self) -> list[Outcome]:
        """One outcome an order as it was decided: nobody may be told of it before `outcomes`."""
        return [outcome for turn in self._turns for outcome in turn.decided.outcomes()]

    def outcomes(self) -> list[Outcome]:
        """One outcome an order, once all are durable; raises `StoreFailed`."""
        return [outcome for turn in self._turns for outcome in turn.ruling().outcomes()]


def _split(orders: Sequence[Order]) -> Iterator[Sequence[Order]]:
    """Cut into batches of at most `MAX_BATCH_STEPS` steps; an over-long order goes alone,
    to be refused by name."""
    sizes = [len(order.steps) or 1 if type(order.steps) is tuple else 1 for order in orders]
    if sizes and sum(sizes) <= MAX_BATCH_STEPS:
        yield orders
        return
    start, steps = 0, 0
    for place, size in enumerate(sizes):
        if place > start and steps + size > MAX_BATCH_STEPS:
            yield orders[start:place]
            start, steps = place, 0
        steps += size
    if start < len(orders):
        yield orders[start:]


def _unknown(account_id: AccountId) -> UnknownAccount:
    return UnknownAccount(
        f"there is no account {format_account_id(account_id)}",
        remedy="open it, or check the number",
    )


def _in_64_bits(number: int) -> int:
    """The nearest number a store can compare with; nothing lies beyond."""
    return min(max(number, -(2**63)), 2**63 - 1)
