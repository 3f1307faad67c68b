# SPDX-License-Identifier: Apache-2.0
"""Sealed secrets open with their passphrase and label, unchanged, and in no other way."""

import pytest

from kerege.keys.errors import KeyEncodingError
from kerege.keys.hazmat.passphrase import open_secret, seal_secret

SECRET = bytes(range(32))
SEALED = seal_secret(SECRET, b"four plain words here", label=b"v1")


def test_a_sealed_secret_opens() -> None:
    assert open_secret(SEALED, b"four plain words here", label=b"v1") == SECRET
    assert SECRET not in SEALED


@pytest.mark.parametrize(
    ("sealed", "passphrase", "label"),
    [
        (SEALED, b"four plain words", b"v1"),
        (SEALED, b"four plain words here", b"v2"),
        (SEALED[:-1], b"four plain words here", b"v1"),
        (SEALED[:-1] + bytes([SEALED[-1] ^ 1]), b"four plain words here", b"v1"),
        (SEALED[:28], b"four plain words here", b"v1"),
        (b"", b"", b""),
    ],
    ids=["passphrase", "label", "short", "altered", "head", "nothing"],
)
def test_anything_else_is_refused(sealed: bytes, passphrase: bytes, label: bytes) -> None:
    with pytest.raises(KeyEncodingError):
        open_secret(sealed, passphrase, label=label)
