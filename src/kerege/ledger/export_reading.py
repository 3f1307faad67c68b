# SPDX-License-Identifier: Apache-2.0
"""Reading an export: every line checked for form, place and sum; nothing is trusted.

Faults are `ExportFault`s that name the line. What the facts mean together is checked by
`auditing.py`.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Annotated, BinaryIO, Final, TypeVar

import msgspec
from msgspec import Meta, Struct

from kerege.ledger.account import Cell, CellKey
from kerege.ledger.errors import ExportFault
from kerege.ledger.exporting import EXPORT_FORMAT, EXPORT_VERSION
from kerege.ledger.ids import ORDER_ID_BYTES, AccountId, Mark, OrderId
from kerege.ledger.numbering import MAX_BATCH_STEPS
from kerege.ledger.order import MAX_EVIDENCE_BYTES, MAX_STEPS
from kerege.ledger.outcome import Outcome
from kerege.ledger.refusal import MALFORMED, PASSING, Refusal

__all__ = [
    "MAX_LINE_BYTES",
    "ExportedBatch",
    "ExportedCell",
    "ExportedRefusal",
    "Fact",
    "bounded_lines",
    "read_export",
]

MAX_LINE_BYTES: Final = 4 * 1024 * 1024
"""The longest order: 8 192 openings of 98 bytes in hexadecimal, as many results of 20 digits
and 64 KiB of evidence are 1.9 MB, doubled for comfort; a line beyond it is an attack on memory."""

MAX_BATCH_BODY_BYTES: Final = 16 * 1024 * 1024
"""All orders of a batch: 16 384 steps of 98 bytes, each in an order of its own, are 11 MB."""

_BYTES_AT_ONCE: Final = 8 * 1024 * 1024
"""Orders of a batch are read together, as far as they are no burden on memory."""

_SALT_BYTES: Final = 16
_CONTENT_BYTES: Final = 32
_SETTLED: Final = frozenset(Refusal) - MALFORMED - PASSING

_Count = Annotated[int, Meta(ge=0, le=2**62)]
_Figure = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
_Batch = Annotated[int, Meta(ge=0, lt=2**48)]
"""Positions are a batch's number and 14 bits: numbers beyond would not leave room for more."""


class _Header(Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    version: int
    leaves: _Count


class ExportedBatch(Struct, frozen=True):
    """A batch with its orders as columns: bytes, evidence, results and salts, in order."""

    line: int
    batch: int
    at_us: int
    first_leaf: int
    bodies: list[bytes]
    results: list[tuple[int, ...]]
    salts: list[bytes]
    evidences: list[bytes]


class ExportedRefusal(Struct, frozen=True):
    """A remembered refusal."""

    line: int
    content: bytes
    outcome: Outcome


class ExportedCell(Struct, frozen=True):
    """A balance as the exporting ledger had it."""

    line: int
    key: CellKey
    cell: Cell


Fact = ExportedBatch | ExportedRefusal | ExportedCell

_Order = tuple[str, str, tuple[_Figure, ...], str, str]
_Place = Annotated[int, Meta(ge=-1, lt=MAX_STEPS)]
_Refusal = tuple[str, str, str, _Count, _Count, _Place, _Figure, _Figure]
_Cell = tuple[str, _Count, _Count, _Figure, _Figure, _Figure, _Count]
_T = TypeVar("_T")
_header: Final = msgspec.json.Decoder(_Header, strict=True)
_order: Final = msgspec.json.Decoder(_Order, strict=True)
_batch: Final = msgspec.json.Decoder(tuple[str, _Batch, _Count, _Count, _Count], strict=True)
_refusal: Final = msgspec.json.Decoder(_Refusal, strict=True)
_cell: Final = msgspec.json.Decoder(_Cell, strict=True)
_end: Final = msgspec.json.Decoder(tuple[str, int, int, int, int, str], strict=True)
_encode_lines: Final = msgspec.json.Encoder().encode_lines

_SECTIONS: Final = (b"b", b"r", b"c")
"""Balances come last: told before the last batch, they could be those of another moment."""


def bounded_lines(file: BinaryIO) -> Iterator[bytes]:
    """A file's lines, none longer than one byte more than `read_export` takes.

    Iterating over the file itself would take a line of any length into memory.
    """
    while line := file.readline(MAX_LINE_BYTES + 1):
        yield line


def read_export(lines: Iterable[bytes]) -> Iterator[Fact]:
    """The facts of an export in order; raises `ExportFault` at the first fault.

    `lines` come with their newlines (`bounded_lines`). The checksum is known only at the
    end: use nothing for good before the iterator ends.
    """
    reader = _Lines(lines)
    leaves = _read_header(reader)
    section = 0
    while True:
        line = reader.next_line()
        kind = line[2:3]
        if kind not in _SECTIONS:
            _check_end(reader, line, leaves)
            return
        if _SECTIONS.index(kind) < section:
            raise reader.fault("stands after what it should come before")
        section = _SECTIONS.index(kind)
        if kind == b"b":
            yield _read_batch(reader, line)
        elif kind == b"r":
            yield _read_refusal(reader, line)
        else:
            yield _read_cell(reader, line)


_ASK_AGAIN: Final = "ask for the export again; this one cannot be trusted"


class _Lines:
    """Lines with their numbers, counts and running checksum."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._checksum = hashlib.sha256()
        # The last line carries the sum of those before it, so the newest is added late.
        self._newest = b""
        self.number = 0
        self.counts = {"b": 0, "o": 0, "r": 0, "c": 0}
        self.newest_batch = -1
        self.newest_refused = bytes(ORDER_ID_BYTES)

    def next_line(self) -> bytes:
        line = next(self._lines, b"")
        self.number += 1
        if not line:
            raise self.fault("is missing: the export ends too early")
        if len(line) > MAX_LINE_BYTES or line[-1:] != b"\n":
            raise self.fault("is cut off, or longer than any fact")
        self._checksum.update(self._newest)
        self._newest = line
        return line

    def next_lines(self, at_most: int) -> list[bytes]:
        """At least one line, and not many more bytes than `_BYTES_AT_ONCE`; `number` is then
        that of the last."""
        lines = [self.next_line()]
        room = _BYTES_AT_ONCE
        for line in islice(self._lines, at_most - 1):
            room -= len(line)
            if room < 0 or len(line) > MAX_LINE_BYTES or line[-1:] != b"\n":
                # Those before it come first, with whatever is wrong with them.
                self._lines = chain((line,), self._lines)
                break
            lines.append(line)
        self.number += len(lines) - 1
        self._checksum.update(b"".join(lines[:-1]))
        self._newest = lines[-1]
        return lines

    def ends_here(self) -> bool:
        return next(self._lines, b"") == b""

    def checksum(self) -> str:
        return self._checksum.hexdigest()

    def decode(self, decoder: msgspec.json.Decoder[_T], line: bytes) -> _T:
        try:
            return _decode(decoder, [line])[0]
        except _NotAsWritten as error:
            raise self.fault(str(error)) from None

    def count(self, kind: str, facts: int = 1) -> None:
        self.counts[kind] += facts

    def hexadecimal(self, text: str, size: int) -> bytes:
        try:
            return _hexadecimal([text], size)[0]
        except _NotAsWritten as error:
            raise self.fault(str(error)) from None

    def fault(self, what: str, *, remedy: str = _ASK_AGAIN) -> ExportFault:
        place = f"line {self.number}"
        return ExportFault(f"the line {what}", place=place, remedy=remedy)


class _NotAsWritten(Exception):
    """A line, or one of several, is not as an export writes it."""


def _decode(decoder: msgspec.json.Decoder[_T], lines: Sequence[bytes]) -> list[_T]:
    text = b"".join(lines)
    try:
        facts = decoder.decode_lines(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _NotAsWritten(f"is not the fact it should be: {error}") from None
    if len(facts) != len(lines) or _encode_lines(facts) != text:
        raise _NotAsWritten("is written another way than an export writes it")
    return facts


def _hexadecimal(texts: Sequence[str], size: int | None = None) -> list[bytes]:
    try:
        found = list(map(bytes.fromhex, texts))
    except ValueError:
        raise _NotAsWritten(_NO_BYTES) from None
    return _written(found, texts, map(bytes.hex, found), size)


def _base64(texts: Sequence[str]) -> list[bytes]:
    try:
        found = [base64.b64decode(text) if text else b"" for text in texts]
    except (ValueError, binascii.Error):
        raise _NotAsWritten(_NO_BYTES) from None
    again = (base64.b64encode(one).decode() if one else "" for one in found)
    return _written(found, texts, again, None)


def _written(
    found: list[bytes], texts: Sequence[str], again: Iterable[str], size: int | None
) -> list[bytes]:
    """`found`, if there is no other way to write it than `texts`, and all are `size` long."""
    if list(again) != list(texts) or (size is not None and set(map(len, found)) - {size}):
        raise _NotAsWritten("has bytes of another length, or written another way")
    return found


_NO_BYTES: Final = "has bytes that are not written as bytes are"


def _read_header(reader: _Lines) -> int:
    """How many orders the export promises."""
    header = reader.decode(_header, reader.next_line())
    if header.format != EXPORT_FORMAT:
        raise reader.fault(f"does not begin a {EXPORT_FORMAT}", remedy="name another file")
    if header.version > EXPORT_VERSION:
        known = f"version {header.version}, this release reads {EXPORT_VERSION}"
        raise reader.fault(f"begins {known}", remedy="use the release that wrote it, or newer")
    if header.version != EXPORT_VERSION:
        raise reader.fault(f"begins version {header.version}, which there never was")
    return header.leaves


def _read_batch(reader: _Lines, line: bytes) -> ExportedBatch:
    _, number, at_us, first_leaf, orders = reader.decode(_batch, line)
    if not 0 < orders <= MAX_BATCH_STEPS or first_leaf != reader.counts["o"]:
        raise reader.fault("does not continue the log, or counts no orders")
    if number <= reader.newest_batch:
        raise reader.fault(f"begins batch {number} after batch {reader.newest_batch}")
    reader.newest_batch = number
    reader.count("b")
    batch = ExportedBatch(reader.number, number, at_us, first_leaf, [], [], [], [])
    room = MAX_BATCH_BODY_BYTES
    while missing := orders - len(batch.bodies):
        room = _read_orders(reader, reader.next_lines(missing), batch, room)
    reader.count("o", orders)
    return batch


def _read_orders(reader: _Lines, lines: Sequence[bytes], batch: ExportedBatch, room: int) -> int:
    """Add orders to their batch: all at once, or if one is faulty one by one to find it.

    Returns what is left of `room`, bytes for bodies.
    """
    try:
        return _add_orders(lines, batch, room)
    except _NotAsWritten as error:
        if len(lines) == 1:
            raise reader.fault(str(error)) from None
    for number, line in enumerate(lines, reader.number - len(lines) + 1):
        reader.number = number
        room = _read_orders(reader, [line], batch, room)
    return room


def _add_orders(lines: Sequence[bytes], batch: ExportedBatch, room: int) -> int:
    kinds, texts, results, salted, evident = zip(*_decode(_order, lines), strict=True)
    if set(kinds) != {"o"}:
        raise _NotAsWritten("should be an order of its batch")
    bodies, salts = _hexadecimal(texts), _hexadecimal(salted, _SALT_BYTES)
    evidences = _base64(evident)
    room -= sum(map(len, bodies))
    if max(map(len, evidences)) > MAX_EVIDENCE_BYTES:
        raise _NotAsWritten("has more evidence than an order may")
    if room < 0:
        raise _NotAsWritten("makes its batch longer than any batch")
    batch.bodies.extend(bodies)
    batch.results.extend(results)
    batch.salts.extend(salts)
    batch.evidences.extend(evidences)
    return room


def _read_refusal(reader: _Lines, line: bytes) -> ExportedRefusal:
    _, text, content, at_us, refusal, step, found, limit = reader.decode(_refusal, line)
    if refusal not in _SETTLED:
        raise reader.fault(f"has a refusal {refusal} that no ledger of this release remembers")
    order_id = reader.hexadecimal(text, ORDER_ID_BYTES)
    if order_id <= reader.newest_refused:
        raise reader.fault("is not in order of order id, or stands twice")
    reader.newest_refused = order_id
    reader.count("r")
    outcome = Outcome(
        OrderId(order_id), Refusal(refusal), at_us=at_us, step=step, found=found, limit=limit
    )
    return ExportedRefusal(reader.number, reader.hexadecimal(content, _CONTENT_BYTES), outcome)


def _read_cell(reader: _Lines, line: bytes) -> ExportedCell:
    _, account, mark, balance, debits, credits_, version = reader.decode(_cell, line)
    reader.count("c")
    cell = Cell(balance, debits, credits_, version)
    return ExportedCell(reader.number, (AccountId(account), Mark(mark)), cell)


def _check_end(reader: _Lines, line: bytes, promised: int) -> None:
    kind, *counts, checksum = reader.decode(_end, line)
    if kind != "end" or counts != list(reader.counts.values()) or promised != reader.counts["o"]:
        raise reader.fault("counts other facts than there are")
    if checksum != reader.checksum():
        raise reader.fault("has another checksum than the lines before it")
    if not reader.ends_here():
        raise reader.fault("should be the last one")
