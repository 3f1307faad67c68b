# SPDX-License-Identifier: Apache-2.0
"""Public keys: checked when made, raising when a signature is not theirs."""

import pytest

from kerege.keys import Algorithm, InvalidSignatureError, KeyEncodingError, PrivateKey, PublicKey

SIGNATURE_SIZES = {Algorithm.ED25519: 64, Algorithm.ES256: 64, Algorithm.ML_DSA_44: 2420}
SECRET = bytes([7]) * 32


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_key_verifies_its_own_signature_only(algorithm: Algorithm) -> None:
    key, other = PrivateKey(algorithm, SECRET), PrivateKey(algorithm, bytes([1]) * 32)
    key.public_key.verify(b"tea", key.sign(b"tea"))
    with pytest.raises(InvalidSignatureError):
        key.public_key.verify(b"tee", key.sign(b"tea"))
    with pytest.raises(InvalidSignatureError):
        key.public_key.verify(b"tea", other.sign(b"tea"))


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_signature_of_another_size_is_refused(algorithm: Algorithm) -> None:
    key = PrivateKey(algorithm, SECRET)
    signature = key.sign(b"tea")
    assert len(signature) == SIGNATURE_SIZES[algorithm]
    for wrong in (b"", signature[:-1], signature + b"\x00"):
        with pytest.raises(InvalidSignatureError, match="bytes, not"):
            key.public_key.verify(b"tea", wrong)


@pytest.mark.parametrize("algorithm", Algorithm)
@pytest.mark.parametrize("size", [0, 31, 33, 64, 66, 1311, 1313])
def test_a_key_of_another_size_is_refused(algorithm: Algorithm, size: int) -> None:
    with pytest.raises(KeyEncodingError, match=f"not {size}"):
        PublicKey(algorithm, bytes(size))


def test_keys_compare_by_value_and_fit_a_set() -> None:
    first, second = (
        PrivateKey(Algorithm.ED25519, bytes(32)),
        PrivateKey(Algorithm.ED25519, bytes(32)),
    )
    assert {first.public_key, second.public_key} == {first.public_key}
