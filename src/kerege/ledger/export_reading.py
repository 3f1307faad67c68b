# SPDX-License-Identifier: Apache-2.0
"""Reading an export: every line checked for form, place and sum; nothing is trusted.

Faults are `ExportFault`s that name the line. What the facts mean together is checked by
`auditing.py`.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct

from kerege.ledger.account import Cell, CellKey
from kerege.ledger.errors import ExportFault
from kerege.ledger.exporting import EXPORT_FORMAT, EXPORT_VERSION
from kerege.ledger.ids import ORDER_ID_BYTES, AccountId, Mark, OrderId
from kerege.ledger.numbering import MAX_BATCH_STEPS
from kerege.ledger.outcome import Outcome
from kerege.ledger.refusal import Refusal

__all__ = ["ExportedBatch", "ExportedCell", "ExportedRefusal", "Fact", "read_export"]

MAX_LINE_BYTES: Final = 8 * 1024 * 1024
"""The longest order: 8 192 steps of 50 bytes in hexadecimal and 64 KiB of evidence, doubled
for comfort; a line beyond it is an attack on memory."""

_SALT_BYTES: Final = 16
_CONTENT_BYTES: Final = 32


class _Header(Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    version: int
    leaves: int


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

_Order = tuple[str, str, tuple[int, ...], str, str]
_T = TypeVar("_T")
_header: Final = msgspec.json.Decoder(_Header, strict=True)
_order: Final = msgspec.json.Decoder(_Order, strict=True)
_batch: Final = msgspec.json.Decoder(tuple[str, int, int, int, int], strict=True)
_refusal: Final = msgspec.json.Decoder(tuple[str, str, str, int, int, int, int, int], strict=True)
_cell: Final = msgspec.json.Decoder(tuple[str, int, int, int, int, int, int], strict=True)
_end: Final = msgspec.json.Decoder(tuple[str, int, int, int, int, str], strict=True)


def read_export(lines: Iterable[bytes]) -> Iterator[Fact]:
    """The facts of an export in order; raises `ExportFault` at the first fault.

    The checksum is known only at the end: use nothing for good before the iterator ends.
    """
    reader = _Lines(lines)
    header = reader.decode(_header, reader.next_line())
    if header.format != EXPORT_FORMAT or header.version != EXPORT_VERSION:
        raise reader.fault(f"is not a {EXPORT_FORMAT} of version {EXPORT_VERSION}")
    leaves = 0
    while True:
        line = reader.next_line()
        kind = line[2:3]
        if kind == b"b":
            batch = _read_batch(reader, line, leaves)
            leaves += len(batch.bodies)
            yield batch
        elif kind == b"r":
            yield _read_refusal(reader, line)
        elif kind == b"c":
            yield _read_cell(reader, line)
        else:
            _check_end(reader, line, leaves, header.leaves)
            return


class _Lines:
    """Lines with their numbers, counts and running checksum."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._checksum = hashlib.sha256()
        self._before_last = self._checksum.copy()
        self.number = 0
        self.counts = {"b": 0, "o": 0, "r": 0, "c": 0}

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
            return decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self.fault(f"is not the fact it should be: {error}") from None

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

    def fault(self, what: str) -> ExportFault:
        return ExportFault(
            f"line {self.number} {what}",
            place=f"line {self.number}",
            remedy="ask for the export again; this one cannot be trusted",
        )


def _read_batch(reader: _Lines, line: bytes, leaves: int) -> ExportedBatch:
    kind, number, at_us, first_leaf, orders = reader.decode(_batch, line)
    if kind != "b" or not 0 < orders <= MAX_BATCH_STEPS or first_leaf != leaves:
        raise reader.fault("does not continue the log, or counts no orders")
    if number < 0 or at_us < 0:
        raise reader.fault("has a negative number or time")
    reader.count("b")
    batch = ExportedBatch(reader.number, number, at_us, first_leaf, [], [], [], [])
    for _ in range(orders):
        kind, body, results, salt, evidence = reader.decode(_order, reader.next_line())
        if kind != "o":
            raise reader.fault("should be an order of its batch")
        batch.bodies.append(reader.hexadecimal(body))
        batch.results.append(results)
        batch.salts.append(reader.hexadecimal(salt, _SALT_BYTES))
        batch.evidences.append(reader.base64(evidence) if evidence else b"")
        reader.count("o")
    return batch


def _read_refusal(reader: _Lines, line: bytes) -> ExportedRefusal:
    _, order_id, content, at_us, refusal, step, found, limit = reader.decode(_refusal, line)
    if refusal not in set(Refusal):
        raise reader.fault(f"has a refusal {refusal} this release does not know")
    reader.count("r")
    outcome = Outcome(
        OrderId(reader.hexadecimal(order_id, ORDER_ID_BYTES)),
        Refusal(refusal),
        at_us=at_us,
        step=step,
        found=found,
        limit=limit,
    )
    return ExportedRefusal(reader.number, reader.hexadecimal(content, _CONTENT_BYTES), outcome)


def _read_cell(reader: _Lines, line: bytes) -> ExportedCell:
    _, account, mark, balance, debits, credits_, version = reader.decode(_cell, line)
    reader.count("c")
    cell = Cell(balance, debits, credits_, version)
    return ExportedCell(reader.number, (AccountId(account), Mark(mark)), cell)


def _check_end(reader: _Lines, line: bytes, leaves: int, promised: int) -> None:
    kind, *counts, checksum = reader.decode(_end, line)
    if kind != "end" or counts != list(reader.counts.values()) or leaves != promised:
        raise reader.fault("counts other facts than there are")
    if checksum != reader.checksum():
        raise reader.fault("has another checksum than the lines before it")
    if not reader.ends_here():
        raise reader.fault("should be the last one")
