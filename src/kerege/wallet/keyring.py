# SPDX-License-Identifier: Apache-2.0
"""Where a wallet's key lies: a file only its owner may read, sealed under a passphrase or bare."""

from pathlib import Path
from typing import Protocol

from kerege.keys import (
    Algorithm,
    PrivateKey,
    SigningKey,
    load_private_key,
    load_sealed_key,
    save_private_key,
    save_sealed_key,
)
from kerege.payments import WalletId

__all__ = ["KeyFolder", "Keyring", "MemoryKeys"]


class Keyring(Protocol):
    """Makes and finds the keys of wallets; a phone's secure element could be one."""

    def make(self, wallet: WalletId, algorithm: Algorithm, *, passphrase: str | None) -> SigningKey:
        """A new key for `wallet`, kept before it is returned."""

    def find(self, wallet: WalletId, *, passphrase: str | None) -> SigningKey:
        """The key of `wallet`. Raises `KeyFileError`."""


class KeyFolder:
    """One file a key: `wal_….pem` bare, `wal_….sealed` under a passphrase."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, made for its owner alone if it is not there."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder

    def make(self, wallet: WalletId, algorithm: Algorithm, *, passphrase: str | None) -> PrivateKey:
        """As `Keyring.make`. Raises `KeyFileError`."""
        key = PrivateKey.generate(algorithm)
        if passphrase is None:
            save_private_key(self._folder / f"{wallet}.pem", key)
        else:
            save_sealed_key(self._folder / f"{wallet}.sealed", key, passphrase)
        return key

    def find(self, wallet: WalletId, *, passphrase: str | None) -> PrivateKey:
        """As `Keyring.find`."""
        if passphrase is None:
            return load_private_key(self._folder / f"{wallet}.pem")
        return load_sealed_key(self._folder / f"{wallet}.sealed", passphrase)


class MemoryKeys:
    """The twin: keys that end with the process."""

    def __init__(self) -> None:
        self._keys: dict[WalletId, PrivateKey] = {}

    def make(self, wallet: WalletId, algorithm: Algorithm, *, passphrase: str | None) -> PrivateKey:
        """As `Keyring.make`; the passphrase is not needed."""
        return self._keys.setdefault(wallet, PrivateKey.generate(algorithm))

    def find(self, wallet: WalletId, *, passphrase: str | None) -> PrivateKey:
        """As `Keyring.find`."""
        return self._keys[wallet]
