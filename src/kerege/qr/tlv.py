# SPDX-License-Identifier: Apache-2.0
"""Data objects: two digits of tag, two of length, a value (EMV QRCPS v1.1, 3.2).

Lengths count characters, not bytes: `0202北京` has a value of two.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from kerege.qr.errors import Fault, StructureError

__all__ = ["MAX_VALUE_CHARS", "DataObject", "parse_objects", "write_objects"]

MAX_VALUE_CHARS = 99
"""Characters of one value: its length has two digits."""

_HEADER_CHARS = 4
_DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class DataObject:
    """A tag (`00` to `99`) and its value; for one that was read, also where it began."""

    tag: str
    value: str
    path: str = field(default="", compare=False)
    offset: int = field(default=0, compare=False)

    def objects(self) -> tuple["DataObject", ...]:
        """The data objects inside, if this is a template. Raises `StructureError`."""
        return parse_objects(self.value, path=self.path or self.tag, base=self.value_offset)

    @property
    def value_offset(self) -> int:
        """Where the value began in the payload."""
        return self.offset + _HEADER_CHARS

    def fault(self, message: str, remedy: str, *, at: int = 0) -> Fault:
        """A fault at character `at` of the value."""
        return Fault(self.path or self.tag, self.value_offset + at, message, remedy)


def parse_objects(text: str, *, path: str = "", base: int = 0) -> tuple[DataObject, ...]:
    """The data objects of a payload or, given its `path` and offset, of a template, in order.

    Raises `StructureError` for a malformed header, a value cut short, or a tag that comes twice.
    """
    found: dict[str, DataObject] = {}
    at = 0
    while at < len(text):
        item = _parse_one(text, at, path, base)
        if item.tag in found:
            message = f"the tag came before, at character {found[item.tag].offset}"
            raise StructureError(
                Fault(item.path, item.offset, message, "each tag may occur once: refuse the code")
            )
        found[item.tag] = item
        at += _HEADER_CHARS + len(item.value)
    return tuple(found.values())


def _parse_one(text: str, at: int, path: str, base: int) -> DataObject:
    header = text[at : at + _HEADER_CHARS]
    if len(header) < _HEADER_CHARS or not _DIGITS.issuperset(header):
        message = "two digits of tag and two of length should stand here"
        raise StructureError(Fault(path, base + at, message, "scan again, or ask for a new code"))
    tag, length = header[:2], int(header[2:])
    item_path = f"{path}.{tag}" if path else tag
    start = at + _HEADER_CHARS
    value = text[start : start + length]
    if len(value) < length:
        message = f"the length is {length} characters, but {len(value)} are left"
        raise StructureError(
            Fault(item_path, base + at + 2, message, "scan again, or ask for a new code")
        )
    return DataObject(tag, value, item_path, base + at)


def write_objects(objects: Iterable[DataObject]) -> str:
    """Tags, lengths and values in the order given, also as the value of a template.

    Raises `StructureError` for a tag that is not two digits or comes twice, and for a value of no
    or more than `MAX_VALUE_CHARS` characters.
    """
    parts: dict[str, str] = {}
    for item in objects:
        if len(item.tag) != 2 or not _DIGITS.issuperset(item.tag) or item.tag in parts:
            raise StructureError(item.fault("the tag is not two digits, or twice", "correct it"))
        if not 1 <= len(item.value) <= MAX_VALUE_CHARS:
            message = f"a value has 1 to {MAX_VALUE_CHARS} characters, this has {len(item.value)}"
            raise StructureError(item.fault(message, "shorten it, or leave the tag out"))
        parts[item.tag] = f"{item.tag}{len(item.value):02}{item.value}"
    return "".join(parts.values())
