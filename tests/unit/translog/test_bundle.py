# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerege.translog.bundle import MAX_ENTRY_BYTES, format_bundle, parse_bundle
from kerege.translog.tiles import TileError


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_a_bundle_reads_back(logged: list[bytes]) -> None:
    data = format_bundle(logged)
    assert parse_bundle(data, width=len(logged), place="b") == logged
    with pytest.raises(TileError):
        parse_bundle(data[:-1], width=len(logged), place="b")
    with pytest.raises(TileError):
        parse_bundle(data + b"\0", width=len(logged), place="b")


def test_entries_are_prefixed_by_a_big_endian_length() -> None:
    assert format_bundle([b"ab", b""]) == b"\0\2ab\0\0"
    longest = bytes(MAX_ENTRY_BYTES)
    assert format_bundle([longest]) == b"\xff\xff" + longest


@pytest.mark.parametrize("logged", [[], [b""] * 257, [b"", bytes(MAX_ENTRY_BYTES + 1)]])
def test_what_no_bundle_can_hold_is_refused(logged: list[bytes]) -> None:
    with pytest.raises(TileError):
        format_bundle(logged)


@pytest.mark.parametrize(
    ("data", "width", "place"),
    [
        (b"", 1, "b, byte 0"),
        (b"\0", 1, "b, byte 0"),
        (b"\0\1", 1, "b, byte 0"),
        (b"\0\1a\xff\xff", 2, "b, byte 3"),
        (b"\0\1a\0\1b", 1, "b, byte 3"),
    ],
)
def test_damage_is_named_by_its_byte(data: bytes, width: int, place: str) -> None:
    with pytest.raises(TileError) as caught:
        parse_bundle(data, width=width, place="b")
    assert caught.value.place == place
