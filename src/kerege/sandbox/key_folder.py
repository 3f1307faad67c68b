# SPDX-License-Identifier: Apache-2.0
"""The keys of one institution of a sandbox, in files only their owner reads; made when first asked
for, found ever after."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from kerege.keys import (
    SALT_KEY_BYTES,
    Algorithm,
    KeyFileError,
    NamedPrivateKey,
    PrivateKey,
    RootSecret,
    SignatureType,
    load_note_key,
    load_private_key,
    load_root_secret,
    load_salt_key,
    save_note_key,
    save_private_key,
    save_root_secret,
    save_salt_key,
)
from kerege.runtime import SystemRandomness

__all__ = ["KeyFolder"]

_OWNER_ONLY = 0o700
_Key = TypeVar("_Key")


class KeyFolder:
    """Keys by name in one folder. Every method raises `KeyFileError` for what is no such key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        except OSError as error:
            raise KeyFileError(f"cannot be made: {error.strerror}", place=str(folder)) from error

    def path(self, name: str) -> Path:
        """Where the key of that name lies."""
        return self.folder / name

    def private(self, name: str, algorithm: Algorithm = Algorithm.ED25519) -> PrivateKey:
        """A key that signs."""
        return self._find(
            name,
            load_private_key,
            lambda path: save_private_key(path, PrivateKey.generate(algorithm)),
        )

    def note(self, name: str, *, key_name: str, kind: SignatureType) -> NamedPrivateKey:
        """A key with a name, for a log or a witness."""
        found = self._find(
            name,
            load_note_key,
            lambda path: save_note_key(
                path, NamedPrivateKey(key_name, kind, PrivateKey.generate(kind.algorithm))
            ),
        )
        if found.name != key_name:
            raise KeyFileError(
                f"the key is called {found.name}, not {key_name}",
                place=str(self.path(name)),
                remedy="this folder belongs to another country; take another, or --reset",
            )
        return found

    def salt(self, name: str) -> bytes:
        """The secret a log's salts come from."""
        return self._find(
            name,
            load_salt_key,
            lambda path: save_salt_key(path, SystemRandomness().draw(SALT_KEY_BYTES)),
        )

    def root(self, name: str) -> RootSecret:
        """A secret from which keys that encrypt and index come."""
        return self._find(
            name,
            load_root_secret,
            lambda path: save_root_secret(path, RootSecret.generate()),
        )

    def root_like(self, name: str, secret: RootSecret) -> RootSecret:
        """The same secret as another institution's, handed over when there was none yet."""
        return self._find(name, load_root_secret, lambda path: save_root_secret(path, secret))

    def _find(self, name: str, load: Callable[[Path], _Key], make: Callable[[Path], None]) -> _Key:
        path = self.path(name)
        if not path.exists():
            make(path)
        return load(path)
