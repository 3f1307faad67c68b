# SPDX-License-Identifier: Apache-2.0
"""Keys of wallets are found again, sealed ones with their passphrase only."""

from pathlib import Path

import pytest

from kerege.keys import Algorithm, KeyFileError
from kerege.payments import format_wallet_id
from kerege.wallet import KeyFolder, MemoryKeys

WALLET = format_wallet_id(bytes(16))


@pytest.mark.parametrize("passphrase", [None, "four plain words here"])
def test_a_key_is_found_again(tmp_path: Path, passphrase: str | None) -> None:
    made = KeyFolder(tmp_path / "keys").make(WALLET, Algorithm.ES256, passphrase=passphrase)
    found = KeyFolder(tmp_path / "keys").find(WALLET, passphrase=passphrase)
    assert found.public_key == made.public_key


def test_a_sealed_key_is_not_found_bare(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "keys")
    keys.make(WALLET, Algorithm.ED25519, passphrase="four plain words here")
    with pytest.raises(KeyFileError):
        keys.find(WALLET, passphrase=None)


def test_the_twin_keeps_the_first_key() -> None:
    keys = MemoryKeys()
    first = keys.make(WALLET, Algorithm.ED25519, passphrase=None)
    assert keys.make(WALLET, Algorithm.ED25519, passphrase=None) is first
    assert keys.find(WALLET, passphrase=None) is first
