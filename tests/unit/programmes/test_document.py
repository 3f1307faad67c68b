# SPDX-License-Identifier: Apache-2.0
"""The form of programme documents."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from kerege.programmes import OutcomeTerms, Source
from kerege.programmes.document import MAX_PROGRAMME_BYTES, MalformedProgramme, decode_programme
from tests.programmes import cap, condition, programme, route

WHOLE = programme(
    route("true", condition("true"), caps=(cap(1, window="day"),), groups=("milk",)),
    changers=("wal_" + "0" * 32,),
)


def changed(**members: Any) -> bytes:
    return msgspec.json.encode(msgspec.to_builtins(WHOLE) | members)


def test_a_document_is_read_as_it_was_written() -> None:
    assert decode_programme(msgspec.json.encode(WHOLE)) == WHOLE


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"", ""),
        (b"{", ""),
        (b"\xff\xfe", ""),
        (b"[" * 10_000, ""),
        (b"null", ""),
        (changed(more=1), ""),
        (changed(id="Meals"), "$.id"),
        (changed(id="meals\n"), "$.id"),
        (changed(version=0), "$.version"),
        (changed(version=1.5), "$.version"),
        (changed(budget=-1), "$.budget"),
        (changed(budget=10**18), "$.budget"),
        (changed(ends_us=2**60), "$.ends_us"),
        (changed(funder="wal_00"), "$.funder"),
        (changed(routes=[]), "$.routes"),
        (changed(title={"de": "Text"}), "key in $.title"),
        (changed(title={"en": ""}), "$.title[...]"),
        (changed(calendar={"weekdays": [0]}), "$.calendar.weekdays[0]"),
        (changed(calendar={"closed": ["22.11.2026"]}), "$.calendar.closed[0]"),
    ],
)
def test_what_has_another_form_is_refused_with_its_place(text: bytes, place: str) -> None:
    with pytest.raises(MalformedProgramme) as refused:
        decode_programme(text)
    assert refused.value.place == place


def test_a_document_has_so_many_bytes() -> None:
    padded = msgspec.json.encode(WHOLE).ljust(MAX_PROGRAMME_BYTES)
    assert decode_programme(padded) == WHOLE
    with pytest.raises(MalformedProgramme, match=str(MAX_PROGRAMME_BYTES)):
        decode_programme(padded + b" ")


def test_who_may_read_what_became_of_the_money() -> None:
    terms = programme(changers=("wal_" + "c" * 32,))
    assert terms.readers == {terms.funder, "wal_" + "c" * 32}
    source = Source(wallet="wal_" + "d" * 32, cap=1, window="day")
    outcome = OutcomeTerms(
        sources=(source,), unit_amount=1, max_units=1, inspector="wal_" + "e" * 32, hold_s=60
    )
    assert replace(terms, outcome=outcome).readers == {*terms.readers, outcome.inspector}
