# SPDX-License-Identifier: Apache-2.0
"""Personal data: the forms accepted, the tricks refused, nothing repeated in an error."""

import datetime

import msgspec
import pytest

from kerege.bank.personal_data import (
    MAX_NAME_CHARS,
    Document,
    MalformedPersonalData,
    PersonalData,
    check_personal_data,
    clean_name,
    normalise_phone,
    normalise_tax_number,
    read_fields,
    write_fields,
    years_between,
)
from kerege.errors import InvariantViolation
from tests.people import AIGERIM

TODAY = datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Айгерім Нұрланова", "Айгерім Нұрланова"),
        ("  Aigerim \t Nurlanova ", "Aigerim Nurlanova"),
        ("И\u0306ван", "Йван"),
        ("Jean-Luc O’Neill", "Jean-Luc O’Neill"),
        ("ТОО «Дәм», №7", "ТОО «Дәм», №7"),
        ("李小龍", "李小龍"),
    ],
)
def test_names_as_their_owners_write_them(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "   ",
        "123",
        "a" * (MAX_NAME_CHARS + 1),
        "x" * 10_000_000,
        "Айгерім\u202eмірегйА",
        "Ann\u200ba",
        "Ann\x00a",
        "Ann\u2066a\u2069",
        "Ann\ufeffa",
        "Ann\ud800",
        "Anna <script>",
        "Anna \U0001f600",
        "\u0345" * 50,
    ],
)
def test_names_that_are_not_what_they_look_like(given: str) -> None:
    with pytest.raises(MalformedPersonalData) as caught:
        clean_name(given)
    assert caught.value.place == "name"


@pytest.mark.parametrize(
    ("given", "kept"),
    [("+7 (701) 555-00-01", "+77015550001"), ("+996\u00a0555 000 001", "+996555000001")],
)
def test_telephone_numbers(given: str, kept: str) -> None:
    assert normalise_phone(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        *("", "87015550001", "+0701555", "+7", "+7701555000100000", "+7701٥550001"),
        *("+7701\n5550001", "tel:+77015550001", " " * 1_000_000 + "+77015550001"),
    ],
)
def test_what_is_no_telephone_number(given: str) -> None:
    with pytest.raises(MalformedPersonalData) as caught:
        normalise_phone(given)
    assert caught.value.place == "phone"


@pytest.mark.parametrize("given", ["12345", "9" * 21, "91010145000١", "-10101450001", "x" * 12])
def test_what_is_no_tax_number(given: str) -> None:
    with pytest.raises(MalformedPersonalData):
        normalise_tax_number(given)


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"birth_date": "1991-02-30"}, "birth_date"),
        ({"birth_date": "19910101"}, "birth_date"),
        ({"birth_date": "1991-W01-1"}, "birth_date"),
        ({"birth_date": "2026-11-23"}, "birth_date"),
        ({"birth_date": "1899-12-31"}, "birth_date"),
        ({"address": "a\x07b"}, "address"),
        ({"address": "a" * 501}, "address"),
        ({"document": Document(kind="library-card", number="1")}, "document.kind"),
        ({"document": Document(kind="passport", number="")}, "document.number"),
        ({"document": Document(kind="passport", number="1" * 41)}, "document.number"),
        ({"document": Document(kind="passport", number="N\u202e1")}, "document.number"),
        (
            {"document": Document(kind="passport", number="N1", valid_until="soon")},
            "document.valid_until",
        ),
    ],
)
def test_a_fault_names_the_member_and_repeats_nothing(
    changed: dict[str, object], place: str
) -> None:
    data = msgspec.structs.replace(AIGERIM, **changed)
    with pytest.raises(MalformedPersonalData) as caught:
        check_personal_data(data, today=TODAY)
    assert caught.value.place == place
    for value in changed.values():
        assert str(value) not in str(caught.value)


def test_good_data_stays_as_it_is() -> None:
    assert check_personal_data(AIGERIM, today=TODAY) == AIGERIM
    assert check_personal_data(PersonalData(), today=TODAY) == PersonalData()


def test_fields_there_and_back() -> None:
    for data in (AIGERIM, PersonalData(phone="+77015550001")):
        fields = write_fields(data)
        assert read_fields({name: text for name, text in fields.items() if text}) == data
    assert read_fields({"phone": "+77015550001", "note.1": "x"}).phone == "+77015550001"
    for document in ("{", '{"kind": 1}', "[]"):
        with pytest.raises(InvariantViolation):
            read_fields({"document": document})


def test_a_repr_shows_nothing() -> None:
    for text in (repr(AIGERIM), f"{AIGERIM}"):
        assert "name, phone" in text
        assert "Айгерім" not in text
        assert "7701" not in text


@pytest.mark.parametrize(
    ("born", "years"),
    [("2008-11-22", 18), ("2008-11-23", 17), ("2008-02-29", 18), ("2026-11-22", 0)],
)
def test_age(born: str, years: int) -> None:
    assert years_between(born, TODAY) == years
