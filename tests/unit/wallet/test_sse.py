# SPDX-License-Identifier: Apache-2.0
"""Server-sent events are read however they are cut, and bounded."""

import pytest

from kerege.wallet.sse import MAX_EVENT_BYTES, ServerEvent, read_events

TEXT = (
    b"retry: 1000\n\nid: 1\nevent: moved\ndata: {}\n\n: still here\n\nid: 2\ndata: a\ndata: b\n\n"
)
EVENTS = [ServerEvent("1", "moved", b"{}"), ServerEvent("2", "message", b"a\nb")]


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_events_are_read_in_any_pieces(size: int, ending: bytes) -> None:
    text = TEXT.replace(b"\n", ending)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert list(read_events(pieces, silent_s=60)) == EVENTS


def test_an_unfinished_event_is_not_told() -> None:
    assert list(read_events([b"id: 1\ndata: {}\n"], silent_s=60)) == []


def test_comments_alone_are_silence() -> None:
    assert list(read_events(iter([b": x\n\n"] * 1000), silent_s=0)) == []


@pytest.mark.parametrize("piece", [b"data: " + b"x" * MAX_EVENT_BYTES + b"\n", b"data: x\n"])
def test_an_endless_event_is_given_up(piece: bytes) -> None:
    with pytest.raises(ValueError, match="more than"):
        list(read_events((piece for _ in range(MAX_EVENT_BYTES)), silent_s=60))


def test_an_endless_line_is_given_up() -> None:
    with pytest.raises(ValueError, match="more than"):
        list(read_events((b"x" * 1000 for _ in range(1000)), silent_s=60))


def test_what_is_not_utf8_is_given_up() -> None:
    with pytest.raises(ValueError, match="utf-8"):
        list(read_events([b"data: \xff\n\n"], silent_s=60))
