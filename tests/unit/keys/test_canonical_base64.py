# SPDX-License-Identifier: Apache-2.0
"""Base64 with one text per byte string."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerege.keys import KeyEncodingError, decode_base64, encode_base64


@given(st.binary(max_size=100))
def test_what_is_encoded_is_decoded_again(data: bytes) -> None:
    assert decode_base64(encode_base64(data)) == data


@given(st.text(max_size=12))
def test_whatever_is_decoded_has_that_one_text(text: str) -> None:
    try:
        data = decode_base64(text)
    except KeyEncodingError:
        return
    assert encode_base64(data) == text


@pytest.mark.parametrize(
    "text",
    [
        "A",
        "AA",
        "AAA",
        "AA=",
        "AB==",
        "AAB=",
        "AAAA=",
        "A A=",
        "AA==\n",
        "-_8=",
        "==",
        "ÄA==",
        "AA==AA==",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(KeyEncodingError, match="base64"):
        decode_base64(text)
