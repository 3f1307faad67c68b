# SPDX-License-Identifier: Apache-2.0
"""ES256: RFC 6979 and RFC 7515 vectors, ranges of r, s and d, and points no key has."""

import base64

import pytest

from kerege.keys.errors import InvalidSignatureError, KeyEncodingError
from kerege.keys.hazmat.p256 import PRIMITIVE

GROUP_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
FIELD_PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1

# RFC 6979 appendix A.2.5: the key, and the signatures with SHA-256 of "sample" and "test".
RFC_6979_SECRET = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
RFC_6979_PUBLIC = (
    "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
)
RFC_6979 = [
    (
        b"sample",
        (
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
            "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
        ),
    ),
    (
        b"test",
        (
            "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
            "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"
        ),
    ),
]


def number(value: int) -> bytes:
    return value.to_bytes(32)


@pytest.mark.parametrize(("message", "signature"), RFC_6979)
def test_rfc_6979_vectors(message: bytes, signature: str) -> None:
    expanded = PRIMITIVE.expand(bytes.fromhex(RFC_6979_SECRET))
    assert expanded.public.hex() == RFC_6979_PUBLIC
    assert expanded.sign(message).hex() == signature
    PRIMITIVE.verify(expanded.public, message, bytes.fromhex(signature))


def test_the_key_of_rfc_7515_appendix_a_3() -> None:
    d, x, y = (
        base64.urlsafe_b64decode(digits + "=")
        for digits in (
            "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
            "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        )
    )
    assert PRIMITIVE.expand(d).public == b"\x04" + x + y


@pytest.mark.parametrize("scalar", [0, GROUP_ORDER, GROUP_ORDER + 1, 2**256 - 1])
def test_a_scalar_out_of_range_is_refused(scalar: int) -> None:
    with pytest.raises(KeyEncodingError, match="between 0 and the group order"):
        PRIMITIVE.expand(number(scalar))


@pytest.mark.parametrize("scalar", [1, GROUP_ORDER - 1])
def test_the_ends_of_the_range_are_keys(scalar: int) -> None:
    expanded = PRIMITIVE.expand(number(scalar))
    PRIMITIVE.verify(expanded.public, b"m", expanded.sign(b"m"))


def test_a_draw_out_of_range_is_drawn_again() -> None:
    draws = iter([number(0), number(GROUP_ORDER), number(5)])
    assert PRIMITIVE.draw(lambda _size: next(draws)) == number(5)


def test_a_source_that_gives_no_scalar_is_given_up() -> None:
    with pytest.raises(KeyEncodingError, match="no P-256 scalar"):
        PRIMITIVE.draw(lambda size: b"\xff" * size)


def test_points_that_are_no_keys_are_refused() -> None:
    honest = bytes.fromhex(RFC_6979_PUBLIC)
    x, y = honest[1:33], honest[33:]
    assert int.from_bytes(y) != FIELD_PRIME - int.from_bytes(y)
    for point in (
        b"\x02" + x + y,  # compressed, with more behind it
        b"\x06" + x + y,  # hybrid
        b"\x07" + x + y,
        b"\x00" + bytes(64),  # infinity, filled up
        b"\x04" + bytes(64),  # not on the curve
        b"\x04" + x + x,
        b"\x04" + number(FIELD_PRIME) + y,
        b"\x04" + b"\xff" * 64,
        # x = 0 is on the curve; p + 0 is the same coordinate, not reduced.
        b"\x04" + number(FIELD_PRIME) + number(_root_of_b()),
    ):
        with pytest.raises(KeyEncodingError, match="P-256"):
            PRIMITIVE.check_public(point)
    PRIMITIVE.check_public(b"\x04" + bytes(32) + number(_root_of_b()))


def _root_of_b() -> int:
    """The y of the curve's point with x = 0."""
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    return pow(b, (FIELD_PRIME + 1) // 4, FIELD_PRIME)


@pytest.mark.parametrize("r", [0, 1, GROUP_ORDER - 1, GROUP_ORDER, 2**256 - 1])
@pytest.mark.parametrize("s", [0, 1, GROUP_ORDER - 1, GROUP_ORDER, 2**256 - 1])
def test_numbers_at_the_edges_are_no_signature(r: int, s: int) -> None:
    public = bytes.fromhex(RFC_6979_PUBLIC)
    with pytest.raises(InvalidSignatureError, match="does not verify"):
        PRIMITIVE.verify(public, b"sample", number(r) + number(s))


def test_both_s_are_accepted() -> None:
    """The policy of docs/decisions/es256-verification.md."""
    public = bytes.fromhex(RFC_6979_PUBLIC)
    signature = bytes.fromhex(RFC_6979[1][1])
    r, s = signature[:32], int.from_bytes(signature[32:])
    PRIMITIVE.verify(public, b"test", r + number(GROUP_ORDER - s))


def test_another_message_is_refused() -> None:
    with pytest.raises(InvalidSignatureError):
        PRIMITIVE.verify(bytes.fromhex(RFC_6979_PUBLIC), b"tesu", bytes.fromhex(RFC_6979[1][1]))
