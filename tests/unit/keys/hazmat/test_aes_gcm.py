# SPDX-License-Identifier: Apache-2.0
"""AES-256-GCM gives what its authors published, and opens nothing that was changed."""

import pytest

from kerege.keys.errors import SealBrokenError
from kerege.keys.hazmat import aes_gcm

# McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B, test cases 13 to 16:
# key, nonce, plaintext, associated data, ciphertext, tag.
_KEY = "feffe9928665731c6d6a8f9467308308" * 2
_TEXT = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
    "b16aedf5aa0de657ba637b391aafd255"
)
_CIPHER = (
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
    "c5f61e6393ba7a0abcc9f662898015ad"
)
PUBLISHED = [
    ("00" * 32, "00" * 12, "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
    (
        "00" * 32,
        "00" * 12,
        "00" * 16,
        "",
        "cea7403d4d606b6e074ec5d3baf39d18",
        "d0d1c8a799996bf0265b98b5d48ab919",
    ),
    (_KEY, "cafebabefacedbaddecaf888", _TEXT, "", _CIPHER, "b094dac5d93471bdec1a502270e3cc6c"),
    (
        _KEY,
        "cafebabefacedbaddecaf888",
        _TEXT[:-8],
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        _CIPHER[:-8],
        "76fc6ece0f4e1768cddf8853bb2d551b",
    ),
]


@pytest.mark.parametrize(("key", "nonce", "text", "associated", "cipher", "tag"), PUBLISHED)
def test_published_vectors(
    key: str, nonce: str, text: str, associated: str, cipher: str, tag: str
) -> None:
    given = [bytes.fromhex(each) for each in (key, nonce, text, associated)]
    sealed = aes_gcm.encrypt(*given)
    assert sealed.hex() == cipher + tag
    assert aes_gcm.decrypt(given[0], given[1], sealed, given[3]) == given[2]


def test_one_changed_bit_anywhere_and_it_does_not_open() -> None:
    key, nonce, associated = bytes(32), bytes(12), b"place"
    sealed = aes_gcm.encrypt(key, nonce, b"tea", associated)
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(SealBrokenError):
            aes_gcm.decrypt(key, nonce, bytes(changed), associated)
    for other in ((b"\1" + key[1:], nonce, associated), (key, b"\1" * 12, associated)):
        with pytest.raises(SealBrokenError):
            aes_gcm.decrypt(other[0], other[1], sealed, other[2])
    with pytest.raises(SealBrokenError):
        aes_gcm.decrypt(key, nonce, sealed, b"elsewhere")
