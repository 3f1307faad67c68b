# SPDX-License-Identifier: Apache-2.0
"""XML from outside: nothing expands, nothing is fetched, nothing is endless."""

import pytest

from kerege.programmes.invoices.document import MAX_INVOICE_BYTES, MalformedInvoice
from kerege.programmes.invoices.xml_tree import Element, parse_xml

SPACES = {"urn:x": "x", "": ""}

LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>
<r>&c;</r>"""
OUTSIDE = b'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><r>&f;</r>'
FAR = b'<!DOCTYPE r SYSTEM "http://127.0.0.1:1/evil.dtd"><r/>'


def parse(text: bytes) -> Element:
    return parse_xml(text, SPACES, skipped=frozenset({"x:big"}))


@pytest.mark.parametrize("text", [LAUGHS, OUTSIDE, FAR])
def test_document_types_are_refused_before_they_are_read(text: bytes) -> None:
    with pytest.raises(MalformedInvoice, match="document type"):
        parse(text)


def test_an_entity_nobody_declared() -> None:
    with pytest.raises(MalformedInvoice, match="not XML"):
        parse(b"<r>&nbsp;</r>")


@pytest.mark.parametrize(
    "text",
    [
        b"<r>" + b"<a>" * 40 + b"</a>" * 40 + b"</r>",
        b'<r xmlns:y="urn:y">' + b"<y:a>" * 40 + b"</y:a>" * 40 + b"</r>",
        b"<r>" + b"<a/>" * 200_001 + b"</r>",
        b"<r>" + b"x" * 4_097 + b"</r>",
        b"<r>" + b"x" * MAX_INVOICE_BYTES + b"</r>",
    ],
)
def test_bounds(text: bytes) -> None:
    with pytest.raises(MalformedInvoice):
        parse(text)


def test_other_namespaces_and_what_is_skipped_are_left_out() -> None:
    root = parse(
        b'<r xmlns:x="urn:x" xmlns:y="urn:y"><y:a><x:b>no</x:b></y:a>'
        b"<x:big>" + b"A" * 10_000 + b"</x:big><x:b i='1'> yes </x:b></r>"
    )
    assert [child.name for child in root.children] == ["x:b"]
    assert root.words("x:b") == "yes"
    assert root.words("x:c") == ""
    assert root.children[0].attributes == {"i": "1"}
    assert root.children[0].place == "line 1, x:b"
