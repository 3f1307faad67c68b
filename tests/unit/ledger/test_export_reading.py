# SPDX-License-Identifier: Apache-2.0
"""Hostile exports: whatever is done to one, the fault names a line and nothing else is raised."""

import io
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from kerege.ledger.errors import ExportFault
from kerege.ledger.export_reading import (
    MAX_LINE_BYTES,
    ExportedBatch,
    ExportedCell,
    ExportedRefusal,
    bounded_lines,
    read_export,
)
from tests.exports import export_of, line_of, lines_of, make_busy, signed
from tests.ledgers import World


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The export of a ledger in which one of everything happened."""
    world = World(tmp_path_factory.mktemp("ledger") / "ledger")
    make_busy(world)
    found = export_of(world.store)
    world.ledger.close()
    return found


def fault_of(data: bytes) -> ExportFault:
    """The fault reading finds; it must be an `ExportFault` that names a line."""
    with pytest.raises(ExportFault) as caught:
        for _ in read_export(bounded_lines(io.BytesIO(data))):
            pass
    assert caught.value.place.startswith("line ")
    assert caught.value.place in str(caught.value)
    assert caught.value.remedy
    return caught.value


def line_number(fault: ExportFault) -> int:
    return int(fault.place.removeprefix("line "))


def test_an_export_reads_as_its_facts(export: bytes) -> None:
    facts = list(read_export(lines_of(export)))
    batches = [fact for fact in facts if isinstance(fact, ExportedBatch)]
    refusals = [fact for fact in facts if isinstance(fact, ExportedRefusal)]
    cells = [fact for fact in facts if isinstance(fact, ExportedCell)]
    end = json.loads(lines_of(export)[-1])
    assert end[1:5] == [
        len(batches),
        sum(len(b.bodies) for b in batches),
        len(refusals),
        len(cells),
    ]
    assert facts == [*batches, *refusals, *cells]
    assert [r.outcome.order_id for r in refusals] == sorted(r.outcome.order_id for r in refusals)
    assert any(b"a signed document" in batch.evidences for batch in batches)


def test_truncated_anywhere(export: bytes) -> None:
    chance = random.Random(1)
    ends = {chance.randrange(len(export)) for _ in range(500)}
    at_lines = {sum(map(len, lines_of(export)[:n])) for n in range(len(lines_of(export)))}
    for end in sorted(ends | at_lines | {0, 1, len(export) - 1}):
        assert line_number(fault_of(export[:end])) == export[:end].count(b"\n") + 1


def test_every_line_removed_doubled_or_exchanged_with_the_next(export: bytes) -> None:
    lines = lines_of(export)
    for place in range(len(lines)):
        fault_of(b"".join(lines[:place] + lines[place + 1 :]))
        fault_of(b"".join(lines[: place + 1] + lines[place:]))
        if place + 1 < len(lines):
            exchanged = [*lines]
            exchanged[place], exchanged[place + 1] = lines[place + 1], lines[place]
            fault_of(b"".join(exchanged))


def test_bits_flipped_in_every_line(export: bytes) -> None:
    """The checksum covers every byte before the last line; of that line every byte is compared.
    All bits of the first, the last and two middle lines, and one of each other byte."""
    lines = lines_of(export)
    start = 0
    for place, line in enumerate(lines):
        whole = place in (0, 1, 30, len(lines) - 1)
        for at in range(start, start + len(line)) if whole else range(start, start + len(line), 37):
            for bit in range(8) if whole else (at % 8,):
                broken = bytearray(export)
                broken[at] ^= 1 << bit
                fault_of(bytes(broken))
        start += len(line)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ({"format": "kerege-ledger-export", "version": 2, "leaves": 0}, "version 2"),
        ({"format": "kerege-ledger-export", "version": 0, "leaves": 0}, "version 0"),
        ({"format": "kerege-ledger", "version": 1, "leaves": 0}, "kerege-ledger-export"),
        ({"format": "kerege-ledger-export", "version": 1, "leaves": -1}, "leaves"),
        ({"format": "kerege-ledger-export", "version": 1, "leaves": 2**70}, "leaves"),
        ({"format": "kerege-ledger-export", "version": 1}, "leaves"),
        ({"format": "kerege-ledger-export", "version": 1, "leaves": 0, "x": 1}, "x"),
        ({"format": 5, "version": 1, "leaves": 0}, "format"),
        ({"version": 1, "format": "kerege-ledger-export", "leaves": 0}, "another way"),
        ([], "line 1"),
        ("kerege-ledger-export", "line 1"),
    ],
)
def test_a_wrong_beginning(header: object, told: str) -> None:
    fault = fault_of(signed([line_of(header)]))
    assert fault.place == "line 1"
    assert told in str(fault)


def test_a_newer_export_says_what_would_read_it() -> None:
    fault = fault_of(line_of({"format": "kerege-ledger-export", "version": 2, "leaves": 0}))
    assert "release" in fault.remedy


HEADER = line_of({"format": "kerege-ledger-export", "version": 1, "leaves": 0})
ONE_LEAF = line_of({"format": "kerege-ledger-export", "version": 1, "leaves": 1})
BODY = "00" * 4
SALT = "00" * 16
ORDER = line_of(["o", BODY, [1], SALT, ""])
BATCH = line_of(["b", 0, 5, 0, 1])
ID = "01" * 16
CONTENT = "02" * 32


def test_the_smallest_exports() -> None:
    assert list(read_export(lines_of(signed([HEADER])))) == []
    (batch,) = read_export(lines_of(signed([ONE_LEAF, BATCH, ORDER])))
    assert isinstance(batch, ExportedBatch)
    assert (batch.line, batch.bodies, batch.results) == (2, [bytes(4)], [(1,)])


@pytest.mark.parametrize(
    ("lines", "at"),
    [
        pytest.param([HEADER, b"\n"], 2, id="an empty line"),
        pytest.param([HEADER, b"[]\n"], 2, id="an empty array"),
        pytest.param([HEADER, b"[[[[[[\n"], 2, id="brackets"),
        pytest.param([HEADER, b'["b",' + b"[" * 200_000 + b"\n"], 2, id="deep"),
        pytest.param([HEADER, b'["b",0,5,0,1,' + b"[" * 200_000 + b"\n"], 2, id="deep behind"),
        pytest.param([b'{"a":' * 100_000 + b"\n"], 1, id="deep header"),
        pytest.param([HEADER, b'["x",1]\n'], 2, id="an unknown fact"),
        pytest.param([HEADER, b'["\xff\xfe"]\n'], 2, id="not UTF-8"),
        pytest.param([HEADER, b'["b\xff",1]\n'], 2, id="not UTF-8 in a fact"),
        pytest.param([b"\xef\xbb\xbf" + HEADER], 1, id="a byte order mark"),
        pytest.param([b"\0" + HEADER], 1, id="NUL first"),
        pytest.param([HEADER, b"\0\n"], 2, id="NUL"),
        pytest.param([HEADER.replace(b"\n", b"\r\n")], 1, id="CRLF"),
        pytest.param([HEADER.replace(b"\n", b" \n")], 1, id="a blank at the end"),
        pytest.param([HEADER.replace(b":", b": ")], 1, id="blanks within"),
        pytest.param([b" " + HEADER], 1, id="a blank in front"),
        pytest.param([ONE_LEAF, BATCH, ORDER, HEADER], 4, id="a second header"),
        pytest.param([ONE_LEAF, ORDER], 2, id="an order without batch"),
        pytest.param([ONE_LEAF, BATCH, BATCH], 3, id="a batch in a batch"),
        pytest.param([ONE_LEAF, line_of(["b", 0, 5, 1, 1]), ORDER], 2, id="a gap in the log"),
        pytest.param([HEADER, line_of(["b", 0, 5, 0, 0])], 2, id="no orders"),
        pytest.param([HEADER, line_of(["b", 0, 5, 0, 16_385])], 2, id="too many orders"),
        pytest.param([HEADER, line_of(["b", 0, 5, 0, -1])], 2, id="orders below zero"),
        pytest.param([HEADER, line_of(["b", 0, 5, 0, 10**40])], 2, id="huge count"),
        pytest.param([HEADER, line_of(["b", -1, 5, 0, 1])], 2, id="batch below zero"),
        pytest.param([HEADER, line_of(["b", 2**48, 5, 0, 1])], 2, id="batch beyond"),
        pytest.param([HEADER, line_of(["b", 0, -5, 0, 1])], 2, id="time below zero"),
        pytest.param([HEADER, line_of(["b", 0, 2**63, 0, 1])], 2, id="time beyond"),
        pytest.param([HEADER, line_of(["b", 0, 1.5, 0, 1])], 2, id="a fraction"),
        pytest.param([HEADER, b'["b",-0,5,0,1]\n'], 2, id="minus zero"),
        pytest.param([HEADER, b'["b",0,5e0,0,1]\n'], 2, id="an exponent"),
        pytest.param([HEADER, line_of(["b", True, 5, 0, 1])], 2, id="a truth value"),
        pytest.param([HEADER, line_of(["b", None, 5, 0, 1])], 2, id="nothing"),
        pytest.param([HEADER, line_of(["b", "0", 5, 0, 1])], 2, id="a text"),
        pytest.param([HEADER, line_of(["b", 0, 5, 0])], 2, id="too short"),
        pytest.param([HEADER, line_of(["b", 0, 5, 0, 1, 1])], 2, id="too long"),
        pytest.param([ONE_LEAF, BATCH, line_of(["o", "0", [1], SALT, ""])], 3, id="half a byte"),
        pytest.param([ONE_LEAF, BATCH, line_of(["o", "0G", [1], SALT, ""])], 3, id="no digit"),
        pytest.param([ONE_LEAF, BATCH, line_of(["o", "AB", [1], SALT, ""])], 3, id="capitals"),
        pytest.param([ONE_LEAF, BATCH, line_of(["o", "0 0", [1], SALT, ""])], 3, id="a blank"),
        pytest.param([ONE_LEAF, BATCH, line_of(["o", "é", [1], SALT, ""])], 3, id="escaped"),
        pytest.param([ONE_LEAF, BATCH, '["o","é",[1],"","",]\n'.encode()], 3, id="letters"),
        pytest.param([ONE_LEAF, BATCH, line_of(["o", BODY, [1], SALT[2:], ""])], 3, id="salt"),
        pytest.param([ONE_LEAF, BATCH, line_of(["o", BODY, [1], SALT, "A"])], 3, id="base64"),
        pytest.param(
            [ONE_LEAF, BATCH, line_of(["o", BODY, [1], SALT, "AB=="])], 3, id="stray bits"
        ),
        pytest.param([ONE_LEAF, BATCH, line_of(["o", BODY, [1], SALT, "AA==\n"])], 3, id="newline"),
        pytest.param([ONE_LEAF, BATCH, line_of(["o", BODY, [1], SALT, "AA"])], 3, id="no padding"),
        pytest.param([ONE_LEAF, BATCH, line_of(["o", BODY, 1, SALT, ""])], 3, id="results no list"),
        pytest.param([ONE_LEAF, BATCH, line_of(["o", BODY, [2**63], SALT, ""])], 3, id="result"),
        pytest.param([ONE_LEAF, BATCH, line_of(["o", BODY, [[1]], SALT, ""])], 3, id="nested"),
        pytest.param(
            [ONE_LEAF, BATCH, line_of(["o", BODY, [1], SALT, "A" * 88_000])], 3, id="evidence"
        ),
        pytest.param([HEADER, line_of(["r", ID, CONTENT, 5, 58, 0, 1])], 2, id="short refusal"),
        pytest.param([HEADER, line_of(["r", ID[2:], CONTENT, 5, 58, 0, 1, 1])], 2, id="short id"),
        pytest.param([HEADER, line_of(["r", ID, CONTENT[2:], 5, 58, 0, 1, 1])], 2, id="content"),
        pytest.param([HEADER, line_of(["r", ID, CONTENT, 5, 999, 0, 1, 1])], 2, id="no refusal"),
        pytest.param([HEADER, line_of(["r", ID, CONTENT, 5, 0, 0, 1, 1])], 2, id="refusal zero"),
        pytest.param([HEADER, line_of(["r", ID, CONTENT, 5, 9, 0, 1, 1])], 2, id="malformed"),
        pytest.param([HEADER, line_of(["r", ID, CONTENT, 5, 31, 0, 1, 1])], 2, id="passing"),
        pytest.param([HEADER, line_of(["r", ID, CONTENT, 5, 58, -2, 1, 1])], 2, id="step below"),
        pytest.param([HEADER, line_of(["r", ID, CONTENT, 5, 58, 8192, 1, 1])], 2, id="step beyond"),
        pytest.param([HEADER, line_of(["r", ID, CONTENT, 5, 58, 0, 2**63, 1])], 2, id="found"),
        pytest.param([HEADER, line_of(["r", ID, CONTENT, -5, 58, 0, 1, 1])], 2, id="refused when"),
        pytest.param([HEADER, line_of(["c", 1, 0, 0, 0, 0])], 2, id="short balance"),
        pytest.param([HEADER, line_of(["c", -1, 0, 0, 0, 0, 0])], 2, id="account below zero"),
        pytest.param([HEADER, line_of(["c", 1, -1, 0, 0, 0, 0])], 2, id="mark below zero"),
        pytest.param([HEADER, line_of(["c", 1, 0, 2**63, 0, 0, 0])], 2, id="balance beyond"),
    ],
)
def test_malformed_facts_under_a_right_checksum(lines: list[bytes], at: int) -> None:
    assert fault_of(signed(lines)).place == f"line {at}"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (line_of(["c", 1, 0, 0, 0, 0, 0]), line_of(["r", ID, CONTENT, 5, 58, 0, 1, 1])),
        (line_of(["c", 1, 0, 0, 0, 0, 0]), BATCH + ORDER),
        (line_of(["r", ID, CONTENT, 5, 58, 0, 1, 1]), BATCH + ORDER),
        (BATCH + ORDER, line_of(["b", 0, 5, 1, 1]) + ORDER),
        (line_of(["b", 9, 5, 0, 1]) + ORDER, line_of(["b", 8, 5, 1, 1]) + ORDER),
        (line_of(["r", ID, CONTENT, 5, 58, 0, 1, 1]),) * 2,
        (
            line_of(["r", ID, CONTENT, 5, 58, 0, 1, 1]),
            line_of(["r", "00" * 15 + "01", CONTENT, 5, 58, 0, 1, 1]),
        ),
        (line_of(["r", "00" * 16, CONTENT, 5, 58, 0, 1, 1]), b""),
    ],
    ids=[
        "a refusal after balances",
        "a batch after balances",
        "a batch after refusals",
        "a batch twice",
        "batches backwards",
        "a refusal twice",
        "refusals out of order",
        "no order id",
    ],
)
def test_facts_out_of_place(first: bytes, second: bytes) -> None:
    leaves = (first + second).count(b'["o"')
    header = line_of({"format": "kerege-ledger-export", "version": 1, "leaves": leaves})
    place = len(lines_of(first)) + (2 if second else 1)
    assert fault_of(signed([header, *lines_of(first + second)])).place == f"line {place}"


def test_counts_and_checksum_of_the_end() -> None:
    whole = lines_of(signed([ONE_LEAF, BATCH, ORDER]))
    end = json.loads(whole[-1])
    for place in range(1, 5):
        wrong = [*end]
        wrong[place] += 1
        assert fault_of(b"".join([*whole[:-1], line_of(wrong)])).place == "line 4"
    other = json.loads(lines_of(signed([HEADER]))[-1])[5]
    for checksum in ("0" * 64, other, end[5].upper(), end[5][:-1], "", 5, None):
        fault_of(b"".join([*whole[:-1], line_of([*end[:5], checksum])]))
    assert fault_of(signed([HEADER, BATCH, ORDER])).place == "line 4"


def test_nothing_may_follow_the_end() -> None:
    whole = signed([ONE_LEAF, BATCH, ORDER])
    for more in (b"\n", b"x", lines_of(whole)[-1], whole):
        assert "last" in str(fault_of(whole + more))
    assert fault_of(whole[:-1]).place == "line 4"
    assert fault_of(b"").place == "line 1"


def test_a_line_without_end_is_not_taken_into_memory(tmp_path: Path) -> None:
    endless = tmp_path / "endless"
    with endless.open("wb") as file:
        file.truncate(64 * 1024**3)
    with endless.open("rb") as found:
        assert len(next(bounded_lines(found))) == MAX_LINE_BYTES + 1
    with endless.open("rb") as found, pytest.raises(ExportFault, match="line 1"):
        next(read_export(bounded_lines(found)))


def test_a_batch_cannot_be_larger_than_any_batch() -> None:
    long = line_of(["o", "00" * (MAX_LINE_BYTES // 2 - 100), [1], SALT, ""])
    lines = [ONE_LEAF, line_of(["b", 0, 5, 0, 16_384]), *[long] * 12]
    assert fault_of(b"".join(lines)).place == "line 11"


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title])
def test_what_is_not_an_export(change: Callable[[str], str]) -> None:
    for text in ("SQLite format 3\0", "hello", "{}", "null", "\n\n\n"):
        assert fault_of(change(text).encode()).place == "line 1"
