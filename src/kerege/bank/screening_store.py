# SPDX-License-Identifier: Apache-2.0
"""Statements of screening: lists, their entries, the cases to decide."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec
import sqlalchemy as sa

from kerege.bank.customer import CustomerId
from kerege.bank.people_store import SCREENING_CASES, SCREENING_ENTRIES, SCREENING_LISTS
from kerege.bank.screening_case import Case, CaseState
from kerege.bank.screening_list import ListedEntry

__all__ = [
    "KeptList",
    "cases_in",
    "cases_of",
    "entries",
    "find_case",
    "find_entry",
    "insert_case",
    "lapse_cases",
    "lists",
    "remove_entries",
    "remove_list",
    "replace_case",
    "write_entries",
    "write_list",
]

_Value = TypeVar("_Value")

_ROWS_AT_ONCE = 500
"""Rows bound in one statement: SQLite allows 32 766 values."""


class KeptList(msgspec.Struct, frozen=True):
    """A list in use: its name, its publisher's version, a digest of all, and since when."""

    name: str
    version: str
    digest: str
    entries: int
    loaded_us: int


def lists(connection: sa.Connection) -> list[KeptList]:
    """All lists in use, by name."""
    query = sa.select(SCREENING_LISTS).order_by(SCREENING_LISTS.c.name)
    return [
        KeptList(row.name, row.version, row.digest, row.entries, row.loaded_us)
        for row in connection.execute(query)
    ]


def write_list(connection: sa.Connection, kept: KeptList) -> None:
    """Keep what a list is now."""
    row = {field: getattr(kept, field) for field in kept.__struct_fields__}
    same = SCREENING_LISTS.c.name == kept.name
    if connection.execute(sa.update(SCREENING_LISTS).where(same).values(row)).rowcount == 0:
        connection.execute(sa.insert(SCREENING_LISTS).values(row))


def remove_list(connection: sa.Connection, name: str) -> None:
    """Take a list whose entries are removed out of use."""
    connection.execute(sa.delete(SCREENING_LISTS).where(SCREENING_LISTS.c.name == name))


def entries(connection: sa.Connection, name: str | None = None) -> list[tuple[str, ListedEntry]]:
    """Entries with their list's name, of one list or of all."""
    query = sa.select(SCREENING_ENTRIES.c.list, SCREENING_ENTRIES.c.entry).order_by(
        SCREENING_ENTRIES.c.list, SCREENING_ENTRIES.c.id
    )
    if name is not None:
        query = query.where(SCREENING_ENTRIES.c.list == name)
    decoder = msgspec.json.Decoder(ListedEntry)
    return [(row.list, decoder.decode(row.entry)) for row in connection.execute(query)]


def find_entry(connection: sa.Connection, name: str, entry: str) -> ListedEntry | None:
    """One entry of a list."""
    query = sa.select(SCREENING_ENTRIES.c.entry).where(
        SCREENING_ENTRIES.c.list == name, SCREENING_ENTRIES.c.id == entry
    )
    text = connection.scalar(query)
    return None if text is None else msgspec.json.decode(text, type=ListedEntry)


def write_entries(connection: sa.Connection, name: str, changed: Sequence[ListedEntry]) -> None:
    """Put entries in place of those with the same ids."""
    remove_entries(connection, name, [entry.id for entry in changed])
    for part in _parts(changed):
        connection.execute(
            sa.insert(SCREENING_ENTRIES),
            [
                {"list": name, "id": entry.id, "entry": msgspec.json.encode(entry).decode()}
                for entry in part
            ],
        )


def remove_entries(connection: sa.Connection, name: str, ids: Sequence[str]) -> None:
    """Take entries off a list."""
    for part in _parts(ids):
        connection.execute(
            sa.delete(SCREENING_ENTRIES).where(
                SCREENING_ENTRIES.c.list == name, SCREENING_ENTRIES.c.id.in_(part)
            )
        )


def insert_case(connection: sa.Connection, case: Case) -> None:
    """Keep a new case."""
    connection.execute(sa.insert(SCREENING_CASES).values(_row(case)))


def replace_case(connection: sa.Connection, case: Case) -> None:
    """Write a changed case."""
    connection.execute(
        sa.update(SCREENING_CASES).where(SCREENING_CASES.c.id == case.id).values(_row(case))
    )


def find_case(connection: sa.Connection, case: str, *, lock: bool = False) -> Case | None:
    """The case; `lock` keeps others from deciding it meanwhile."""
    query = sa.select(SCREENING_CASES).where(SCREENING_CASES.c.id == case)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else _case(row)


def cases_of(connection: sa.Connection, customer: CustomerId) -> list[Case]:
    """All cases of a customer, oldest first."""
    query = (
        sa.select(SCREENING_CASES)
        .where(SCREENING_CASES.c.customer == customer)
        .order_by(SCREENING_CASES.c.id)
    )
    return [_case(row) for row in connection.execute(query)]


def cases_in(connection: sa.Connection, state: CaseState, after: str, *, limit: int) -> list[Case]:
    """Cases of one state by rising id, those above `after`."""
    query = (
        sa.select(SCREENING_CASES)
        .where(SCREENING_CASES.c.state == state, SCREENING_CASES.c.id > after)
        .order_by(SCREENING_CASES.c.id)
        .limit(limit)
    )
    return [_case(row) for row in connection.execute(query)]


def lapse_cases(connection: sa.Connection, name: str, ids: Sequence[str]) -> list[CustomerId]:
    """Let open cases about entries that left a list lapse; say whose they were."""
    customers: list[CustomerId] = []
    for part in _parts(ids):
        lapsed = (
            sa.update(SCREENING_CASES)
            .where(
                SCREENING_CASES.c.list == name,
                SCREENING_CASES.c.entry.in_(part),
                SCREENING_CASES.c.state == CaseState.OPEN,
            )
            .values(state=CaseState.LAPSED)
            .returning(SCREENING_CASES.c.customer)
        )
        customers += [CustomerId(customer) for customer in connection.scalars(lapsed)]
    return customers


def _parts(values: Sequence[_Value]) -> Iterable[list[_Value]]:
    for start in range(0, len(values), _ROWS_AT_ONCE):
        yield list(values[start : start + _ROWS_AT_ONCE])


def _row(case: Case) -> dict[str, object]:
    row = {field: getattr(case, field) for field in case.__struct_fields__}
    row["list"] = row.pop("list_name")
    return row


def _case(row: sa.Row[tuple[object, ...]]) -> Case:
    return Case(
        id=row.id,
        customer=CustomerId(row.customer),
        list_name=row.list,
        entry=row.entry,
        entry_digest=row.entry_digest,
        data_tag=row.data_tag,
        score=row.score,
        state=CaseState(row.state),
        opened_us=row.opened_us,
        decided_us=row.decided_us,
        decided_by=row.decided_by,
    )
