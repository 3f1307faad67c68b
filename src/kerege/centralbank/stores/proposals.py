# SPDX-License-Identifier: Apache-2.0
"""Rows of proposals, of the freezes they began and of published fee schedules."""

from collections.abc import Sequence
from typing import Final

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from kerege.centralbank.actions_scene import Frozen
from kerege.centralbank.stores.inserting import insert_new
from kerege.centralbank.stores.schema import FEES, FREEZES, PROPOSALS
from kerege.ledger import Status
from kerege.payments.fees import FeeSchedule
from kerege.payments.ids import WalletId

__all__ = [
    "ProposalRow",
    "access_rows",
    "approve",
    "count_open",
    "due",
    "expire",
    "insert_freeze",
    "insert_proposal",
    "insert_schedule",
    "list_proposals",
    "lock_actions",
    "read_freeze",
    "read_freezes",
    "read_proposal",
    "read_schedules",
    "release_freeze",
    "settle",
]

_ACTIONS_LOCK: Final = 7204
"""PostgreSQL's name of the lock under which actions are carried out, one after the other."""


class ProposalRow(Struct, frozen=True, kw_only=True):
    """A proposal as it is stored; see the table."""

    id: str
    number: int
    kind: str
    state: str
    proposal: bytes
    approval: bytes
    proposer: str
    approver: str
    proposed_at_us: int
    expires_at_us: int
    due_at_us: int
    settled_at_us: int
    order_id: str
    code: str
    explanation: str
    institution: str
    access: int | None


def lock_actions(connection: sa.Connection) -> None:
    """Wait for, and keep out, every other node that settles proposals until this transaction ends.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ACTIONS_LOCK)))


def insert_proposal(connection: sa.Connection, row: ProposalRow) -> ProposalRow:
    """Add a proposal under the next number; needs `lock_actions`."""
    last = connection.scalar(sa.select(sa.func.max(PROPOSALS.c.number))) or 0
    row = msgspec.structs.replace(row, number=last + 1)
    connection.execute(sa.insert(PROPOSALS).values(**msgspec.structs.asdict(row)))
    return row


def read_proposal(connection: sa.Connection, proposal: str) -> ProposalRow | None:
    """One proposal."""
    row = connection.execute(sa.select(PROPOSALS).where(PROPOSALS.c.id == proposal)).one_or_none()
    return None if row is None else ProposalRow(**row._asdict())


def list_proposals(connection: sa.Connection, *, before: int, limit: int) -> list[ProposalRow]:
    """Proposals with a number below `before`, newest first."""
    statement = sa.select(PROPOSALS).where(PROPOSALS.c.number < before)
    rows = connection.execute(statement.order_by(PROPOSALS.c.number.desc()).limit(limit))
    return [ProposalRow(**row._asdict()) for row in rows]


def count_open(connection: sa.Connection) -> int:
    """How many proposals wait for approval or for their time."""
    statement = sa.select(sa.func.count()).select_from(PROPOSALS)
    count: int = connection.execute(
        statement.where(PROPOSALS.c.state.in_(["proposed", "approved"]))
    ).scalar_one()
    return count


def approve(
    connection: sa.Connection, proposal: str, *, approver: str, approval: bytes, due_at_us: int
) -> None:
    """Approve a proposal that waits for it."""
    connection.execute(
        sa.update(PROPOSALS)
        .where(PROPOSALS.c.id == proposal)
        .values(state="approved", approver=approver, approval=approval, due_at_us=due_at_us)
    )


def due(connection: sa.Connection, *, now_us: int, limit: int) -> Sequence[str]:
    """Approved proposals whose time has come, the longest waiting first."""
    statement = sa.select(PROPOSALS.c.id).where(PROPOSALS.c.state == "approved")
    statement = statement.where(PROPOSALS.c.due_at_us <= now_us)
    return connection.scalars(
        statement.order_by(PROPOSALS.c.due_at_us, PROPOSALS.c.number).limit(limit)
    ).all()


def expire(connection: sa.Connection, *, now_us: int) -> int:
    """End proposals nobody approved in time; returns how many."""
    statement = sa.update(PROPOSALS).where(PROPOSALS.c.state == "proposed")
    statement = statement.where(PROPOSALS.c.expires_at_us < now_us)
    return connection.execute(statement.values(state="expired", settled_at_us=now_us)).rowcount


def settle(connection: sa.Connection, row: ProposalRow, *, is_access: bool) -> ProposalRow:
    """Write how a proposal ended; one that is `is_access` gets the access log's next place.

    Needs `lock_actions`.
    """
    if is_access:
        last = connection.scalar(sa.select(sa.func.max(PROPOSALS.c.access))) or 0
        row = msgspec.structs.replace(row, access=last + 1)
    statement = sa.update(PROPOSALS).where(PROPOSALS.c.id == row.id)
    connection.execute(statement.values(**msgspec.structs.asdict(row)))
    return row


def access_rows(connection: sa.Connection, *, after: int, limit: int) -> list[ProposalRow]:
    """Carried out actions of the access log, after a place in it."""
    statement = sa.select(PROPOSALS).where(PROPOSALS.c.access > after)
    rows = connection.execute(statement.order_by(PROPOSALS.c.access).limit(limit))
    return [ProposalRow(**row._asdict()) for row in rows]


def insert_freeze(connection: sa.Connection, freeze: Frozen) -> None:
    """Note a freeze."""
    row = msgspec.structs.asdict(freeze) | {"status": int(freeze.status)}
    insert_new(connection, FREEZES, [row], returning=FREEZES.c.proposal)


def release_freeze(connection: sa.Connection, proposal: str, *, released_by: str) -> None:
    """Note that a freeze ended."""
    statement = sa.update(FREEZES).where(FREEZES.c.proposal == proposal)
    connection.execute(statement.values(released_by=released_by))


def read_freezes(connection: sa.Connection, wallet: str) -> list[Frozen]:
    """A wallet's freezes in force."""
    statement = sa.select(FREEZES).where(FREEZES.c.wallet == wallet)
    rows = connection.execute(statement.where(FREEZES.c.released_by == ""))
    return [_frozen(row) for row in rows]


def read_freeze(connection: sa.Connection, proposal: str) -> Frozen | None:
    """The freeze a proposal began."""
    statement = sa.select(FREEZES).where(FREEZES.c.proposal == proposal)
    row = connection.execute(statement).one_or_none()
    return None if row is None else _frozen(row)


def _frozen(row: sa.Row[tuple[str, str, int, str]]) -> Frozen:
    return Frozen(row.proposal, WalletId(row.wallet), Status(row.status), row.released_by)


def insert_schedule(connection: sa.Connection, schedule: FeeSchedule) -> None:
    """Publish a fee schedule."""
    row = {"version": schedule.version, "document": msgspec.json.encode(schedule)}
    insert_new(connection, FEES, [row], returning=FEES.c.version)


def read_schedules(connection: sa.Connection) -> list[FeeSchedule]:
    """Every published schedule, oldest first."""
    documents = connection.scalars(sa.select(FEES.c.document).order_by(FEES.c.version))
    return [msgspec.json.decode(document, type=FeeSchedule) for document in documents]
