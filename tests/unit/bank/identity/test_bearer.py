# SPDX-License-Identifier: Apache-2.0
"""Secrets to carry: long, never equal, hashed whatever they hold."""

from kerege.bank.identity.bearer import hash_secret, new_secret
from kerege.runtime import SeededRandomness


def test_a_secret_has_256_bits() -> None:
    randomness = SeededRandomness(1)
    made = {new_secret(randomness) for _ in range(100)}
    assert len(made) == 100
    assert {len(each) for each in made} == {43}


def test_any_text_has_a_hash() -> None:
    assert len({hash_secret(text) for text in ("", "a", "\ud800", "\x00", "ы" * 9999)}) == 5
