# SPDX-License-Identifier: Apache-2.0
"""Rows of programmes, of their versions, and of the marks their money has."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.dialects import postgresql, sqlite

from kerege.centralbank.programme_terms import parse_terms
from kerege.centralbank.register_programmes import Activated, ProgrammeRecord, ProgrammeState
from kerege.centralbank.stores.inserting import insert_new, parts
from kerege.centralbank.stores.schema import (
    MARKS,
    PROGRAMME_REFUSALS,
    PROGRAMME_VERSIONS,
    PROGRAMMES,
)
from kerege.ledger import AccountId, Mark
from kerege.payments.ids import WalletId
from kerege.programmes import Programme

__all__ = [
    "VersionRow",
    "add_mark",
    "count_refusals",
    "insert_programme",
    "insert_version",
    "read_programmes",
    "read_refusals",
    "read_versions",
    "set_state",
    "settle_closed",
    "take_over_marks",
]


class VersionRow(Struct, frozen=True):
    """A version as it is stored: the signed text, the proposal that put it in force, when (µs)."""

    version: int
    terms: bytes
    proposal: str
    at_us: int


def insert_programme(connection: sa.Connection, terms: Programme, budget: AccountId) -> None:
    """Add a programme by its first version's terms."""
    row = {
        "id": terms.id,
        "asset": terms.asset,
        "funder": terms.funder,
        "budget": budget,
        "state": ProgrammeState.ACTIVE.value,
        "changed_by": "",
        "authority": "",
        "reason": "",
    }
    insert_new(connection, PROGRAMMES, [row], returning=PROGRAMMES.c.id)


def insert_version(connection: sa.Connection, programme: str, row: VersionRow) -> None:
    """Add a version."""
    values = {
        "programme": programme,
        "version": row.version,
        "terms": row.terms,
        "proposal": row.proposal,
        "at_us": row.at_us,
    }
    insert_new(connection, PROGRAMME_VERSIONS, [values], returning=PROGRAMME_VERSIONS.c.version)


def add_mark(connection: sa.Connection, programme: str, version: int) -> None:
    """Give a version the next mark nobody had; needs `lock_actions`."""
    last = connection.scalar(sa.select(sa.func.max(MARKS.c.mark))) or 0
    row = {"mark": last + 1, "programme": programme, "version": version}
    insert_new(connection, MARKS, [row], returning=MARKS.c.mark)


def take_over_marks(connection: sa.Connection, programme: str, version: int) -> None:
    """Let the money of all a programme's marks live under `version`."""
    statement = sa.update(MARKS).where(MARKS.c.programme == programme)
    connection.execute(statement.values(version=version))


def set_state(
    connection: sa.Connection,
    programme: str,
    state: ProgrammeState,
    *,
    proposal: str,
    authority: str,
    reason: str,
) -> None:
    """Change a programme's state, by a proposal and on its ground."""
    connection.execute(
        sa.update(PROGRAMMES)
        .where(PROGRAMMES.c.id == programme)
        .values(state=state.value, changed_by=proposal, authority=authority, reason=reason)
    )


def settle_closed(connection: sa.Connection, programme: str) -> bool:
    """Note that all money of a closed programme is back; returns whether that is news."""
    statement = sa.update(PROGRAMMES).where(PROGRAMMES.c.id == programme)
    statement = statement.where(PROGRAMMES.c.state == ProgrammeState.CLOSED.value)
    settled = connection.execute(statement.values(state=ProgrammeState.SETTLED.value))
    return settled.rowcount > 0


def read_programmes(connection: sa.Connection) -> dict[str, ProgrammeRecord]:
    """Every programme with its marks and the terms they live under, by id."""
    activated = _live_versions(connection)
    newest = {name: one for (name, _), one in activated.items()}
    marks: dict[str, dict[Mark, Activated]] = {}
    for row in connection.execute(sa.select(MARKS).order_by(MARKS.c.mark)):
        there = marks.setdefault(row.programme, {})
        there[Mark(row.mark)] = activated[row.programme, row.version]
    return {
        row.id: ProgrammeRecord(
            id=row.id,
            asset=row.asset,
            funder=WalletId(row.funder),
            budget=AccountId(row.budget),
            state=ProgrammeState(row.state),
            newest=newest[row.id],
            marks=marks[row.id],
            changed_by=row.changed_by,
            authority=row.authority,
            reason=row.reason,
        )
        for row in connection.execute(sa.select(PROGRAMMES).order_by(PROGRAMMES.c.id))
    }


def _live_versions(connection: sa.Connection) -> dict[tuple[str, int], Activated]:
    """Versions that money of some mark lives under: always the newest of a programme too."""
    versions = PROGRAMME_VERSIONS
    is_live = sa.exists().where(
        MARKS.c.programme == versions.c.programme, MARKS.c.version == versions.c.version
    )
    statement = sa.select(versions).where(is_live).order_by(versions.c.version)
    rows = connection.execute(statement)
    return {(row.programme, row.version): _activated(row) for row in rows}


def _activated(row: sa.Row[Any]) -> Activated:
    return Activated(parse_terms(row.terms).programme, row.proposal, row.at_us)


def read_versions(connection: sa.Connection, programme: str) -> list[VersionRow]:
    """A programme's versions, oldest first."""
    statement = sa.select(PROGRAMME_VERSIONS).where(PROGRAMME_VERSIONS.c.programme == programme)
    rows = connection.execute(statement.order_by(PROGRAMME_VERSIONS.c.version))
    return [VersionRow(row.version, row.terms, row.proposal, row.at_us) for row in rows]


_MAX_RULE: Final = 100


def count_refusals(connection: sa.Connection, counts: Mapping[tuple[str, str, int], int]) -> None:
    """Add to the counts of (programme, rule, day)."""
    maker = sqlite if connection.dialect.name == "sqlite" else postgresql
    insert = maker.insert(PROGRAMME_REFUSALS)
    there = PROGRAMME_REFUSALS.c.payments
    statement = insert.on_conflict_do_update(
        index_elements=["programme", "rule", "day"],
        set_={"payments": there + insert.excluded.payments},
    )
    # In one order everywhere: two nodes that write the same rows do not wait for each other.
    for part in parts(sorted(counts.items())):
        rows = [
            {"programme": programme, "rule": rule[:_MAX_RULE], "day": day, "payments": count}
            for (programme, rule, day), count in part
        ]
        connection.execute(statement, rows)


def read_refusals(
    connection: sa.Connection, programme: str, *, first_day: int, last_day: int
) -> dict[str, int]:
    """How often each rule refused, over days."""
    columns = PROGRAMME_REFUSALS.c
    statement = sa.select(columns.rule, sa.func.sum(columns.payments))
    statement = statement.where(columns.programme == programme)
    statement = statement.where(columns.day.between(first_day, last_day))
    rows = connection.execute(statement.group_by(columns.rule).order_by(columns.rule))
    return {rule: int(count) for rule, count in rows}
