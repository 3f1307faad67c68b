# SPDX-License-Identifier: Apache-2.0
"""Keys kept for others."""

import pytest

from kerege.keys import Algorithm, PrivateKey, SealBrokenError, SealingKey
from kerege.keys.sealed_key import seal_private_key, unseal_private_key

SEALING = SealingKey(bytes(range(32)))


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_key_comes_back(algorithm: Algorithm) -> None:
    key = PrivateKey.generate(algorithm)
    sealed = seal_private_key(key, SEALING, place=b"here")
    again = unseal_private_key(sealed, SEALING, place=b"here")
    assert again.public_key == key.public_key
    assert key.reveal_secret() not in sealed


def test_it_opens_nowhere_else() -> None:
    key = PrivateKey.generate(Algorithm.ED25519)
    sealed = seal_private_key(key, SEALING, place=b"here")
    with pytest.raises(SealBrokenError):
        unseal_private_key(sealed, SEALING, place=b"there")
    with pytest.raises(SealBrokenError):
        unseal_private_key(sealed, SealingKey(bytes(32)), place=b"here")
    for broken in (b"", sealed[:-1], bytes([sealed[0] ^ 1]) + sealed[1:]):
        with pytest.raises(SealBrokenError):
            unseal_private_key(broken, SEALING, place=b"here")


def test_another_text_is_no_key() -> None:
    for text in (b"", b"\x09" + bytes(32)):
        with pytest.raises(SealBrokenError):
            unseal_private_key(SEALING.seal(text, place=b"here"), SEALING, place=b"here")
