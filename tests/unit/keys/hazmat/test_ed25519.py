# SPDX-License-Identifier: Apache-2.0
"""Ed25519 by libsodium: RFC 8032 vectors and the keys no honest owner has."""

import nacl.bindings
import pytest

from kerege.keys.errors import InvalidSignatureError, KeyEncodingError
from kerege.keys.hazmat.ed25519 import PRIMITIVE

# RFC 8032 section 7.1, TEST 1 and TEST 2: seed, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b4"
            "6bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d"
            "8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
]

# The y coordinates 0, 1, -1 and the encodings of 1 and 0 that are not reduced: small order all.
UNUSABLE_KEYS = {
    "order 4": "00" * 32,
    "the identity": "01" + "00" * 31,
    "order 2": "ec" + "ff" * 30 + "7f",
    "the identity, not canonical": "ee" + "ff" * 30 + "7f",
    "order 4, not canonical": "ed" + "ff" * 30 + "7f",
    "not on the curve": "02" + "00" * 31,
    "all ones": "ff" * 32,
}


@pytest.mark.parametrize(("seed", "public", "message", "signature"), RFC_8032)
def test_rfc_8032_vectors(seed: str, public: str, message: str, signature: str) -> None:
    expanded = PRIMITIVE.expand(bytes.fromhex(seed))
    assert expanded.public.hex() == public
    assert expanded.sign(bytes.fromhex(message)).hex() == signature
    PRIMITIVE.verify(expanded.public, bytes.fromhex(message), bytes.fromhex(signature))


@pytest.mark.parametrize("public", UNUSABLE_KEYS.values(), ids=UNUSABLE_KEYS)
def test_keys_that_anyone_could_sign_for_are_refused(public: str) -> None:
    with pytest.raises(KeyEncodingError, match="not a usable Ed25519 public key"):
        PRIMITIVE.check_public(bytes.fromhex(public))


def test_a_key_outside_the_prime_order_group_is_refused() -> None:
    honest = PRIMITIVE.expand(bytes(32)).public
    order_two = bytes.fromhex(UNUSABLE_KEYS["order 2"])
    mixed = nacl.bindings.crypto_core_ed25519_add(honest, order_two)
    with pytest.raises(KeyEncodingError):
        PRIMITIVE.check_public(mixed)


def test_a_scalar_not_reduced_is_refused() -> None:
    """S + L verifies under the bare equation: RFC 8032 section 5.1.7 asks for S < L."""
    expanded = PRIMITIVE.expand(bytes(32))
    signature = expanded.sign(b"m")
    group_order = 2**252 + 27742317777372353535851937790883648493
    scalar = int.from_bytes(signature[32:], "little") + group_order
    with pytest.raises(InvalidSignatureError):
        PRIMITIVE.verify(expanded.public, b"m", signature[:32] + scalar.to_bytes(32, "little"))
