# SPDX-License-Identifier: Apache-2.0
"""Core events come in: deposits are credited, whoever is concerned is told, the cursor moves on.

First the ledger (its orders' ids follow from the events, so a repeat changes nothing), then notices
and cursor in one SQL transaction. A crash in between repeats the page. Several nodes may read: the
one whose cursor was current tells, the others have changed nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

import msgspec
from msgspec import Raw

from kerege.bank import incoming_store as store
from kerege.bank.core_line import MAX_EVENTS, CoreLine
from kerege.bank.deposits import Deposits
from kerege.bank.notices import CONCERNED, Notice, Teller, concerned_key
from kerege.bank.waterfall import Credit, credit_order, credits_of, suspense_order
from kerege.errors import InvariantViolation
from kerege.ledger import Order, Outcome, Refusal
from kerege.payments.concerned import AUTHORITY, NAMES_OTHERS
from kerege.payments.documents import Refund, Rehome, decode_document
from kerege.payments.events import Event, Page
from kerege.payments.ids import WalletId
from kerege.runtime.tables import Tables

__all__ = ["MAX_PAPER_BYTES", "Incoming", "Owners"]

MAX_PAPER_BYTES: Final = 8 * 1024
"""Of a document passed on in a notice: a contract with all its milestones has five kilobytes."""

_CURSOR: Final = "core-events"
_REHOME: Final = "rehome"

_CANNOT_TAKE: Final = frozenset(
    {Refusal.CREDITS_FROZEN, Refusal.CREDIT_ACCOUNT_CLOSED, Refusal.EXCEEDS_CEILING}
)
"""Why a deposit may refuse a credit; the money is kept in suspense then."""


class Owners(Protocol):
    """Who knows whose wallet is whose."""

    def owners(self, wallets: Sequence[str]) -> Mapping[str, str]:
        """Customers by wallet; also of wallets that have left for another bank."""


class Incoming:
    """Reads the core's events for one bank."""

    def __init__(
        self,
        *,
        tables: Tables,
        deposits: Deposits,
        core: CoreLine,
        owners: Owners,
        teller: Teller,
        own_wallet: str,
    ) -> None:
        self._tables = tables
        self._deposits = deposits
        self._core = core
        self._owners = owners
        self._teller = teller
        self._own_wallet = own_wallet
        self._left: Callable[[WalletId], object] | None = None

    def let_leave(self, left: Callable[[WalletId], object]) -> None:
        """Have `left` called for each wallet that has moved to another bank; perhaps again."""
        self._left = left

    @property
    def cursor(self) -> int:
        """Up to which event everything was done."""
        with self._tables.read() as connection:
            return store.position_of(connection, _CURSOR)

    def refunded(self, refunds: Sequence[str]) -> dict[str, str]:
        """The payments that orders gave back of, by order, for those that are refunds."""
        with self._tables.read() as connection:
            return store.payments_of_refunds(connection, refunds)

    def read(self, *, limit: int = MAX_EVENTS, wait_s: int = 0) -> int:
        """Take one page of events in; returns how many there were.

        Raises `CoreUnreachable`, `StoreFailed`, or the database's error: call again.
        """
        before = self.cursor
        page = self._core.events(before, limit=limit, wait_s=wait_s)
        self.take(page, before=before)
        return len(page.events)

    def take(self, page: Page, *, before: int) -> None:
        """Take in a page that was asked for with the cursor `before`."""
        credited = self._credit(page.events)
        self._see_off(page.events)
        if page.next == before:
            return
        with self._tables.begin() as connection:
            if store.advance(connection, _CURSOR, before=before, after=page.next):
                store.note_refunds(connection, list(_refunds(page.events)))
                notices = [*self._moved(page.events), *map(_deposited, credited)]
                notices += _concerned(page.events)
                self._teller.tell(connection, notices)

    def _see_off(self, events: Sequence[Event]) -> None:
        """Wallets that have left: after what the same page still brought them."""
        for event in events:
            if event.kind == _REHOME and self._left is not None:
                document = decode_document(bytes(event.document))
                if isinstance(document, Rehome):
                    self._left(WalletId(document.wallet))

    def _credit(self, events: Sequence[Event]) -> list[Credit]:
        """Credit what the events bring; returns what reached its deposit."""
        due = [c for event in events for c in credits_of(event, own_wallet=self._own_wallet)]
        due = [credit for credit in due if credit.asset in self._deposits.assets]
        owners = self._owners.owners([credit.wallet for credit in due])
        outcomes = self._deposits.post([self._order_of(credit, owners) for credit in due])
        pairs = list(zip(due, outcomes, strict=True))
        refused = [credit for credit, outcome in pairs if not self._is_credited(outcome)]
        self._deposits.post([self._in_suspense(credit) for credit in refused])
        return [c for c, outcome in pairs if outcome.accepted and c.wallet in owners]

    def _order_of(self, credit: Credit, owners: Mapping[str, str]) -> Order:
        customer = owners.get(credit.wallet)
        return credit_order(
            credit,
            position=self._deposits.position(credit.asset),
            account=self._deposits.suspense(credit.asset)
            if customer is None
            else self._deposits.account(customer, credit.asset),
        )

    def _in_suspense(self, credit: Credit) -> Order:
        return suspense_order(
            credit,
            position=self._deposits.position(credit.asset),
            suspense=self._deposits.suspense(credit.asset),
        )

    def _is_credited(self, outcome: Outcome) -> bool:
        """Whether this or an earlier reading credited it, if perhaps to suspense."""
        if outcome.refusal is Refusal.ID_HAS_OTHER_CONTENT:
            first = self._deposits.ledger.outcome(outcome.order_id)
            return first is not None and first.accepted
        if outcome.refusal is None or outcome.refusal in _CANNOT_TAKE:
            return outcome.accepted
        raise InvariantViolation(f"a credit of an event was refused: {outcome.refusal.name}")

    def _moved(self, events: Sequence[Event]) -> Iterator[Notice]:
        for event in events:
            for number, move in enumerate(event.wallets):
                if not move.overflow and (move.change or move.held):
                    yield Notice(
                        key=f"moved:{event.order}:{number}",
                        kind="moved",
                        wallet=move.wallet,
                        order=event.order,
                        at_us=event.at_us,
                        asset=move.asset,
                        change=move.change,
                        held=move.held,
                        mark=move.mark,
                        counterparty=move.counterparty,
                        document=event.kind,
                    )


def _concerned(events: Sequence[Event]) -> Iterator[Notice]:
    for event in events:
        for concern in event.concerns:
            whole = event.kind not in NAMES_OTHERS or concern.role == AUTHORITY
            yield Notice(
                key=f"{concerned_key(concern.by)}{event.order}:{concern.wallet}:{concern.role}",
                kind=CONCERNED,
                wallet=concern.wallet,
                order=event.order,
                at_us=event.at_us,
                counterparty=concern.by,
                document=event.kind,
                role=concern.role,
                papers=concern.papers,
                paper=_paper(event.document) if whole else {},
            )


def _paper(document: Raw) -> Mapping[str, Any]:
    """The document, where it was shown and is of a size to be passed on."""
    if len(memoryview(document)) > MAX_PAPER_BYTES:
        return {}
    found = msgspec.json.decode(document)
    return found if isinstance(found, dict) else {}


def _deposited(credit: Credit) -> Notice:
    return Notice(
        key=f"deposited:{credit.why}:{credit.event}:{credit.part}",
        kind="deposited",
        wallet=credit.wallet,
        order=credit.event,
        at_us=credit.at_us,
        asset=credit.asset,
        change=credit.amount,
        document=credit.why,
    )


def _refunds(events: Sequence[Event]) -> Iterator[store.Refunded]:
    for event in events:
        if event.kind == "refund":
            # The core decoded it before it accepted it.
            document = decode_document(bytes(event.document))
            if isinstance(document, Refund):
                yield store.Refunded(event.order, document.order, document.leg, document.amount)
