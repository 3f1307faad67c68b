# SPDX-License-Identifier: Apache-2.0
"""What a bank knows about a customer's person, and the forms it accepts. Pure.

Names are kept as their owners write them (NFC, one space between words), telephone numbers as
E.164, dates as ISO 8601.
"""

import datetime
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec import Struct

from kerege.errors import InvariantViolation, KeregeError

__all__ = [
    "MAX_NAME_CHARS",
    "Document",
    "MalformedPersonalData",
    "PersonalData",
    "check_personal_data",
    "clean_name",
    "normalise_phone",
    "normalise_tax_number",
    "read_fields",
    "write_fields",
    "years_between",
]

MAX_NAME_CHARS: Final = 140
"""As ISO 20022 bounds a party's name (Max140Text)."""

_MAX_DOCUMENT_CHARS: Final = 40
_MAX_ADDRESS_CHARS: Final = 500
_EARLIEST_BIRTH: Final = datetime.date(1900, 1, 1)

_PHONE: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_PHONE_FILLERS: Final = str.maketrans("", "", " -().\u00a0")
_TAX_NUMBER: Final = re.compile(r"[0-9]{6,20}")
_DOCUMENT: Final = re.compile(r"[A-Za-z0-9\u0400-\u04FF][A-Za-z0-9\u0400-\u04FF /-]*")
_WORD_MARKS: Final = frozenset("-'’ʼ.,\"«»“”№&()/+ ")
"""What stands in names of people and firms besides letters, their accents and digits."""


class MalformedPersonalData(KeregeError):
    """Data about a person in a form that is not accepted; `place` names the member."""


class Document(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A proof of identity: its kind (`id-card`, `passport`, `residence-permit`, `registration` for
    firms), number, and until when it is valid (ISO 8601; empty: without end)."""

    kind: str
    number: str
    valid_until: str = ""


class PersonalData(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """All a bank keeps about a person or firm. An empty text means that it was not given."""

    name: str = ""
    phone: str = ""
    tax_number: str = ""
    birth_date: str = ""
    document: Document | None = None
    address: str = ""

    def __repr__(self) -> str:
        """Which members are given, never what they say: a repr ends up in logs."""
        given = [field for field in self.__struct_fields__ if getattr(self, field)]
        return f"PersonalData({', '.join(given)} hidden)"

    def has(self, member: str) -> bool:
        """Whether a member was given."""
        return bool(getattr(self, member))


_DOCUMENT_KINDS: Final = frozenset({"id-card", "passport", "residence-permit", "registration"})


def check_personal_data(data: PersonalData, *, today: datetime.date) -> PersonalData:
    """Return `data` in the forms that are kept. Raises `MalformedPersonalData` at the first fault.

    No message repeats what was given.
    """
    return PersonalData(
        name=clean_name(data.name) if data.name else "",
        phone=normalise_phone(data.phone) if data.phone else "",
        tax_number=normalise_tax_number(data.tax_number) if data.tax_number else "",
        birth_date=_birth_date(data.birth_date, today) if data.birth_date else "",
        document=_document(data.document) if data.document else None,
        address=_plain_line(data.address, "address", _MAX_ADDRESS_CHARS) if data.address else "",
    )


def clean_name(text: str) -> str:
    """A name in NFC with single spaces. Raises `MalformedPersonalData`.

    Letters of any script, their accents, digits and a few marks: nothing that is invisible or
    changes the direction of writing, so that a name looks like what it is.
    """
    name = _plain_line(text, "name", MAX_NAME_CHARS)
    if not any(unicodedata.category(char).startswith("L") for char in name):
        raise MalformedPersonalData("a name has letters", place="name")
    for char in name:
        if char not in _WORD_MARKS and unicodedata.category(char) not in _NAME_CATEGORIES:
            raise MalformedPersonalData(
                f"the character U+{ord(char):04X} does not stand in names", place="name"
            )
    return name


_NAME_CATEGORIES: Final = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd"})


def normalise_phone(text: str) -> str:
    """A telephone number as E.164: `+` and 7 to 15 digits. Raises `MalformedPersonalData`."""
    number = text.translate(_PHONE_FILLERS) if len(text) <= 2 * 16 else ""
    if _PHONE.fullmatch(number) is None:
        raise MalformedPersonalData(
            "a telephone number is + and 7 to 15 digits with the country's code", place="phone"
        )
    return number


def normalise_tax_number(text: str) -> str:
    """A tax number: 6 to 20 digits. Raises `MalformedPersonalData`."""
    number = text.strip() if len(text) <= 2 * 20 else ""
    if _TAX_NUMBER.fullmatch(number) is None:
        raise MalformedPersonalData("a tax number is 6 to 20 digits", place="tax_number")
    return number


def years_between(birth_date: str, today: datetime.date) -> int:
    """Full years of age on `today` of somebody born on `birth_date` (a date that was checked)."""
    born = datetime.date.fromisoformat(birth_date)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def write_fields(data: PersonalData) -> dict[str, str | None]:
    """The fields of the vault that hold `data`; None for what is not given."""
    fields: dict[str, str | None] = {
        field: getattr(data, field) or None for field in data.__struct_fields__
    }
    if data.document is not None:
        fields["document"] = msgspec.json.encode(data.document).decode()
    return fields


def read_fields(fields: Mapping[str, str]) -> PersonalData:
    """The opposite of `write_fields`; what else is sealed for the customer is left alone."""
    members: dict[str, object] = {
        field: fields[field] for field in PersonalData.__struct_fields__ if field in fields
    }
    try:
        if "document" in fields:
            members["document"] = msgspec.json.decode(fields["document"])
        return msgspec.convert(members, PersonalData)
    except msgspec.MsgspecError as error:
        # The seal was whole, so these are our own words.
        raise InvariantViolation("sealed fields that are not personal data") from error


def _plain_line(text: str, place: str, limit: int) -> str:
    if len(text) > limit:
        raise MalformedPersonalData(f"at most {limit} characters", place=place)
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if not line or len(line) > limit:
        raise MalformedPersonalData(f"1 to {limit} characters", place=place)
    if any(unicodedata.category(char).startswith("C") for char in line):
        raise MalformedPersonalData("control or invisible characters", place=place)
    return line


def _birth_date(text: str, today: datetime.date) -> str:
    born = _date(text, "birth_date")
    if not _EARLIEST_BIRTH <= born <= today:
        raise MalformedPersonalData("not a date of birth of somebody alive", place="birth_date")
    return text


def _document(document: Document) -> Document:
    if document.kind not in _DOCUMENT_KINDS:
        raise MalformedPersonalData(
            f"one of {', '.join(sorted(_DOCUMENT_KINDS))}", place="document.kind"
        )
    number = document.number
    if len(number) > _MAX_DOCUMENT_CHARS or _DOCUMENT.fullmatch(number) is None:
        raise MalformedPersonalData(
            f"at most {_MAX_DOCUMENT_CHARS} letters and digits", place="document.number"
        )
    if document.valid_until:
        _date(document.valid_until, "document.valid_until")
    return document


_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _date(text: str, place: str) -> datetime.date:
    try:
        if _DATE.fullmatch(text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    raise MalformedPersonalData("a date is written 1991-12-16", place=place)
