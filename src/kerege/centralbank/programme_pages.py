# SPDX-License-Identifier: Apache-2.0
"""Programmes of the register as they are published."""

from itertools import islice

from kerege.centralbank.programme_terms import parse_terms
from kerege.centralbank.register import Register
from kerege.centralbank.register_programmes import ProgrammeRecord
from kerege.programmes.published import (
    MAX_LISTED,
    MarkTerms,
    ProgrammeList,
    ProgrammePage,
    PublishedProgramme,
    PublishedVersion,
)

__all__ = ["programme_list", "programme_page", "published"]


def programme_list(register: Register, *, after: str = "") -> ProgrammeList:
    """Programmes by id, from behind the id `after`."""
    records = register.programme_records()
    behind = (name for name in sorted(records) if name > after)
    names = list(islice(behind, MAX_LISTED + 1))
    page = names[:MAX_LISTED]
    return ProgrammeList(
        tuple(published(records[name]) for name in page),
        page[-1] if len(names) > MAX_LISTED else "",
    )


def programme_page(register: Register, programme: str, *, version: int = 0) -> ProgrammePage | None:
    """One programme with the terms of a version, of the newest if it is 0; None if there is none.

    Raises `DatabaseUnavailable`.
    """
    record = register.programme_records().get(programme)
    if record is None:
        return None
    rows = register.programme_versions(programme)
    found = next((row for row in rows if row.version == (version or rows[-1].version)), None)
    if found is None:
        return None
    return ProgrammePage(
        programme=published(record),
        version=found.version,
        document=parse_terms(found.terms).programme,
        terms=found.terms.decode("ascii"),
        versions=tuple(
            PublishedVersion(version=row.version, at_us=row.at_us, proposal=row.proposal)
            for row in rows[-MAX_LISTED:]
        ),
    )


def published(record: ProgrammeRecord) -> PublishedProgramme:
    """What anyone may read of a programme."""
    terms = record.newest.terms
    return PublishedProgramme(
        id=record.id,
        version=terms.version,
        state=record.state.value,
        asset=record.asset,
        funder=record.funder,
        budget=terms.budget,
        starts_us=terms.starts_us,
        ends_us=terms.ends_us,
        title=terms.title,
        summary=terms.summary,
        marks=tuple(
            MarkTerms(mark, activated.terms.version, activated.terms.ends_us)
            for mark, activated in record.marks.items()
        ),
        authority=record.authority,
        reason=record.reason,
    )
