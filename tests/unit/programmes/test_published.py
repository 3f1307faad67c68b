# SPDX-License-Identifier: Apache-2.0
"""What travels of a programme comes back as it was sent, and is short where there is nothing."""

import msgspec

from kerege.programmes.published import MarkTerms, ProgrammeList, PublishedProgramme
from tests.programmes import programme


def test_there_and_back() -> None:
    terms = programme()
    told = PublishedProgramme(
        id=terms.id,
        version=terms.version,
        state="active",
        asset=terms.asset,
        funder=terms.funder,
        budget=terms.budget,
        starts_us=terms.starts_us,
        ends_us=terms.ends_us,
        title=terms.title,
        summary=terms.summary,
        marks=(MarkTerms(1, 1, terms.ends_us),),
    )
    text = msgspec.json.encode(ProgrammeList((told,)))
    assert b"authority" not in text
    assert msgspec.json.decode(text, type=ProgrammeList) == ProgrammeList((told,))
