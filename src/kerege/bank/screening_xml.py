# SPDX-License-Identifier: Apache-2.0
"""The shapes in which the United Nations and OFAC publish their lists as XML. Pure.

* UN: `CONSOLIDATED_LIST`, with `INDIVIDUAL` and `ENTITY` below it;
* OFAC: `sdnList` (the SDN and the consolidated list), with `sdnEntry` below it.

Read by the names of elements, whatever their namespace; what is not named here is left out. Weak
and low-quality aliases are read like others: a person decides. Written from the publishers'
descriptions; no published file is part of this project.
"""

from typing import Final
from xml.parsers import expat

from kerege.bank.screening_list import (
    MAX_LIST_BYTES,
    ListedEntry,
    MalformedList,
    SanctionsList,
    check_list,
)

__all__ = ["read_xml_list"]

_MAX_DEPTH: Final = 16
_MONTHS: Final = {
    month: f"{number:02}"
    for number, month in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_OFAC_KINDS: Final = {"individual": "person", "entity": "firm"}
_UN_GIVEN: Final = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")


class _Element:
    """An element: its name without namespace, its text, its children."""

    __slots__ = ("attributes", "children", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[_Element] = []
        self.text = ""

    def all(self, name: str) -> list["_Element"]:
        return [child for child in self.children if child.name == name]

    def below(self, *path: str) -> list["_Element"]:
        """All elements reached by a path of names."""
        found = [self]
        for name in path:
            found = [child for element in found for child in element.all(name)]
        return found

    def first(self, name: str) -> str:
        """The text of the first child of a name, stripped."""
        return next((child.text.strip() for child in self.all(name)), "")


def read_xml_list(data: bytes, *, name: str) -> SanctionsList:
    """Read a published list, to be called `name` here. Raises `MalformedList`."""
    if len(data) > MAX_LIST_BYTES:
        raise MalformedList(f"more than {MAX_LIST_BYTES} bytes")
    root = _parse(data)
    match root.name:
        case "CONSOLIDATED_LIST":
            version = root.attributes.get("dateGenerated", "")
            entries = [
                *(_un_person(each) for each in root.below("INDIVIDUALS", "INDIVIDUAL")),
                *(_un_firm(each) for each in root.below("ENTITIES", "ENTITY")),
            ]
        case "sdnList":
            published = root.below("publshInformation")
            version = published[0].first("Publish_Date") if published else ""
            entries = [_ofac_entry(each) for each in root.below("sdnEntry")]
        case other:
            raise MalformedList(
                "neither the UN's CONSOLIDATED_LIST nor OFAC's sdnList", place=other[:60]
            )
    return check_list(
        SanctionsList(name=name, version=version[:60] or "undated", entries=tuple(entries))
    )


def _un_person(element: _Element) -> ListedEntry:
    given = " ".join(filter(None, (element.first(part) for part in _UN_GIVEN)))
    aliases = [alias.first("ALIAS_NAME") for alias in element.all("INDIVIDUAL_ALIAS")]
    births = element.all("INDIVIDUAL_DATE_OF_BIRTH")
    return _entry(
        element.first("DATAID"),
        "person",
        [given, *aliases],
        [birth.first("DATE") or birth.first("YEAR") for birth in births],
        element.first("REFERENCE_NUMBER"),
    )


def _un_firm(element: _Element) -> ListedEntry:
    aliases = [alias.first("ALIAS_NAME") for alias in element.all("ENTITY_ALIAS")]
    return _entry(
        element.first("DATAID"),
        "firm",
        [element.first("FIRST_NAME"), *aliases],
        [],
        element.first("REFERENCE_NUMBER"),
    )


def _ofac_entry(element: _Element) -> ListedEntry:
    kind = element.first("sdnType").lower()
    births = element.below("dateOfBirthList", "dateOfBirthItem")
    return _entry(
        element.first("uid"),
        _OFAC_KINDS.get(kind, kind if kind in ("vessel", "aircraft") else "unknown"),
        [_ofac_name(each) for each in (element, *element.below("akaList", "aka"))],
        [birth.first("dateOfBirth") for birth in births],
        " ".join(program.text.strip() for program in element.below("programList", "program")),
    )


def _ofac_name(element: _Element) -> str:
    return " ".join(filter(None, (element.first("firstName"), element.first("lastName"))))


def _entry(entry: str, kind: str, names: list[str], births: list[str], note: str) -> ListedEntry:
    if not entry:
        raise MalformedList("an entry without its number", place=names[0][:60])
    # Lists write one name twice now and then; the order they give stays.
    known = tuple(dict.fromkeys(name[:500] for name in names if name))
    return ListedEntry(
        id=entry[:60],
        kind=kind,
        names=known,
        birth_dates=tuple(dict.fromkeys(filter(None, map(_date, births)))),
        note=note[:2000],
    )


def _date(text: str) -> str:
    """`1970-01-31`, `31 Jan 1970`, `1970`, `Jan 1970`, `circa 1970`: a date, or its year."""
    if len(text) >= 10 and text[4:5] == text[7:8] == "-" and text[:4].isdecimal():
        return text[:10]
    words = text.lower().replace(",", " ").split()[:4]
    years = [word for word in words if len(word) == 4 and word.isascii() and word.isdecimal()]
    if not years:
        return ""
    match words:
        case [day, month, year] if month in _MONTHS and day.isdecimal() and len(day) <= 2:
            return f"{year}-{_MONTHS[month]}-{day:0>2}" if year in years else years[0]
        case _:
            return years[0]


def _parse(data: bytes) -> _Element:
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise MalformedList(f"not XML: {error}", place=f"line {parser.CurrentLineNumber}") from None
    if reader.root is None:
        raise MalformedList("no element at all")
    return reader.root


class _Reader:
    """Builds the tree of elements."""

    def __init__(self) -> None:
        self.root: _Element | None = None
        self._open: list[_Element] = []

    def doctype(self, *_: object) -> None:
        raise MalformedList("a document type, which could name entities, is not accepted")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) == _MAX_DEPTH:
            raise MalformedList(f"elements more than {_MAX_DEPTH} deep", place=name[:60])
        element = _Element(name.rpartition("}")[2], attributes)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, _: str) -> None:
        self._open.pop()

    def characters(self, text: str) -> None:
        self._open[-1].text += text
