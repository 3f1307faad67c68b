# SPDX-License-Identifier: Apache-2.0
"""Events are read the same however the bytes are cut, and what never ends is given up."""

import itertools
from collections.abc import Iterator

import pytest

from kerege.wallet.sse import MAX_EVENT_BYTES, ServerEvent, read_events

_TWO = b": hello\nid: 7\nevent: paid\ndata: {\ndata: }\n\ndata:bare\nretry: 5\n\nid: 9\n"
_READ = [ServerEvent("7", "paid", b"{\n}"), ServerEvent("7", "message", b"bare")]
"""The id stays until another comes, the kind does not; an event without its empty line is none."""


def read(*pieces: bytes) -> list[ServerEvent]:
    return list(read_events(pieces, silent_s=60))


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_every_cut_reads_the_same(ending: bytes) -> None:
    text = _TWO.replace(b"\n", ending)
    assert read(text) == _READ
    for cut in range(len(text) + 1):
        assert read(text[:cut], b"", text[cut:]) == _READ, cut
    assert read(*(bytes([byte]) for byte in text)) == _READ


def test_an_event_without_data_is_none() -> None:
    assert read(b"event: ping\nid: 3\n\ndata: x\n\n") == [ServerEvent("3", "message", b"x")]


@pytest.mark.parametrize(
    "pieces",
    [
        (b"data: " + b"x" * (MAX_EVENT_BYTES + 1),),
        (b"data: " + b"x" * (MAX_EVENT_BYTES + 1) + b"\n\n",),
        (b"data: " + b"x" * 1000 + b"\n",) * 100,
        (b": never a line" * 1000,) * 10,
        (b"data: \xff\n\n",),
    ],
)
def test_what_is_no_event_of_ours_is_given_up(pieces: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError, match=r"event of more than|utf-8"):
        read(*pieces)


def test_a_stream_of_comments_alone_is_left() -> None:
    def beats() -> Iterator[bytes]:
        for number in itertools.count():
            assert number < 2, "it reads on in silence"
            yield b": beat\n\n"

    assert list(read_events(beats(), silent_s=0)) == []
