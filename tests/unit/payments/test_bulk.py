# SPDX-License-Identifier: Apache-2.0
"""Payout files: every fault with its place, nothing guessed, nothing that runs in a spreadsheet."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerege.payments.aliases import Alias, Numbering
from kerege.payments.bulk import (
    MAX_PAYOUT_BYTES,
    MAX_PAYOUT_FAULTS,
    LineReport,
    PayoutFile,
    read_payout,
    write_report,
)
from tests.documents.blocks import blocks_of

KZ = Numbering(phone_prefix="+7", phone_digits=10, trunk="8")
WALLET = "wal_" + "0" * 32
HEAD = "to,amount,purpose,note"


def _read(*lines: str, head: str = HEAD, end: str = "\n", bom: bool = False) -> PayoutFile:
    text = end.join([head, *lines, ""])
    return read_payout(text.encode("utf-8-sig" if bom else "utf-8"), scale=2, numbering=KZ)


def _places(file: PayoutFile) -> list[tuple[int, str]]:
    return [(fault.line, fault.column) for fault in file.faults]


def test_a_file_is_read() -> None:
    file = _read(f"{WALLET},100,7,May", "+7 799 000 00 01,0.5,,", '@aru,12.34,,"a, b"')
    assert file.faults == ()
    assert file.total == 10_000 + 50 + 1_234
    first, second, third = file.lines
    assert (first.line, first.to, first.amount, first.purpose) == (2, WALLET, 10_000, 7)
    assert isinstance(second.to, Alias)
    assert (third.note, third.line) == ("a, b", 4)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_whatever_a_spreadsheet_writes(end: str, mark: str) -> None:
    lines = [mark.join(('"10,50"', WALLET)), "", mark]
    file = _read(*lines, head=f'"Amount"{mark}TO', end=end, bom=True)
    assert (file.faults, file.total) == ((), 1_050)


def test_all_faults_are_told_at_once() -> None:
    file = _read("nobody at all,1e5,-1,=1+1", f"{WALLET}x,1.234,,", f"{WALLET},0,9999999999,\u202e")
    assert _places(file) == [
        (2, "to"), (2, "amount"), (2, "purpose"), (2, "note"),
        (3, "to"), (3, "amount"),
        (4, "amount"), (4, "purpose"), (4, "note"),
    ]  # fmt: skip
    assert file.lines == ()


@pytest.mark.parametrize(
    "cell",
    [
        "", "-1", "+1", "0", "0.00", "1.", ".5", "1 000", "1'000", "1.000", "1.00.0", "٣", "1_0",
        "NaN", "1e3", "0x10", "１", "9" * 18, "9" * 30, "1" * 17,
    ],
)  # fmt: skip
def test_amounts_are_never_guessed(cell: str) -> None:
    assert _places(_read(f'{WALLET},"{cell}",,')) == [(2, "amount")]


@pytest.mark.parametrize(
    "note", ["=cmd()", "+1", "-1", "@SUM(A1)", "|x", "%0A", "a\u200bb", "a\x00b"]
)
def test_notes_that_run_or_hide_are_refused(note: str) -> None:
    assert (2, "note") in _places(_read(f'{WALLET},1,,"{note}"'))


def test_a_note_has_its_length() -> None:
    assert _read(f"{WALLET},1,,{'x' * 140}").faults == ()
    assert _places(_read(f"{WALLET},1,,{'x' * 141}")) == [(2, "note")]
    assert _places(_read(f"{WALLET},1,,{'x' * 5000}")) == [(2, "")]


@pytest.mark.parametrize(
    ("head", "places"),
    [
        ("", [(1, "to"), (1, "amount"), (1, "1")]),
        ("amount,note", [(1, "to")]),
        ("to,amount,to", [(1, "to")]),
        ("to,amount,password", [(1, "3")]),
        ("{}", [(1, "to"), (1, "amount"), (1, "1")]),
    ],
)
def test_the_heading_names_the_columns(head: str, places: list[tuple[int, str]]) -> None:
    assert _places(_read(f"{WALLET},1", head=head)) == places


@pytest.mark.parametrize(
    "line", [f"{WALLET},1", f"{WALLET},1,,,", f'{WALLET},1,,"x', f'{WALLET},1,,"x"y']
)
def test_lines_that_do_not_fit_the_heading(line: str) -> None:
    assert _places(_read(line)) == [(2, "")]


def test_what_is_no_text_or_no_file() -> None:
    for data, line in ((b"to,amount\n\xff\xfe", 2), (b"", 1), (b"to,amount\n\n", 0)):
        file = read_payout(data, scale=2, numbering=KZ)
        assert {fault.line for fault in file.faults} == {line}
    huge = read_payout(b"x" * (MAX_PAYOUT_BYTES + 1), scale=2, numbering=KZ)
    assert _places(huge) == [(0, "")]


def test_files_have_their_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    line = f"{WALLET},1,,"
    assert len(_read(*["x,x,x,="] * 5000).faults) == MAX_PAYOUT_FAULTS
    big = f"{WALLET},{'9' * 15}.99,,"
    assert _places(_read(*[big] * 11)) == [(0, "amount")]
    monkeypatch.setattr("kerege.payments.bulk.MAX_PAYOUT_LINES", 10)
    assert len(_read(*[line] * 10).lines) == 10
    assert _places(_read(*[line] * 11)) == [(12, "")]


def test_lines_that_say_the_same_are_pointed_out() -> None:
    file = _read("+77990000001,5,,", f"{WALLET},5,,", "8 799 000 00 01,5.00,,again", "@aru,5,,")
    assert (file.faults, file.repeated) == ((), ((2, 4),))


def test_faults_do_not_repeat_peoples_numbers() -> None:
    file = _read("+779900000012,x,,")
    assert all("7799" not in fault.what for fault in file.faults)


def test_a_report_is_safe_in_a_spreadsheet() -> None:
    reports = [
        LineReport(2, "+77990000001", "5.00", "accepted", "ord_1", ""),
        LineReport(3, "@aru", "1.00", "payee_unknown", text='no "such", payee\nhere'),
        LineReport(4, "=cmd|' /C calc'!A0", "1.00", "payee_unknown"),
    ]
    rows = list(csv.reader(write_report(reports).decode().splitlines()))
    assert rows[0] == ["line", "to", "amount", "code", "order", "text"]
    assert rows[1][1] == "'+77990000001"
    assert rows[2][1::4] == ["'@aru", 'no "such", payee here']
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"to,amount\n{text}".encode())
)
def test_whatever_comes_is_read_or_refused_in_words(data: bytes) -> None:
    file = read_payout(data, scale=2, numbering=KZ)
    assert file.lines or file.faults


def test_the_example_on_the_page_is_read() -> None:
    page = Path(__file__).parents[3] / "docs/formats/payout-file.md"
    (block,) = blocks_of(page.read_text(encoding="utf-8"))
    file = read_payout(block.text.encode(), scale=2, numbering=KZ)
    assert (file.faults, len(file.lines), file.total) == ((), 3, 18_500_000 + 9_250_050 + 120_000)
