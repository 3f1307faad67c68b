# SPDX-License-Identifier: Apache-2.0
"""Reading untrusted XML into a small tree: no document types, no entities, bounds on all. Pure.

Python's own expat is enough, and a document type is refused before anything in it is read, so
there is nothing that could expand or be fetched.
"""

from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

from kerege.programmes.invoices.document import MAX_INVOICE_BYTES, MalformedInvoice

__all__ = ["Element", "parse_xml"]

_MAX_DEPTH: Final = 32
_MAX_ELEMENTS: Final = 200_000
_MAX_TEXT: Final = 4_096
"""Characters of one element; attached files are longer, and left out."""


class Element:
    """An element with the prefix this program gives its namespace (`cbc:ID`), its text stripped,
    and where it stood."""

    __slots__ = ("attributes", "children", "column", "line", "name", "text")

    def __init__(self, name: str, attributes: Mapping[str, str], line: int, column: int) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Element] = []
        self.text = ""
        self.line = line
        self.column = column

    def all(self, *path: str) -> list["Element"]:
        """Every element a path of names leads to."""
        found = [self]
        for name in path:
            found = [child for one in found for child in one.children if child.name == name]
        return found

    def first(self, *path: str) -> "Element | None":
        """The first of them."""
        return next(iter(self.all(*path)), None)

    def words(self, *path: str) -> str:
        """The text of the first of them, empty if there is none."""
        found = self.first(*path)
        return "" if found is None else found.text

    @property
    def place(self) -> str:
        """For people: `line 12, cbc:ID`."""
        return f"line {self.line}, {self.name}"


def parse_xml(data: bytes, prefixes: Mapping[str, str], *, skipped: frozenset[str]) -> Element:
    """The root of a document; raises `MalformedInvoice`.

    `prefixes` gives the prefix of each namespace that matters; elements of others, and `skipped`
    ones, are left out with what is in them.
    """
    if len(data) > MAX_INVOICE_BYTES:
        raise MalformedInvoice(
            f"the file has {len(data)} bytes, more than {MAX_INVOICE_BYTES}",
            remedy="leave out what is attached",
        )
    parser = expat.ParserCreate(namespace_separator="}")
    reader = _Reader(parser, prefixes, skipped)
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as fault:
        place = f"line {parser.CurrentLineNumber}, column {parser.CurrentColumnNumber + 1}"
        raise MalformedInvoice(f"not XML: {fault}"[:200], place=place) from None
    if reader.root is None:
        raise MalformedInvoice("not an invoice: its root element is of no known namespace")
    return reader.root


class _Reader:
    """Builds the tree."""

    def __init__(
        self, parser: expat.XMLParserType, prefixes: Mapping[str, str], skipped: frozenset[str]
    ) -> None:
        self.root: Element | None = None
        self._parser = parser
        self._prefixes = prefixes
        self._skipped = skipped
        self._open: list[Element] = []
        self._skipping = 0
        self._seen = 0

    def doctype(self, *_: object) -> None:
        raise MalformedInvoice(
            "a document type, which could name entities, is not accepted",
            place=f"line {self._parser.CurrentLineNumber}",
            remedy="send the invoice without a DOCTYPE",
        )

    def start(self, name: str, attributes: dict[str, str]) -> None:
        line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        self._seen += 1
        if self._seen > _MAX_ELEMENTS or len(self._open) + self._skipping >= _MAX_DEPTH:
            raise MalformedInvoice(
                f"more than {_MAX_ELEMENTS} elements, or {_MAX_DEPTH} deep", place=f"line {line}"
            )
        space, _, local = name.rpartition("}")
        prefix = self._prefixes.get(space)
        full = local if not prefix else f"{prefix}:{local}"
        if self._skipping or prefix is None or full in self._skipped:
            self._skipping += 1
            return
        element = Element(full, attributes, line, column)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, _: str) -> None:
        if self._skipping:
            self._skipping -= 1
            return
        element = self._open.pop()
        element.text = element.text.strip()

    def characters(self, text: str) -> None:
        if self._skipping or not self._open:
            return
        element = self._open[-1]
        if len(element.text) + len(text) > _MAX_TEXT:
            raise MalformedInvoice(f"more than {_MAX_TEXT} characters", place=element.place)
        element.text += text
