# SPDX-License-Identifier: Apache-2.0
"""Base64url without padding, one text per byte string."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerege.keys import KeyEncodingError, decode_base64url, encode_base64url

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@given(st.binary(max_size=100))
def test_what_is_encoded_is_decoded_again(data: bytes) -> None:
    assert decode_base64url(encode_base64url(data).encode()) == data


@given(st.one_of(st.text(DIGITS, max_size=9).map(str.encode), st.binary(max_size=9)))
def test_whatever_is_decoded_has_that_one_text(text: bytes) -> None:
    try:
        data = decode_base64url(text)
    except KeyEncodingError:
        return
    assert encode_base64url(data).encode() == text


def test_every_last_digit_that_is_not_canonical_is_refused() -> None:
    for digits, clean in ((2, 4), (3, 16)):
        accepted = 0
        for last in DIGITS:
            try:
                decode_base64url((DIGITS[: digits - 1] + last).encode())
            except KeyEncodingError:
                continue
            accepted += 1
        assert accepted == clean


@pytest.mark.parametrize(
    "text",
    [
        b"A",
        b"AAAAA",
        b"AA==",
        b"AA=",
        b"AAA=",
        b"AAAA=",
        b"AAAA==",
        b"A+A",
        b"A/A",
        b"AA AA",
        b"AA\n",
        b"AAA\n",
        b"\nAAA",
        b"AA!A",
        b"=AAA",
        b"\xff\xff",
        "ÄAA".encode(),
        b"AAA\x00",
    ],
)
def test_other_texts_are_refused(text: bytes) -> None:
    with pytest.raises(KeyEncodingError, match="base64url"):
        decode_base64url(text)
