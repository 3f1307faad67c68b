# SPDX-License-Identifier: Apache-2.0
"""Lists of those a bank may not serve: what an entry says, and our own file formats. Pure.

JSON: `{"name": "national", "version": "2026-11-01", "entries": [{"id": "1", "kind": "person",
"names": ["..."], "birth_dates": ["1970-01-31", "1971"], "note": "..."}]}`.

CSV in UTF-8 with a header: `id,kind,names,birth_dates,note`; several names or dates in one field
are separated by `;`. The published XML of the United Nations and of OFAC: `screening_xml`.
"""

import csv
import hashlib
import re
from collections.abc import Iterable
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from kerege.errors import KeregeError

__all__ = [
    "MAX_ENTRIES",
    "MAX_LIST_BYTES",
    "ListedEntry",
    "MalformedList",
    "SanctionsList",
    "check_list",
    "read_csv_list",
    "read_json_list",
]

MAX_LIST_BYTES: Final = 64 * 1024 * 1024
"""The largest published list has some 30 MiB as XML."""

MAX_ENTRIES: Final = 100_000
"""The largest published list has some 20 thousand."""

_MAX_NAMES: Final = 200
_MAX_DATES: Final = 50
_DATE: Final = re.compile(r"[0-9]{4}(-[0-9]{2}-[0-9]{2})?", re.ASCII)
_KINDS: Final = frozenset({"person", "firm", "vessel", "aircraft", "unknown"})
_CSV_FIELDS: Final = ("id", "kind", "names", "birth_dates", "note")
_CSV_SEPARATOR: Final = ";"

_Name = Annotated[str, Meta(min_length=1, max_length=500)]
_ListName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*$(?!\n)", max_length=40)]


class MalformedList(KeregeError):
    """A list file that cannot be used; `place` is the entry or line."""


class ListedEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody or something listed. `birth_dates` are dates (ISO 8601) or years alone."""

    id: Annotated[str, Meta(min_length=1, max_length=60)]
    kind: str = "unknown"
    names: tuple[_Name, ...]
    birth_dates: tuple[str, ...] = ()
    note: Annotated[str, Meta(max_length=2000)] = ""

    def is_comparable_with(self, kind: str) -> bool:
        """Whether a customer of this kind may be the one listed."""
        return self.kind == "unknown" or (self.kind == "person") == (kind == "person")

    @property
    def digest(self) -> str:
        """Changes whenever the entry does: what was decided about it is then open again."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:32]


class SanctionsList(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list: its name here, its publisher's version, its entries."""

    name: _ListName
    version: Annotated[str, Meta(min_length=1, max_length=60)]
    entries: tuple[ListedEntry, ...]


def read_json_list(data: bytes) -> SanctionsList:
    """Read our JSON form. Raises `MalformedList`."""
    _bound(data)
    try:
        return check_list(msgspec.json.decode(data, type=SanctionsList))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        what, _, place = str(error).partition(" - at ")
        raise MalformedList(what[:200], place=place.strip("`")[:100]) from None


def read_csv_list(data: bytes, *, name: str, version: str) -> SanctionsList:
    """Read our CSV form. Raises `MalformedList` with the line."""
    _bound(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedList(f"not UTF-8 at byte {error.start}") from None
    # Not `splitlines`, which would also end a line at characters that may stand in names.
    rows = csv.DictReader((f"{line}\n" for line in text.split("\n")), strict=True)
    try:
        if tuple(rows.fieldnames or ()) != _CSV_FIELDS:
            raise MalformedList(f"the header is {','.join(_CSV_FIELDS)}", place="line 1")
        entries = tuple(_csv_entry(row, rows.line_num) for row in rows)
    except csv.Error as error:
        raise MalformedList(f"not CSV: {error}", place=f"line {rows.line_num}") from None
    try:
        made = SanctionsList(name=name, version=version, entries=entries)
        return check_list(msgspec.convert(msgspec.to_builtins(made), SanctionsList))
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at ")
        raise MalformedList(what[:200], place=place.strip("`")[:100]) from None


def check_list(given: SanctionsList) -> SanctionsList:
    """Return a list whose entries may be used. Raises `MalformedList` at the first fault."""
    if not 1 <= len(given.entries) <= MAX_ENTRIES:
        # An empty file is a broken download: taking it would let everybody through.
        raise MalformedList(f"1 to {MAX_ENTRIES} entries, not {len(given.entries)}")
    if not given.version.isprintable():
        raise MalformedList("control characters", place="version")
    seen: set[str] = set()
    for entry in given.entries:
        _check_entry(entry)
        if entry.id in seen:
            raise MalformedList("an id stands twice", place=entry.id)
        seen.add(entry.id)
    return given


def _check_entry(entry: ListedEntry) -> None:
    if not entry.id.isprintable():
        raise MalformedList("control characters", place=f"{entry.id!r} id")
    if entry.kind not in _KINDS:
        raise MalformedList(f"one of {', '.join(sorted(_KINDS))}", place=f"{entry.id} kind")
    if not 1 <= len(entry.names) <= _MAX_NAMES:
        raise MalformedList(f"1 to {_MAX_NAMES} names", place=f"{entry.id} names")
    if len(entry.birth_dates) > _MAX_DATES:
        raise MalformedList(f"at most {_MAX_DATES} dates", place=f"{entry.id} birth_dates")
    for date in entry.birth_dates:
        if _DATE.fullmatch(date) is None:
            raise MalformedList("a date is 1970-01-31 or 1970", place=f"{entry.id} birth_dates")


def _csv_entry(row: dict[str | None, str | None], line: int) -> ListedEntry:
    if None in row or None in row.values():
        raise MalformedList(f"{len(_CSV_FIELDS)} fields", place=f"line {line}")
    return ListedEntry(
        id=row["id"] or "",
        kind=row["kind"] or "unknown",
        names=tuple(_parts(row["names"])),
        birth_dates=tuple(_parts(row["birth_dates"])),
        note=row["note"] or "",
    )


def _parts(field: str | None) -> Iterable[str]:
    stripped = (part.strip() for part in (field or "").split(_CSV_SEPARATOR))
    return (part for part in stripped if part)


def _bound(data: bytes) -> None:
    if len(data) > MAX_LIST_BYTES:
        raise MalformedList(f"more than {MAX_LIST_BYTES} bytes", remedy="split it into lists")
