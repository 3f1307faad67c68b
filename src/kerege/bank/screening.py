# SPDX-License-Identifier: Apache-2.0
"""Screening of customers against lists, and the queue of what a person must decide.

A likeness never decides by itself: it makes the customer wait (`CustomerState.WAITING`) and opens a
case. Clearing the last case lets the customer act, confirming one blocks. A decision stands until
the entry or the customer's name or birth date changes.
"""

import hashlib
import threading
from collections.abc import Sequence
from typing import Final

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from kerege.bank import screening_store as store
from kerege.bank.customer import Customer, CustomerId, CustomerState, Refused
from kerege.bank.customers import Application, Customers
from kerege.bank.customers_store import retried
from kerege.bank.personal_data import PersonalData
from kerege.bank.screening_case import Case, CaseState, UnknownCase
from kerege.bank.screening_index import Hit, Looked, NameIndex
from kerege.bank.screening_list import ListedEntry, MalformedList, SanctionsList
from kerege.bank.vault import NothingKept, Vault
from kerege.errors import KeregeError
from kerege.keys import RootSecret
from kerege.runtime.clock import Clock
from kerege.runtime.ids import IdMaker
from kerege.runtime.tables import Tables

__all__ = [
    "MAX_NOTE_CHARS",
    "REVIEW_FROM",
    "AlreadyDecided",
    "CaseView",
    "Loaded",
    "Rescreened",
    "Screening",
]

REVIEW_FROM: Final = 850
"""Of 1000: from this score on a person looks. Measured in `tests/unit/bank/test_screening_*`."""

MAX_NOTE_CHARS: Final = 1_000
MAX_CASES_AT_ONCE: Final = 20
"""Of one customer from one look: the best likenesses; nobody reads more."""

_SEEN_WITHIN_US: Final = 1_000_000
"""How long a node may not notice that another node changed a list."""

_MAX_PAGE: Final = 200


class AlreadyDecided(KeregeError):
    """Somebody else decided the case otherwise."""


class Loaded(Struct, frozen=True):
    """What loading a list changed, in numbers of entries."""

    added: int
    changed: int
    removed: int


class Rescreened(Struct, frozen=True):
    """A part of all customers was looked at; go on behind `cursor` unless it is None."""

    cursor: str | None
    looked: int
    opened: int


class CaseView(Struct, frozen=True):
    """A case with all a person needs: the entry as it is now, and the likeness explained.

    `hit` is None if names are no longer alike; `note` is what the decision was explained with.
    """

    case: Case
    entry: ListedEntry | None
    hit: Hit | None
    data: PersonalData
    note: str


class Screening:
    """Lists, looks and decisions. Safe among threads and processes on one database.

    `review_from` of 1000 is the score from which on a person looks.
    """

    def __init__(
        self,
        tables: Tables,
        vault: Vault,
        customers: Customers,
        *,
        index: RootSecret,
        clock: Clock,
        ids: IdMaker,
        review_from: int = REVIEW_FROM,
    ) -> None:
        self._tables = tables
        self._vault = vault
        self._customers = customers
        self._tags = index.index_key("screening")
        self._clock = clock
        self._ids = ids
        self._review_from = review_from
        self._lock = threading.Lock()
        self._names = NameIndex(())
        self._digests: tuple[str, ...] = ()
        self._seen_us = -_SEEN_WITHIN_US

    # Lists

    def load(self, given: SanctionsList, *, may_shrink: bool = False) -> Loaded:
        """Put a list in place of the one of its name. Then look at everybody again (`rescreen`).

        Raises `MalformedList` for a list that lost more than half of its entries, which is what a
        broken download looks like, unless it `may_shrink`.
        """
        new = {entry.id: entry for entry in given.entries}
        with self._tables.begin() as connection:
            old = {entry.id: entry for _, entry in store.entries(connection, given.name)}
            gone = sorted(old.keys() - new.keys())
            if 2 * len(gone) > len(old) and not may_shrink:
                raise MalformedList(
                    f"{len(gone)} of {len(old)} entries would go",
                    remedy="fetch the list again, or say that it may shrink",
                )
            changed = [entry for entry in given.entries if old.get(entry.id) != entry]
            added = sum(entry.id not in old for entry in changed)
            store.write_list(
                connection,
                store.KeptList(
                    given.name,
                    given.version,
                    hashlib.sha256(msgspec.json.encode(given)).hexdigest(),
                    len(new),
                    self._clock.now_us(),
                ),
            )
            store.write_entries(connection, given.name, changed)
            store.remove_entries(connection, given.name, gone)
            freed = store.lapse_cases(connection, given.name, gone)
        self._release(freed)
        self._forget_index()
        return Loaded(added, len(changed) - added, len(gone))

    def drop(self, name: str) -> int:
        """Take a list out of use; open cases about it lapse. Says how many entries it had."""
        with self._tables.begin() as connection:
            gone = [entry.id for _, entry in store.entries(connection, name)]
            freed = store.lapse_cases(connection, name, gone)
            store.remove_entries(connection, name, gone)
            store.remove_list(connection, name)
        self._release(freed)
        self._forget_index()
        return len(gone)

    def lists(self) -> list[store.KeptList]:
        """The lists in use."""
        with self._tables.read() as connection:
            return store.lists(connection)

    # Looking

    def look(self, data: PersonalData, *, kind: str = "person") -> Looked:
        """Who on the lists a person or firm may be; changes nothing."""
        return self._index().look(
            data.name, kind=kind, birth_date=data.birth_date, least=self._review_from
        )

    def admit(self, application: Application) -> Customer | Refused:
        """Open a customer (`Customers.open`), who waits if there is a likeness, with its cases."""
        return self.admit_many([application])[0]

    def admit_many(self, applications: Sequence[Application]) -> list[Customer | Refused]:
        """Open customers as `Customers.open_many` does; who is like somebody listed waits."""
        looks = [self.look(each.data, kind=each.kind) for each in applications]
        opened = self._customers.open_many(
            [
                msgspec.structs.replace(each, waiting=each.waiting or bool(looked.hits))
                for each, looked in zip(applications, looks, strict=True)
            ]
        )
        for customer, each, looked in zip(opened, applications, looks, strict=True):
            if isinstance(customer, Customer):
                # What is kept is compared, so that a later look comes to the same.
                data = self._customers.personal_data(customer.id) if looked.hits else each.data
                self._open_cases(customer, data, looked)
        return opened

    def screen(self, customer: CustomerId) -> list[Case]:
        """Look at a customer again, after any change of data; returns the cases this opened.

        Raises `UnknownCustomer`, `NothingKept`.
        """
        known = self._customers.get(customer)
        data = self._customers.personal_data(customer)
        opened = self._open_cases(known, data, self.look(data, kind=known.kind))
        if opened and known.state is CustomerState.ACTIVE:
            self._customers.set_state(customer, CustomerState.WAITING)
        return opened

    def rescreen(self, after: str = "", *, limit: int = _MAX_PAGE) -> Rescreened:
        """Look at the next `limit` customers by id: all of them, over several calls."""
        page = self._customers.page(after, limit=min(limit, _MAX_PAGE))
        looked = opened = 0
        for customer in page:
            if customer.state in (CustomerState.CLOSED, CustomerState.FORGOTTEN):
                continue
            try:
                opened += len(self.screen(customer.id))
            except NothingKept:
                # Forgotten since the page was read.
                continue
            looked += 1
        return Rescreened(page[-1].id if page else None, looked, opened)

    # Deciding

    def queue(self, after: str = "", *, limit: int = _MAX_PAGE) -> list[Case]:
        """Open cases, oldest first, from the one behind `after` on."""
        with self._tables.read() as connection:
            return store.cases_in(connection, CaseState.OPEN, after, limit=min(limit, _MAX_PAGE))

    def cases(self, customer: CustomerId) -> list[Case]:
        """All cases of a customer."""
        with self._tables.read() as connection:
            return store.cases_of(connection, customer)

    def show(self, case: str) -> CaseView:
        """A case with all that is needed to decide it. Raises `UnknownCase`, `NothingKept`."""
        with self._tables.read() as connection:
            found = _found(store.find_case(connection, case))
            entry = store.find_entry(connection, found.list_name, found.entry)
            note = self._vault.read(connection, found.customer).get(_note_field(found), "")
        data = self._customers.personal_data(found.customer)
        return CaseView(found, entry, self._explain(found, entry, data), data, note)

    def decide(self, case: str, decision: CaseState, *, by: str, note: str = "") -> Case:
        """Clear or confirm a case, as the member of staff `by` decided it; again changes nothing.

        Raises `UnknownCase`, `AlreadyDecided`, `NothingKept`.
        """
        with self._tables.begin() as connection:
            known = _found(store.find_case(connection, case, lock=True))
            if known.state not in (CaseState.OPEN, decision):
                raise AlreadyDecided(f"the case is {known.state}", place=case)
            if known.state is CaseState.OPEN:
                known = msgspec.structs.replace(
                    known, state=decision, decided_us=self._clock.now_us(), decided_by=by[:80]
                )
                store.replace_case(connection, known)
                self._vault.write(
                    connection, known.customer, {_note_field(known): note[:MAX_NOTE_CHARS] or None}
                )
        # After a crash between the two, deciding again sets the state.
        self._apply(known.customer)
        return known

    # How

    def _open_cases(self, customer: Customer, data: PersonalData, looked: Looked) -> list[Case]:
        tag = self._tags.tag(f"{data.name}\0{data.birth_date}".encode())

        def write(connection: sa.Connection) -> list[Case]:
            known = {
                (case.list_name, case.entry): case
                for case in store.cases_of(connection, customer.id)
            }
            opened: list[Case] = []
            for hit in looked.hits[:MAX_CASES_AT_ONCE]:
                before = known.get((hit.list_name, hit.entry.id))
                case = self._case(customer.id, hit, tag, before)
                if case is None:
                    continue
                keep = store.insert_case if before is None else store.replace_case
                keep(connection, case)
                opened.append(case)
            return opened

        # Without a likeness, which is nearly always, nothing needs to be written.
        return retried(self._tables, write) if looked.hits else []

    def _case(self, customer: CustomerId, hit: Hit, tag: bytes, before: Case | None) -> Case | None:
        """The case for a likeness; None if it is open already, or was decided for the same."""
        if before is not None and before.state is not CaseState.LAPSED:
            same = before.entry_digest == hit.entry.digest and before.data_tag == tag
            if before.state is CaseState.OPEN or same:
                return None
        return Case(
            id=before.id if before else f"cse_{self._ids.make().hex()}",
            customer=customer,
            list_name=hit.list_name,
            entry=hit.entry.id,
            entry_digest=hit.entry.digest,
            data_tag=tag,
            score=hit.score,
            state=CaseState.OPEN,
            opened_us=self._clock.now_us(),
        )

    def _explain(self, case: Case, entry: ListedEntry | None, data: PersonalData) -> Hit | None:
        if entry is None:
            return None
        kind = self._customers.get(case.customer).kind
        alone = NameIndex([(case.list_name, entry)])
        hits = alone.look(data.name, kind=kind, birth_date=data.birth_date, least=0).hits
        return hits[0] if hits else None

    def _release(self, customers: Sequence[CustomerId]) -> None:
        for customer in dict.fromkeys(customers):
            self._apply(customer)

    def _apply(self, customer: CustomerId) -> None:
        """Let the cases of a customer say whether it may act."""
        states = {case.state for case in self.cases(customer)}
        known = self._customers.get(customer)
        if CaseState.CONFIRMED in states:
            if known.state in (CustomerState.ACTIVE, CustomerState.WAITING):
                self._customers.set_state(customer, CustomerState.BLOCKED)
        elif CaseState.OPEN not in states and known.state is CustomerState.WAITING:
            self._customers.set_state(customer, CustomerState.ACTIVE)

    def _forget_index(self) -> None:
        """This node, at least, looks at its own change at once."""
        with self._lock:
            self._seen_us = -_SEEN_WITHIN_US

    def _index(self) -> NameIndex:
        """The index over all lists as they are, or were a second ago."""
        with self._lock:
            now_us = self._clock.now_us()
            if now_us - self._seen_us < _SEEN_WITHIN_US:
                return self._names
            with self._tables.read() as connection:
                digests = tuple(each.digest for each in store.lists(connection))
                if digests != self._digests:
                    self._names = NameIndex(store.entries(connection))
                    self._digests = digests
            self._seen_us = now_us
            return self._names


def _found(case: Case | None) -> Case:
    if case is None:
        raise UnknownCase
    return case


def _note_field(case: Case) -> str:
    """The vault's field for a case's note: within its 32 characters."""
    return f"note.{case.id.removeprefix('cse_')[:24]}"
