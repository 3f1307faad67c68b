# SPDX-License-Identifier: Apache-2.0
"""The sense of programme documents."""

from typing import Any

import msgspec
import pytest

from kerege.programmes import Calendar, MalformedProgramme, Programme
from kerege.programmes.reading import RESERVED_RULES, faults_of, read_programme
from kerege.programmes.rulebook import Rulebook
from tests.programmes import FUNDER, TEXTS, cap, condition, programme, route

WALLET = "wal_" + "0" * 32
WHOLE = programme(
    route("payer.is_funder", name="give", arrival="keep"),
    route("true", condition("at.open", "days"), caps=(cap(10, name="a-day", window="day"),)),
    summary=TEXTS | {"en": "{budget} from {starts} to {ends}"},
)


def encoded(terms: Programme) -> bytes:
    return msgspec.json.encode(terms)


def test_a_programme_is_read() -> None:
    assert read_programme(encoded(WHOLE)) == WHOLE
    assert faults_of(encoded(WHOLE)) == []


def texts(**members: str) -> Any:
    return {key: value for key, value in (TEXTS | members).items() if value != "missing"}


@pytest.mark.parametrize(
    ("terms", "place"),
    [
        (programme(starts_us=5, ends_us=5), "$.ends_us"),
        (programme(changers=(FUNDER,)), "$.changers"),
        (programme(changers=(WALLET, WALLET)), "$.changers[1]"),
        (programme(title=texts(kk="missing")), "$.title.kk"),
        (programme(title=texts(ru="  ")), "$.title.ru"),
        (programme(title=texts(en="\u202eyes")), "$.title.en"),
        (programme(title=texts(en="{budget}")), "$.title.en"),
        (programme(summary=texts(en="{cap}")), "$.summary.en"),
        (programme(calendar=Calendar(weekdays=(2, 1))), "$.calendar.weekdays"),
        (programme(calendar=Calendar(weekdays=(1, 1))), "$.calendar.weekdays"),
        (programme(calendar=Calendar(closed=("2026-02-29",))), "$.calendar.closed[0]"),
        (programme(calendar=Calendar(closed=("0000-01-01",))), "$.calendar.closed[0]"),
        (
            programme(calendar=Calendar(opened=("2026-03-02", "2026-03-01"))),
            "$.calendar.opened",
        ),
        (
            programme(calendar=Calendar(closed=("2026-03-02",), opened=("2026-03-02",))),
            "$.calendar.opened",
        ),
        (programme(route(name="a"), route(name="a")), "$.routes[1].name"),
        (programme(route("payer.kind")), "$.routes[0].when"),
        (programme(route("payer.name == ''")), "$.routes[0].when, column 1"),
        (programme(route(texts=texts(kk="missing"))), "$.routes[0].texts.kk"),
        (programme(route(groups=("milk", "milk"))), "$.routes[0].groups[1]"),
        (
            programme(route(), route("true", condition("true"), condition("1"), name="b")),
            "$.routes[1].conditions[1].cel",
        ),
        (programme(route("true", condition("true"), condition("true"))), "$.routes[0]"),
        (
            programme(route("true", condition("true", "cap"), caps=(cap(1),))),
            "$.routes[0]",
        ),
        (
            programme(route(caps=(cap(1, texts=texts(ru="{left}")),))),
            "$.routes[0].caps[0].texts.ru",
        ),
    ],
)
def test_what_has_no_sense_is_refused_with_its_place(terms: Programme, place: str) -> None:
    with pytest.raises(MalformedProgramme) as refused:
        read_programme(encoded(terms))
    assert refused.value.place == place
    assert place in [fault.place for fault in faults_of(encoded(terms))]


@pytest.mark.parametrize("name", sorted(RESERVED_RULES))
def test_names_of_the_built_in_rules_are_reserved(name: str) -> None:
    assert faults_of(encoded(programme(route("true", condition("true", name)))))
    assert faults_of(encoded(programme(route(caps=(cap(1, name=name),)))))


def test_all_faults_are_told_at_once() -> None:
    terms = programme(route("1", texts={}), starts_us=9, ends_us=1, title={})
    assert len(faults_of(encoded(terms))) == 1 + 3 + 3 + 1


@pytest.mark.parametrize("text", [b"", b"[]", b"\xff", b"{" * 9999])
def test_another_form_is_one_fault(text: bytes) -> None:
    assert len(faults_of(text)) == 1
    with pytest.raises(MalformedProgramme):
        read_programme(text)


@pytest.mark.parametrize("deep", range(20, 36))
def test_what_is_read_compiles_however_deep(deep: int) -> None:
    """The compiler has a depth of its own, which conditions may reach one by one or together."""
    nested = "1<2?true:" * deep + "payment.amount>1"
    terms = programme(route("true", *[condition(nested, f"c{i}") for i in range(16)]))
    if not faults_of(encoded(terms)):
        Rulebook(terms)
