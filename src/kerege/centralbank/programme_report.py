# SPDX-License-Identifier: Apache-2.0
"""A programme's report to its funder: what was marked, where it is, what it was spent on.

Read from the ledger each time, in one pass over the orders of the period and one over the marks'
holders; nothing is kept that could disagree with it. What a pass remembers is bounded, and so is
how far it goes.
"""

import threading
from collections.abc import Mapping, Sequence
from typing import Final

from kerege.centralbank.order_log import MAX_ORDERS_SEEN, SLACK_US, orders_since
from kerege.centralbank.programme_flags import Signs
from kerege.centralbank.programme_flows import Flow, FlowKind, Places, flows_of, plain_payments
from kerege.centralbank.programme_routes import Routes
from kerege.centralbank.programme_tally import Tally, group_of
from kerege.centralbank.register import Register
from kerege.centralbank.register_programmes import ProgrammeRecord
from kerege.centralbank.telling import document_of
from kerege.errors import InvariantViolation
from kerege.ledger import UNMARKED, AccountId, Cell, Ledger, Order, Status
from kerege.ledger.encoding import decode_order
from kerege.ledger.ledger import MAX_HOLDERS, NO_ACCOUNT
from kerege.ledger.stored import StoredOrder
from kerege.ledger.stores import Store
from kerege.payments.scene import WalletFacts
from kerege.programmes.calendar import Days
from kerege.programmes.report import ProgrammeReport, RefusedBy

__all__ = ["MAX_HOLDERS_SEEN", "MAX_PERIOD_US", "ProgrammeReports"]

MAX_PERIOD_US: Final = 400 * 24 * 3600 * 1_000_000
"""A year and its holidays; of a longer period one report tells the beginning."""

MAX_HOLDERS_SEEN: Final = 50_000
"""Holders of marked money that one report looks at."""


class ProgrammeReports:
    """Makes reports, one at a time. Safe among threads; every call may block for long."""

    def __init__(self, store: Store, ledger: Ledger, register: Register) -> None:
        self._store = store
        self._ledger = ledger
        self._register = register
        self._one = threading.Lock()

    def report(self, programme: str, *, from_us: int, until_us: int) -> ProgrammeReport | None:
        """The programme in that period (µs, the end not in it); None if there is none."""
        with self._one:
            record = self._register.programme_records().get(programme)
            if record is None:
                return None
            return _Pass(self._store, self._ledger, self._register, record).report(
                from_us, until_us
            )


class _Pass:
    """One report in the making."""

    def __init__(
        self, store: Store, ledger: Ledger, register: Register, record: ProgrammeRecord
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._register = register
        self._record = record
        self._routes = Routes(ledger, register, now_us=record.newest.terms.starts_us)
        self._places = self._find_places()
        self._tally = Tally()
        calendar = record.newest.terms.calendar
        days = Days(calendar)
        has_days = bool(calendar.weekdays or calendar.closed)
        self._signs = Signs(
            scale=self._scale(), is_closed=lambda at_us: has_days and not days.at(at_us).open
        )

    def report(self, from_us: int, until_us: int) -> ProgrammeReport:
        """Read everything and sum it up."""
        end_us = max(min(until_us, from_us + MAX_PERIOD_US), from_us)
        reached_us = self._read_orders(from_us, end_us)
        seen_all = self._read_holders()
        flags = self._signs.flags(self._name)
        record = self._record
        return ProgrammeReport(
            programme=record.id,
            asset=record.asset,
            state=record.state.value,
            from_us=from_us,
            until_us=reached_us,
            is_complete=reached_us >= until_us,
            budget=record.newest.terms.budget,
            budget_left=self._budget_left(),
            figures=self._tally.figures(),
            standing=self._tally.standing(),
            is_standing_complete=seen_all,
            refused=self._refused(from_us, end_us),
            flags=flags,
            are_flags_complete=self._signs.is_complete,
        )

    # -- orders --

    def _read_orders(self, from_us: int, until_us: int) -> int:
        """Read the period's orders; returns until when they were all read."""
        seen = 0
        for at_us, stored in orders_since(self._store, from_us):
            if at_us >= until_us + SLACK_US:
                break
            if from_us <= at_us < until_us:
                if seen >= MAX_ORDERS_SEEN:
                    return at_us
                self._see(stored, at_us)
                seen += 1
        return until_us

    def _see(self, stored: StoredOrder, at_us: int) -> None:
        order = decode_order(stored.body, stored.evidence)
        for pair, amount in plain_payments(order, stored.results):
            self._signs.see_plain(pair, amount)
        if not any(getattr(step, "mark", 0) in self._record.marks for step in order.steps):
            return
        kind, payload = document_of(stored.evidence)
        for flow in flows_of(order, stored.results, kind, self._places):
            self._signs.see(flow, at_us=at_us)
            route = self._route(flow, order, payload, at_us)
            group = group_of(self._shown(flow))
            self._tally.add_flow(flow.kind, group, route, flow.amount)

    def _shown(self, flow: Flow) -> WalletFacts | None:
        """Whose group a flow is told in: the payee's; of a refund, who gave it back; of what
        returned, who had it."""
        is_back = flow.kind in (FlowKind.REFUNDED, FlowKind.RETURNED, FlowKind.RECALLED)
        return self._wallet(flow.payer if is_back else flow.payee)

    def _route(self, flow: Flow, order: Order, payload: bytes, at_us: int) -> str:
        """The route by which such a payment goes, as wallets are today; empty for what is none."""
        if flow.kind in (FlowKind.MARKED, FlowKind.REFUNDED, FlowKind.RECALLED):
            return ""
        payer, payee = self._wallet(flow.payer), self._wallet(flow.payee)
        if payer is None or payee is None:
            return ""
        return self._routes.route(flow, order, payload, payer=payer, payee=payee, at_us=at_us)

    # -- holders --

    def _read_holders(self) -> bool:
        """Look at who has marked money; returns whether that was everyone."""
        seen = 0
        for mark in self._record.marks:
            after = NO_ACCOUNT
            while page := self._ledger.holders(mark, after=after, limit=MAX_HOLDERS):
                if seen >= MAX_HOLDERS_SEEN:
                    return False
                seen += len(page)
                self._see_holders(page)
                after = page[-1][0]
        return True

    def _see_holders(self, page: Sequence[tuple[AccountId, Cell]]) -> None:
        for account, cell in page:
            if account == self._places.converter:
                continue
            is_frozen = self._ledger.account(account).account.status & Status.DEBITS_FROZEN
            self._tally.add_holder(
                group_of(self._wallet(account)),
                amount=cell.balance,
                held=cell.debits_pending,
                frozen=cell.balance if is_frozen else 0,
            )

    # -- facts --

    def _find_places(self) -> Places:
        record = self._record
        funder = self._register.wallet(record.funder)
        converter = self._register.converter(record.asset)
        if funder is None or converter is None:
            raise InvariantViolation(f"{record.id} has no funder or no converter")
        return Places(record.marks, converter, funder.accounts[record.asset])

    def _scale(self) -> int:
        assets = self._register.parameters().assets
        return next(money.scale for money in assets if money.code == self._record.asset)

    def _wallet(self, account: AccountId) -> WalletFacts | None:
        wallet = self._register.wallet_of_account(account)
        return None if wallet is None else self._register.wallet(wallet)

    def _name(self, account: AccountId) -> str:
        wallet = self._wallet(account)
        return "" if wallet is None or wallet.owner_kind == "person" else wallet.id

    def _budget_left(self) -> int:
        account = self._ledger.account(self._record.budget).account
        cell = self._ledger.cells(self._record.budget).get(UNMARKED, Cell())
        return cell.available - (account.floor or 0)

    def _refused(self, from_us: int, until_us: int) -> tuple[RefusedBy, ...]:
        counts: Mapping[str, int] = self._register.refusals.read(
            self._record.id, from_us=from_us, until_us=until_us
        )
        return tuple(RefusedBy(rule, count) for rule, count in sorted(counts.items()))
