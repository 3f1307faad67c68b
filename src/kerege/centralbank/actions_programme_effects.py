# SPDX-License-Identifier: Apache-2.0
"""What an action about a programme does to the register's rows, in the caller's transaction."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection

from kerege.centralbank.actions import (
    ActivateProgramme,
    CloseProgramme,
    ResumeProgramme,
    SuspendProgramme,
)
from kerege.centralbank.programme_terms import parse_terms
from kerege.centralbank.register_programmes import ProgrammeState
from kerege.centralbank.stores import programmes
from kerege.centralbank.stores.changes import Change
from kerege.centralbank.stores.programmes import VersionRow
from kerege.ledger import AccountId

__all__ = ["activate", "change_state"]

_AFTER: Final = {
    SuspendProgramme: ProgrammeState.SUSPENDED,
    ResumeProgramme: ProgrammeState.ACTIVE,
    CloseProgramme: ProgrammeState.CLOSED,
}


def activate(
    connection: Connection,
    action: ActivateProgramme,
    *,
    proposal: str,
    at_us: int,
    budgets: Mapping[str, AccountId],
) -> Change:
    """Put a version in force: with a mark of its own, or over all earlier marks."""
    text = action.terms.encode()
    terms = parse_terms(text).programme
    if terms.id in budgets:
        programmes.insert_programme(connection, terms, budgets[terms.id])
    row = VersionRow(terms.version, text, proposal, at_us)
    programmes.insert_version(connection, terms.id, row)
    if terms.takes_over and terms.version > 1:
        programmes.take_over_marks(connection, terms.id, terms.version)
    else:
        programmes.add_mark(connection, terms.id, terms.version)
    return Change("programme", terms.id)


def change_state(
    connection: Connection,
    action: SuspendProgramme | ResumeProgramme | CloseProgramme,
    *,
    proposal: str,
) -> Change:
    """Suspend, resume or close."""
    programmes.set_state(
        connection,
        action.programme,
        _AFTER[type(action)],
        proposal=proposal,
        authority=action.ground.authority,
        reason=action.ground.reason,
    )
    return Change("programme", action.programme)
