# SPDX-License-Identifier: Apache-2.0
"""Payout files: salaries, benefits and refunds from a spreadsheet, and what became of each line.

CSV (RFC 4180) in UTF-8, with a heading line naming the columns `to`, `amount`, `purpose` and `note`
in any order; the last two may be missing. Comma, semicolon or tab between the cells, whatever the
heading line has. All faults are found at once, each with its line and column. Pure.

A spreadsheet runs cells that begin like a formula. Notes that do are refused, and every cell of a
report that would is written with an apostrophe before it.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from kerege.ledger.account import MAX_AMOUNT
from kerege.ledger.order import MAX_CODE
from kerege.payments.aliases import Alias, MalformedAlias, Numbering, parse_alias
from kerege.payments.ids import MalformedName, WalletId, parse_wallet_id

__all__ = [
    "MAX_NOTE_CHARS",
    "MAX_PAYOUT_BYTES",
    "MAX_PAYOUT_FAULTS",
    "MAX_PAYOUT_LINES",
    "LineReport",
    "PayoutFault",
    "PayoutFile",
    "PayoutLine",
    "read_payout",
    "write_report",
]

MAX_PAYOUT_BYTES: Final = 8 * 1024 * 1024
"""A file of `MAX_PAYOUT_LINES` lines with long notes."""

MAX_PAYOUT_LINES: Final = 50_000
"""A large employer's payroll; larger ones come in several files."""

MAX_PAYOUT_FAULTS: Final = 1_000
"""Faults told of one file: whoever has more has exported the wrong thing."""

MAX_NOTE_CHARS: Final = 140
"""As much as ISO 20022 carries beside a payment (Max140Text)."""

_MAX_CELL_CHARS: Final = 256
_REQUIRED: Final = ("to", "amount")
_COLUMNS: Final = (*_REQUIRED, "purpose", "note")
_DELIMITERS: Final = (";", "\t", ",")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "|", "%")
_PURPOSE: Final = re.compile(r"[0-9]{1,10}", re.ASCII)
_AMOUNT: Final = re.compile(r"([0-9]{1,18})(?:[.,]([0-9]{1,18}))?", re.ASCII)
_WALLET_PREFIX: Final = "wal_"


class PayoutFault(Struct, frozen=True):
    """What is wrong and where: the line as an editor counts them (0: the whole file), the column's
    name (empty: the whole line). The cell itself is not repeated: it may be somebody's number."""

    line: int
    column: str
    what: str


class PayoutLine(Struct, frozen=True):
    """One payment to make: to a wallet or an alias, `amount` in minor units."""

    line: int
    to: WalletId | Alias
    amount: int
    purpose: int = 0
    note: str = ""


class PayoutFile(Struct, frozen=True):
    """What a file asks for. Pay it only if it has no faults: a half-read payroll is wrong.

    `repeated`: pairs of lines that pay the same amount to the same payee, the earlier first. Not
    a fault, but worth a question before paying.
    """

    lines: tuple[PayoutLine, ...]
    faults: tuple[PayoutFault, ...]
    repeated: tuple[tuple[int, int], ...]
    total: int


class LineReport(Struct, frozen=True):
    """What became of one line: `text` in the reader's language, `order` empty if none was sent."""

    line: int
    to: str
    amount: str
    code: str
    order: str = ""
    text: str = ""


class _Reader:
    """Lines and faults as they are found."""

    def __init__(self, scale: int, numbering: Numbering) -> None:
        self.lines: list[PayoutLine] = []
        self.faults: list[PayoutFault] = []
        self._scale = scale
        self._numbering = numbering

    def fault(self, line: int, column: str, what: str) -> None:
        self.faults.append(PayoutFault(line, column, what))

    def read_line(self, line: int, cells: dict[str, str]) -> None:
        """Keep the line, or all its faults."""
        before = len(self.faults)
        to = self._to(line, cells["to"])
        amount = self._amount(line, cells["amount"])
        purpose = self._purpose(line, cells.get("purpose", ""))
        note = self._note(line, cells.get("note", ""))
        if len(self.faults) == before and to is not None:
            self.lines.append(PayoutLine(line, to, amount, purpose, note))

    def _to(self, line: int, cell: str) -> WalletId | Alias | None:
        try:
            if cell.startswith(_WALLET_PREFIX):
                return parse_wallet_id(cell)
            return parse_alias(cell, self._numbering)
        except MalformedName:
            self.fault(line, "to", "not a wallet's number")
        except MalformedAlias as fault:
            self.fault(line, "to", f"{fault.message}: {fault.remedy}")
        return None

    def _amount(self, line: int, cell: str) -> int:
        match = _AMOUNT.fullmatch(cell)
        if match is None:
            what = "digits, and at most one point or comma before the decimals; no blanks between"
            self.fault(line, "amount", what)
            return 0
        whole, decimals = match[1], match[2] or ""
        if len(decimals) > self._scale:
            self.fault(line, "amount", f"at most {self._scale} decimals")
            return 0
        amount = int(whole + decimals.ljust(self._scale, "0"))
        if not 1 <= amount <= MAX_AMOUNT:
            self.fault(line, "amount", "above zero, and at most what one payment carries")
        return amount

    def _purpose(self, line: int, cell: str) -> int:
        if not cell:
            return 0
        if _PURPOSE.fullmatch(cell) is None or int(cell) > MAX_CODE:
            self.fault(line, "purpose", f"a whole number from 0 to {MAX_CODE}")
            return 0
        return int(cell)

    def _note(self, line: int, cell: str) -> str:
        note = unicodedata.normalize("NFC", cell)
        if len(note) > MAX_NOTE_CHARS:
            self.fault(line, "note", f"at most {MAX_NOTE_CHARS} characters")
        if note.startswith(_FORMULA):
            self.fault(line, "note", "begins like a formula; begin with a letter or digit")
        if any(unicodedata.category(char).startswith("C") for char in note):
            self.fault(line, "note", "invisible characters, or ones that turn the writing round")
        return note


def read_payout(data: bytes, *, scale: int, numbering: Numbering) -> PayoutFile:
    """Read a payout file; `scale` is the decimals of the asset paid. Never raises."""
    reader = _Reader(scale, numbering)
    text = _text_of(data, reader)
    if text is not None:
        _read_lines(text, reader)
    total = sum(line.amount for line in reader.lines)
    if total > MAX_AMOUNT:
        reader.fault(0, "amount", "the file pays more than can be counted")
    return PayoutFile(
        lines=tuple(reader.lines),
        faults=tuple(reader.faults[:MAX_PAYOUT_FAULTS]),
        repeated=tuple(_repeated(reader.lines)),
        total=total,
    )


def write_report(reports: Sequence[LineReport]) -> bytes:
    """A report with a line each, CSV in UTF-8; safe to open in a spreadsheet."""
    rows = [LineReport.__struct_fields__]
    for report in reports:
        values = (getattr(report, name) for name in LineReport.__struct_fields__)
        rows.append(tuple(_safe_cell(str(value)) for value in values))
    return "".join(",".join(map(_quoted, row)) + "\r\n" for row in rows).encode()


def _text_of(data: bytes, reader: _Reader) -> str | None:
    if len(data) > MAX_PAYOUT_BYTES:
        reader.fault(0, "", f"the file has more than {MAX_PAYOUT_BYTES} bytes")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        reader.fault(line, "", "not UTF-8: save the file as CSV UTF-8")
        return None


def _read_lines(text: str, reader: _Reader) -> None:
    # Only these three end a line: `splitlines` would also break at what a note must not hold.
    lines = re.split("\r\n|\n|\r", text)
    heading = lines[0]
    delimiter = next((mark for mark in _DELIMITERS if mark in heading), ",")
    columns = [cell.strip().casefold() for cell in heading.replace('"', "").split(delimiter)]
    if not _check_columns(columns, reader):
        return
    read = 0
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip(f" {delimiter}"):
            continue
        read += 1
        if read > MAX_PAYOUT_LINES:
            reader.fault(number, "", f"more than {MAX_PAYOUT_LINES} lines: send several files")
            return
        if len(reader.faults) >= MAX_PAYOUT_FAULTS:
            return
        _read_cells(number, line, delimiter, columns, reader)
    if not read:
        reader.fault(0, "", "the file pays nobody")


def _check_columns(columns: list[str], reader: _Reader) -> bool:
    before = len(reader.faults)
    for name in _REQUIRED:
        if name not in columns:
            reader.fault(1, name, f"the heading line does not name it; columns are {_COLUMNS}")
    for place, name in enumerate(columns):
        if name not in _COLUMNS:
            reader.fault(1, f"{place + 1}", f"no such column; columns are {_COLUMNS}")
        elif name in columns[:place]:
            reader.fault(1, name, "named twice")
    return len(reader.faults) == before


def _read_cells(
    number: int, line: str, delimiter: str, columns: list[str], reader: _Reader
) -> None:
    if len(line) > _MAX_CELL_CHARS * len(columns):
        reader.fault(number, "", "the line is too long")
        return
    try:
        (cells,) = csv.reader([line], delimiter=delimiter, strict=True)
    except (csv.Error, ValueError):
        reader.fault(number, "", "a quotation mark without its other; cells hold no line breaks")
        return
    if len(cells) != len(columns):
        reader.fault(number, "", f"{len(cells)} cells under {len(columns)} headings")
        return
    reader.read_line(number, dict(zip(columns, map(str.strip, cells), strict=True)))


def _repeated(lines: Sequence[PayoutLine]) -> Iterator[tuple[int, int]]:
    first: dict[tuple[str | bytes, int], int] = {}
    for line in lines:
        payee = line.to.canonical if isinstance(line.to, Alias) else line.to
        earlier = first.setdefault((payee, line.amount), line.line)
        if earlier != line.line:
            yield earlier, line.line


def _safe_cell(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _quoted(cell: str) -> str:
    plain = re.sub("[\r\n]+", " ", cell)
    doubled = plain.replace('"', '""')
    return f'"{doubled}"' if set(plain) & set(',;\t"') else plain
