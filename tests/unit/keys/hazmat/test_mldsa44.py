# SPDX-License-Identifier: Apache-2.0
"""ML-DSA-44: sizes of FIPS 204, hedged signing, one flipped bit."""

from hashlib import sha256

import pytest

from kerege.keys.errors import InvalidSignatureError
from kerege.keys.hazmat.mldsa44 import PRIMITIVE


def test_sizes_are_those_of_fips_204_table_2() -> None:
    expanded = PRIMITIVE.expand(bytes(32))
    assert len(expanded.public) == PRIMITIVE.public_size == 1312
    assert len(expanded.sign(b"m")) == PRIMITIVE.signature_size == 2420


def test_a_seed_always_gives_the_same_key() -> None:
    """The hash is this seed's, agreed on by Go's crypto/mldsa."""
    seed = bytes(range(32))
    assert PRIMITIVE.expand(seed).public == PRIMITIVE.expand(seed).public
    assert (
        sha256(PRIMITIVE.expand(seed).public).hexdigest()
        == "9f107644c1084526af3bc8098680b05499a2325a644e388fb4f970e058d19d46"
    )


def test_two_signatures_of_one_message_differ_and_both_verify() -> None:
    expanded = PRIMITIVE.expand(bytes(32))
    first, second = expanded.sign(b"m"), expanded.sign(b"m")
    assert first != second
    PRIMITIVE.verify(expanded.public, b"m", first)
    PRIMITIVE.verify(expanded.public, b"m", second)


@pytest.mark.parametrize("index", [0, 1000, 2419])
def test_a_flipped_bit_is_refused(index: int) -> None:
    expanded = PRIMITIVE.expand(bytes(32))
    signature = bytearray(expanded.sign(b"m"))
    signature[index] ^= 1
    with pytest.raises(InvalidSignatureError):
        PRIMITIVE.verify(expanded.public, b"m", bytes(signature))


def test_another_message_is_refused() -> None:
    expanded = PRIMITIVE.expand(bytes(32))
    with pytest.raises(InvalidSignatureError):
        PRIMITIVE.verify(expanded.public, b"n", expanded.sign(b"m"))
