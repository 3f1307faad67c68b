# SPDX-License-Identifier: Apache-2.0
"""Reading an export: every line checked for form, place and sum; nothing is trusted.

Faults are `ExportFault`s that name the line. What the facts mean together is checked by
`auditing.py`.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any, BinaryIO, Final, TypeVar

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
_encode: Final = msgspec.json.Encoder().encode

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
        self._before_last = self._checksum.copy()
        self.number = 0
        self.counts = {"b": 0, "o": 0, "r": 0, "c": 0}
        self.newest_batch = -1
        self.newest_refused = bytes(ORDER_ID_BYTES)

    def next_line(self) -> bytes:
        self.number += 1
        line = next(self._lines, b"")
        if not line:
            raise self.fault("is missing: the export ends too early")
        if len(line) > MAX_LINE_BYTES or not line.endswith(b"\n"):
            raise self.fault("is cut off, or longer than any fact")
        self._before_last = self._checksum.copy()
        self._checksum.update(line)
        return line

    def ends_here(self) -> bool:
        return next(self._lines, b"") == b""

    def checksum(self) -> str:
        return self._before_last.hexdigest()

    def decode(self, decoder: msgspec.json.Decoder[_T], line: bytes) -> _T:
        try:
            fact = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self.fault(f"is not the fact it should be: {error}") from None
        if _encode(fact) != line[:-1]:
            raise self.fault("is written another way than an export writes it")
        return fact

    def count(self, kind: str) -> None:
        self.counts[kind] += 1

    def hexadecimal(self, text: str, size: int | None = None) -> bytes:
        return self._bytes(text, bytes.fromhex, bytes.hex, size)

    def base64(self, text: str) -> bytes:
        return self._bytes(text, base64.b64decode, lambda b: base64.b64encode(b).decode(), None)

    def _bytes(
        self,
        text: str,
        decode: Callable[[str], bytes],
        encode: Callable[[bytes], Any],
        size: int | None,
    ) -> bytes:
        try:
            found = decode(text)
        except (ValueError, binascii.Error):
            raise self.fault("has bytes that are not written as bytes are") from None
        if encode(found) != text or (size is not None and len(found) != size):
            raise self.fault("has bytes of another length, or written another way")
        return found

    def fault(self, what: str, *, remedy: str = _ASK_AGAIN) -> ExportFault:
        place = f"line {self.number}"
        return ExportFault(f"{place} {what}", place=place, remedy=remedy)


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
    for _ in range(orders):
        room -= _read_order(reader, batch)
        if room < 0:
            raise reader.fault("makes its batch longer than any batch")
    return batch


def _read_order(reader: _Lines, batch: ExportedBatch) -> int:
    """Add the next line's order to its batch; returns the bytes of its body."""
    kind, text, results, salt, evidence = reader.decode(_order, reader.next_line())
    if kind != "o":
        raise reader.fault("should be an order of its batch")
    body = reader.hexadecimal(text)
    batch.bodies.append(body)
    batch.results.append(results)
    batch.salts.append(reader.hexadecimal(salt, _SALT_BYTES))
    batch.evidences.append(reader.base64(evidence) if evidence else b"")
    if len(batch.evidences[-1]) > MAX_EVIDENCE_BYTES:
        raise reader.fault("has more evidence than an order may")
    reader.count("o")
    return len(body)


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
