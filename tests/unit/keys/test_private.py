# SPDX-License-Identifier: Apache-2.0
"""Private keys: what they never show, and who provides the randomness."""

import copy

import pytest

from kerege.keys import Algorithm, KeyEncodingError, PrivateKey

SECRET = bytes(range(100, 132))


@pytest.mark.parametrize("algorithm", Algorithm)
def test_no_way_of_printing_shows_the_secret(algorithm: Algorithm) -> None:
    key = PrivateKey(algorithm, SECRET)
    for shown in (repr(key), str(key), f"{key}", repr([key]), repr(vars(type(key)))):
        assert SECRET.hex() not in shown
        assert repr(SECRET)[2:-1] not in shown
    assert "secret hidden" in repr(key)


def test_a_private_key_cannot_be_pickled_or_copied() -> None:
    key = PrivateKey(Algorithm.ED25519, SECRET)
    with pytest.raises(TypeError, match="not picklable"):
        copy.copy(key)
    with pytest.raises(TypeError, match="not picklable"):
        key.__reduce__()


@pytest.mark.parametrize("algorithm", Algorithm)
def test_keys_are_made_from_the_randomness_given(algorithm: Algorithm) -> None:
    key = PrivateKey.generate(algorithm, randomness=lambda size: SECRET[:size])
    assert key.reveal_secret() == SECRET
    assert key.algorithm is algorithm


def test_two_generated_keys_differ() -> None:
    first, second = PrivateKey.generate(Algorithm.ED25519), PrivateKey.generate(Algorithm.ED25519)
    assert first.public_key != second.public_key


@pytest.mark.parametrize("algorithm", Algorithm)
@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_secret_of_another_size_is_refused(algorithm: Algorithm, size: int) -> None:
    with pytest.raises(KeyEncodingError, match=f"not {size}"):
        PrivateKey(algorithm, bytes(size))
