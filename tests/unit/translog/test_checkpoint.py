# SPDX-License-Identifier: Apache-2.0
"""Checkpoints: C2SP's example, and each line spoilt in turn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerege.translog.checkpoint import (
    MAX_TREE_SIZE,
    Checkpoint,
    CheckpointError,
    format_checkpoint,
    parse_checkpoint,
)

ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
EXAMPLE = f"example.com/behind-the-sofa\n20852163\n{ROOT}\n"


def test_the_example_of_tlog_checkpoint() -> None:
    checkpoint = parse_checkpoint(EXAMPLE)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.root.hex().startswith("0ac5186a")
    assert checkpoint.extensions == ()
    assert format_checkpoint(checkpoint) == EXAMPLE


def test_extension_lines_are_kept_as_they_are() -> None:
    text = f"go.sum database tree\n0\n{ROOT}\n— not a signature\n  \n"
    checkpoint = parse_checkpoint(text)
    assert checkpoint.extensions == ("— not a signature", "  ")
    assert format_checkpoint(checkpoint) == text


SPOILT = {
    "nothing": ("", "ends with newline"),
    "only a newline": ("\n", "an origin, a size and a root"),
    "two lines": ("o\n1\n", "an origin, a size and a root"),
    "no final newline": (EXAMPLE[:-1], "ends with newline"),
    "no origin": (f"\n1\n{ROOT}\n", "origin: the line must not be empty"),
    "a tab in the origin": (f"a\tb\n1\n{ROOT}\n", "origin: the line has a control character"),
    "no size": (f"o\n\n{ROOT}\n", "size: a tree size is in decimal"),
    "a leading zero": (f"o\n01\n{ROOT}\n", "without leading zeroes"),
    "two zeroes": (f"o\n00\n{ROOT}\n", "without leading zeroes"),
    "a sign": (f"o\n+1\n{ROOT}\n", "in decimal"),
    "a negative size": (f"o\n-1\n{ROOT}\n", "in decimal"),
    "a space": (f"o\n1 \n{ROOT}\n", "in decimal"),
    "an underscore": (f"o\n1_0\n{ROOT}\n", "in decimal"),
    "other digits": (f"o\n\u0661\n{ROOT}\n", "in decimal"),
    "hexadecimal": (f"o\n0x1\n{ROOT}\n", "in decimal"),
    "a carriage return": (f"o\n1\r\n{ROOT}\n", "in decimal"),
    "2**63": (f"o\n{2**63}\n{ROOT}\n", "at most 2"),
    "endless digits": (f"o\n{'9' * 5000}\n{ROOT}\n", "at most 2"),
    "no root": ("o\n1\n\n", "root: a root hash has 32 bytes"),
    "a short root": ("o\n1\nAAAA\n", "root: a root hash has 32 bytes"),
    "a long root": (f"o\n1\n{'AAAA' * 11}\n", "root: a root hash has 32 bytes"),
    "no base64": ("o\n1\n!\n", "root: the root hash is not base64"),
    "stray bits": (f"o\n1\n{ROOT[:-2]}J=\n", "not canonical"),
    "an empty extension": (f"{EXAMPLE}\n", "extension line 1: the line must not be empty"),
    "an empty second extension": (f"{EXAMPLE}x\n\ny\n", "extension line 2"),
    "too long": (EXAMPLE + "x" * 1_000_000 + "\n", "at most 1000000 characters"),
}


@pytest.mark.parametrize(("text", "message"), SPOILT.values(), ids=SPOILT)
def test_spoilt_checkpoints_are_refused_with_their_place(text: str, message: str) -> None:
    with pytest.raises(CheckpointError, match=message):
        parse_checkpoint(text)


def test_the_largest_size() -> None:
    assert parse_checkpoint(f"o\n{2**63 - 1}\n{ROOT}\n").size == MAX_TREE_SIZE


@pytest.mark.parametrize(
    ("origin", "size", "root", "extensions"),
    [
        ("", 0, bytes(32), ()),
        ("a\nb", 0, bytes(32), ()),
        ("\ud800", 0, bytes(32), ()),
        ("o", -1, bytes(32), ()),
        ("o", 2**63, bytes(32), ()),
        ("o", 0, bytes(31), ()),
        ("o", 0, bytes(32), ("",)),
        ("o", 0, bytes(32), ("a\n",)),
    ],
)
def test_values_that_no_checkpoint_can_state(
    origin: str, size: int, root: bytes, extensions: tuple[str, ...]
) -> None:
    with pytest.raises(CheckpointError):
        Checkpoint(origin=origin, size=size, root=root, extensions=extensions)


_LINES = st.text(
    st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1, max_size=30
)


@given(
    _LINES,
    st.integers(0, MAX_TREE_SIZE),
    st.binary(min_size=32, max_size=32),
    st.lists(_LINES, max_size=3),
)
def test_what_is_written_is_read_again(
    origin: str, size: int, root: bytes, extensions: list[str]
) -> None:
    checkpoint = Checkpoint(origin=origin, size=size, root=root, extensions=tuple(extensions))
    assert parse_checkpoint(format_checkpoint(checkpoint)) == checkpoint


@given(st.text(max_size=80))
def test_whatever_is_read_has_that_one_text(text: str) -> None:
    try:
        checkpoint = parse_checkpoint(text)
    except CheckpointError:
        return
    assert format_checkpoint(checkpoint) == text
