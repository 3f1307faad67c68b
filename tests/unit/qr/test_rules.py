# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.qr import DataObject, Payload, crc16, find_faults, parse

SOUND = {
    "00": "01",
    "01": "11",
    "26": "0009kz.kerege0104@nan",
    "52": "5462",
    "53": "398",
    "54": "450.00",
    "58": "KZ",
    "59": "Nan",
    "60": "Almaty",
}


def faults_of(changes: dict[str, str | None]) -> list[tuple[str, str]]:
    """Path and message of each fault of the sound code with these values changed or left out."""
    values = {tag: value for tag, value in {**SOUND, **changes}.items() if value is not None}
    payload = parse(Payload(tuple(DataObject(tag, value) for tag, value in values.items())).write())
    return [(fault.path, fault.message) for fault in find_faults(payload)]


def test_a_sound_code_has_none() -> None:
    assert faults_of({}) == []


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("01", "12"),
        ("04", "4111111111111111"),
        ("61", "050000"),
        ("62", "0105B-1/70203***0903AME1012123456789012110301A"),
        ("62", "50200009kz.kerege01031-2"),
        ("64", "0002KK0103Нан0206Алматы"),
        ("64", "0002kk0103Нан"),
        ("65", "Ә"),
        ("80", "0009kz.kerege0102ab"),
        ("99", "0009kz.kerege"),
        ("59", "N" * 25),
        ("60", "C" * 15),
        ("61", "1" * 10),
        ("80", "0032" + "g" * 32),
        ("64", "0002KK0125" + "Ә" * 25 + "0215" + "Ә" * 15),
    ],
)
def test_sound_additions(tag: str, value: str) -> None:
    assert faults_of({tag: value}) == []


@pytest.mark.parametrize(
    ("changes", "path", "message"),
    [
        ({"01": "10"}, "01", "is not 11 (static) or 12 (dynamic)"),
        ({"26": None}, "26", "no merchant account (tags 02 to 51)"),
        ({"26": "0104@nan"}, "26", "sub-tag 00, the identifier, is missing"),
        ({"26": "0033" + "g" * 33}, "26.00", "more than 32 characters"),
        ({"26": "0009kz.k"}, "26.00", "the length is 9 characters, but 4 are left"),
        ({"26": "0001a0001b"}, "26.00", "the tag came before, at character 16"),
        ({"26": "0001a0100"}, "26.01", "the value is empty"),
        ({"02": "Ә"}, "02", "not printable ASCII"),
        ({"52": None}, "52", "the merchant category is missing"),
        ({"52": "54A2"}, "52", "the merchant category is not four digits"),
        ({"52": "54625"}, "52", "more than 4 characters"),
        ({"53": "39"}, "53", "the currency is not three digits"),
        ({"53": "999"}, "53", "no currency in force has this number"),
        ({"54": "450,00"}, "54", "not a decimal number"),
        ({"54": "0"}, "54", "the amount is zero"),
        ({"55": "05"}, "55", "not 01, 02 or 03"),
        ({"58": "kz"}, "58", "the country is not two capital"),
        ({"59": "N" * 26}, "59", "more than 25 characters"),
        ({"59": "Нан"}, "59", "not printable ASCII"),
        ({"60": None}, "60", "the merchant city is missing"),
        ({"51": "x"}, "51", "two digits of tag"),
        ({"99": "x"}, "99", "two digits of tag"),
        ({"61": "Ә"}, "61", "is not printable ASCII"),
        ({"61": "12345678901"}, "61", "more than 10 characters"),
        ({"62": "0126" + "b" * 26}, "62.01", "more than 25 characters"),
        ({"62": "0902AA"}, "62.09", "is not A, M or E, each once"),
        ({"62": "0901X"}, "62.09", "is not A, M or E, each once"),
        ({"62": "1102AB"}, "62.11", "is not three characters"),
        ({"62": "50070103abc"}, "62.50", "sub-tag 00, the identifier, is missing"),
        ({"62": "5002ab"}, "62.50", "two digits of tag and two of length should stand here"),
        ({"62": "x"}, "62", "two digits of tag and two of length should stand here"),
        ({"64": "0002KK"}, "64", "sub-tag 01, the merchant name, is missing"),
        ({"64": "0103Нан"}, "64", "sub-tag 00, the language, is missing"),
        ({"64": "0002ҚҚ0103Нан"}, "64.00", "is not two letters"),
        ({"64": "0002KK0104Н\u202eан"}, "64.01", "is not plain text"),
        ({"64": "0002KK0104Н\nан"}, "64.01", "is not plain text"),
        ({"70": "a\x00"}, "70", "is not plain text"),
        ({"81": "4899"}, "81.48", "the length is 99 characters, but 0 are left"),
        ({"81": "0101a"}, "81", "sub-tag 00, the identifier, is missing"),
    ],
)
def test_one_fault(changes: dict[str, str | None], path: str, message: str) -> None:
    found = [said for place, said in faults_of(changes) if place == path]
    assert any(message in said for said in found), found


def test_all_faults_are_found_from_left_to_right() -> None:
    faults = faults_of({"01": "10", "52": "x", "54": "0", "60": None})
    assert [path for path, _ in faults] == ["01", "52", "54", "60"]


def test_an_empty_value_is_read_and_reported() -> None:
    body = "00020159006304"
    payload = parse(f"{body}{crc16(body):04X}")
    assert ("59", "the merchant name is empty") in [
        (fault.path, fault.message) for fault in find_faults(payload)
    ]


def test_an_empty_template_is_read_and_reported() -> None:
    body = "00020162006304"
    payload = parse(f"{body}{crc16(body):04X}")
    assert ("62", "the template is empty") in [
        (fault.path, fault.message) for fault in find_faults(payload)
    ]


def test_an_empty_payload_has_faults_too() -> None:
    assert [fault.path for fault in find_faults(Payload(()))] == [
        *("52", "53", "58", "59", "60"),
        "26",
    ]


def test_the_place_is_the_character_at_fault() -> None:
    values = {**SOUND, "59": "Нан"}
    payload = parse(Payload(tuple(DataObject(tag, value) for tag, value in values.items())).write())
    (fault,) = find_faults(payload)
    assert payload.write()[fault.offset] == "Н"


@pytest.mark.parametrize(
    ("changes", "path", "at"),
    [
        ({"59": "N" * 26}, "59", 25),
        ({"59": "NaН"}, "59", 2),
        ({"62": "0103B-Ә"}, "62.01", 2),
        ({"54": "4.505"}, "54", 4),
    ],
)
def test_a_fault_points_into_the_value(changes: dict[str, str], path: str, at: int) -> None:
    values = {**SOUND, **changes}
    payload = parse(Payload(tuple(DataObject(tag, value) for tag, value in values.items())).write())
    (fault,) = find_faults(payload)
    item = payload.find(path[:2])
    assert item is not None
    start = item.value_offset + (4 if "." in path else 0)
    assert (fault.path, fault.offset) == (path, start + at)


def test_what_is_missing_is_missed_at_the_end() -> None:
    values = {tag: value for tag, value in SOUND.items() if tag != "60"}
    payload = parse(Payload(tuple(DataObject(tag, value) for tag, value in values.items())).write())
    (fault,) = find_faults(payload)
    assert payload.write()[fault.offset :].startswith("6304")
