# SPDX-License-Identifier: Apache-2.0
"""Our own list files: read whole, or refused with the place."""

import msgspec
import pytest

from kerege.bank.screening_list import (
    MAX_LIST_BYTES,
    ListedEntry,
    MalformedList,
    check_list,
    read_csv_list,
    read_json_list,
)
from tests.made_up_list import LISTED

CSV = """id,kind,names,birth_dates,note
1,person,Щедрин Юрий;Yuri Shchedrin,1958-11-30;1959,"asset freeze, travel ban"
2,firm,ТОО «Алтын Көпір»,,
"""


def test_json_there_and_back() -> None:
    assert read_json_list(msgspec.json.encode(LISTED)) == LISTED


def test_csv_with_or_without_a_byte_order_mark() -> None:
    for text in (CSV.encode(), b"\xef\xbb\xbf" + CSV.encode(), CSV.replace("\n", "\r\n").encode()):
        listed = read_csv_list(text, name="own", version="2026-11-01")
        assert listed.entries[0] == ListedEntry(
            id="1",
            kind="person",
            names=("Щедрин Юрий", "Yuri Shchedrin"),
            birth_dates=("1958-11-30", "1959"),
            note="asset freeze, travel ban",
        )
        assert listed.entries[1].names == ("ТОО «Алтын Көпір»",)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"", "line 1"),
        (b"id,name\n1,x\n", "line 1"),
        (CSV.encode()[:30], ""),
        (b"id,kind,names,birth_dates,note\n", ""),
        (b"id,kind,names,birth_dates,note\n1,person,x,\n", "line 2"),
        (b"id,kind,names,birth_dates,note\n1,person,x,,,y\n", "line 2"),
        (b'id,kind,names,birth_dates,note\n1,person,"x,,\n', "line 2"),
        (b"id,kind,names,birth_dates,note\n1,person,,,\n", "1 names"),
        (b"id,kind,names,birth_dates,note\n,person,x,,\n", "$.entries[0].id"),
        (b"id,kind,names,birth_dates,note\n1,alien,x,,\n", "1 kind"),
        (b"id,kind,names,birth_dates,note\n1,person,x,soon,\n", "1 birth_dates"),
        (b"id,kind,names,birth_dates,note\n1,person,x,,\n1,person,y,,\n", "1"),
        (b"id,kind,names,birth_dates,note\n1,person,\xff,,\n", ""),
        (b"id,kind,names,birth_dates,note\n1,person," + b"x" * 501 + b",,\n", "$.entries"),
        (b"id,kind,names,birth_dates,note\n1,person," + b"x;" * 201 + b",,\n", "1 names"),
        (b"id,kind,names,birth_dates,note\n1\x00,person,x,,\n", "'1\\x00' id"),
        (b"id,kind,names,birth_dates,note\n1,person," + b"x" * 200_000 + b",,\n", ""),
    ],
)
def test_csv_that_is_not_used(text: bytes, place: str) -> None:
    with pytest.raises(MalformedList) as caught:
        read_csv_list(text, name="own", version="1")
    assert caught.value.place.startswith(place) or "line" in caught.value.place


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"name":"a","version":"1","entries":[]}',
        b'{"name":"a","version":"1","entries":[{"id":"1","names":[]}]}',
        b'{"name":"A b","version":"1","entries":[{"id":"1","names":["x"]}]}',
        b'{"name":"a","version":"1","entries":[{"id":"1","names":["x"],"colour":"red"}]}',
        b'{"name":"a","version":"1","entries":[{"id":"1","names":["x"],"birth_dates":["1"]}]}',
    ],
)
def test_json_that_is_not_used(text: bytes) -> None:
    with pytest.raises(MalformedList):
        read_json_list(text)


def test_a_list_has_limits() -> None:
    with pytest.raises(MalformedList):
        read_json_list(b" " * (MAX_LIST_BYTES + 1))
    with pytest.raises(MalformedList):
        check_list(msgspec.structs.replace(LISTED, entries=LISTED.entries * 10_000))


def test_an_entrys_digest_changes_with_it() -> None:
    entry = LISTED.entries[0]
    assert entry.digest == msgspec.structs.replace(entry).digest
    assert entry.digest != msgspec.structs.replace(entry, note="new").digest
