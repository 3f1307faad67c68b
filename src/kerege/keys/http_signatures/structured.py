# SPDX-License-Identifier: Apache-2.0
"""The part of structured fields (RFC 9651) that signatures need, in canonical writing only.

Two shapes of dictionary: of inner lists of strings with parameters (`Signature-Input`), and of
byte sequences (`Signature`, `Content-Digest`). RFC 9651 lets the last of two equal names win and
lets values be written in several ways; here a name stands once and a value has one writing, so
the text received is the text that was signed and is never serialised again.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from kerege.keys.canonical_base64 import decode_base64
from kerege.keys.errors import KeyEncodingError
from kerege.keys.http_signatures.errors import HttpSignatureError
from kerege.keys.http_signatures.limits import MAX_COMPONENTS, MAX_SIGNATURES

__all__ = ["InnerList", "parse_byte_sequences", "parse_inner_lists"]

_Value = TypeVar("_Value")

_KEY = r"[a-z*][a-z0-9_.*-]{0,63}"
_LABEL = re.compile(rf"({_KEY})=")
_COMPONENT = re.compile(r'"(@?[a-z0-9-]{1,64})"')
_TEXT_PARAMETER = re.compile(rf';({_KEY})="([ !#-\[\]-~]*)"')
# 15 digits are what RFC 9651 section 3.3.1 allows.
_NUMBER_PARAMETER = re.compile(rf";({_KEY})=(0|[1-9][0-9]{{0,14}})")
_BYTES = re.compile(r":([A-Za-z0-9+/=]*):")
_COMMA = re.compile(r"[ \t]*,[ \t]*")


@dataclass(frozen=True, slots=True)
class InnerList:
    """A list of component names and its parameters; `text` is all of it as it was written."""

    components: tuple[str, ...]
    parameters: Mapping[str, str | int]
    text: str


def parse_inner_lists(text: str, *, field: str) -> dict[str, InnerList]:
    """Parse a dictionary of inner lists. Raises `HttpSignatureError` with field and position."""
    lists: dict[str, InnerList] = {}
    for label, start, scan in _members(text, field):
        components = _components(scan)
        parameters = _parameters(scan)
        _add_once(lists, label, InnerList(components, parameters, text[start : scan.at]), scan)
    return lists


def parse_byte_sequences(text: str, *, field: str) -> dict[str, bytes]:
    """Parse a dictionary of byte sequences. Raises `HttpSignatureError` with field and position."""
    sequences: dict[str, bytes] = {}
    for label, _, scan in _members(text, field):
        digits = scan.take(_BYTES, "bytes in base64 between colons")[1]
        try:
            data = decode_base64(digits)
        except KeyEncodingError as error:
            raise scan.fault(error.message) from error
        _add_once(sequences, label, data, scan)
    return sequences


class _Scan:
    """A position in a field's text."""

    __slots__ = ("at", "field", "text")

    def __init__(self, text: str, field: str) -> None:
        self.text = text
        self.field = field
        self.at = 0

    def try_take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Move past `pattern` if it stands here."""
        match = pattern.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
        return match

    def take(self, pattern: re.Pattern[str], what: str) -> re.Match[str]:
        """Move past `pattern`, which must stand here."""
        match = self.try_take(pattern)
        if match is None:
            raise self.fault(f"expected {what}")
        return match

    def try_skip(self, literal: str) -> bool:
        """Move past `literal` if it stands here."""
        there = self.text.startswith(literal, self.at)
        if there:
            self.at += len(literal)
        return there

    def fault(self, message: str) -> HttpSignatureError:
        return HttpSignatureError(message, place=f"{self.field}, character {self.at + 1}")


def _members(text: str, field: str) -> Iterator[tuple[str, int, _Scan]]:
    """Give each label with the position of its value; the caller moves the scan past the value."""
    scan = _Scan(text, field)
    while True:
        label = scan.take(_LABEL, "a label and =")[1]
        yield label, scan.at, scan
        if scan.at == len(text):
            return
        scan.take(_COMMA, "a comma or the end")


def _add_once(members: dict[str, _Value], label: str, value: _Value, scan: _Scan) -> None:
    if label in members:
        raise scan.fault(f"{label} stands twice")
    if len(members) == MAX_SIGNATURES:
        raise scan.fault(f"at most {MAX_SIGNATURES} members")
    members[label] = value


def _components(scan: _Scan) -> tuple[str, ...]:
    if not scan.try_skip("("):
        raise scan.fault("expected a list of components")
    components: list[str] = []
    while not scan.try_skip(")"):
        if components and not scan.try_skip(" "):
            raise scan.fault("expected one space or the end of the list; no parameters here")
        name = scan.take(_COMPONENT, "a component's name in quotes, in lower case")[1]
        if name in components:
            raise scan.fault(f"{name} stands twice")
        if len(components) == MAX_COMPONENTS:
            raise scan.fault(f"at most {MAX_COMPONENTS} components")
        components.append(name)
    return tuple(components)


def _parameters(scan: _Scan) -> dict[str, str | int]:
    parameters: dict[str, str | int] = {}
    while scan.text.startswith(";", scan.at):
        value: str | int
        if match := scan.try_take(_TEXT_PARAMETER):
            value = match[2]
        else:
            match = scan.take(_NUMBER_PARAMETER, "a parameter: a plain string or whole number")
            value = int(match[2])
        if match[1] in parameters:
            raise scan.fault(f"{match[1]} stands twice")
        parameters[match[1]] = value
    return parameters
