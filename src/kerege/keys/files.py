# SPDX-License-Identifier: Apache-2.0
"""Private keys on disk: files only their owner may read, written once and never over another.

Three forms. `*.pem`-style files hold a bare key as PKCS#8. Note key files hold one line, the signer
key text (`kerege.keys.note_key`), because such a key is nothing without its name. Neither is
encrypted: the file's mode and the disk's encryption protect it. Sealed files hold a key under a
passphrase, for people who carry theirs about.
"""

import os
import stat
from pathlib import Path

from kerege.keys.algorithm import Algorithm
from kerege.keys.canonical_base64 import decode_base64, encode_base64
from kerege.keys.errors import KeyEncodingError, KeyFileError
from kerege.keys.hazmat.passphrase import open_secret, seal_secret
from kerege.keys.hazmat.pkcs8 import secret_from_pem, secret_to_pem
from kerege.keys.note_key import MAX_KEY_TEXT_CHARS, NamedPrivateKey
from kerege.keys.private import PrivateKey
from kerege.keys.secret import SECRET_BYTES, RootSecret

__all__ = [
    "SALT_KEY_BYTES",
    "load_note_key",
    "load_private_key",
    "load_root_secret",
    "load_salt_key",
    "load_sealed_key",
    "save_note_key",
    "save_private_key",
    "save_root_secret",
    "save_salt_key",
    "save_sealed_key",
]

SALT_KEY_BYTES = 32
"""The secret a log's salts come from: without it no receipt can be made, with it leaves can be
guessed."""

# An ML-DSA-44 key in PEM may carry its 2560-byte expanded form (RFC 9881): 3.6 kB of base64.
_MAX_FILE_BYTES = 8192
_SEALED_MAGIC = "kerege-sealed-key/v1"
_OWNER_ONLY = 0o600
_OTHERS = 0o077


def save_private_key(path: Path, key: PrivateKey) -> None:
    """Write `key` to a new PEM file. Raises `KeyFileError`, also if `path` exists."""
    _write_new(path, secret_to_pem(key.algorithm, key.reveal_secret()))


def load_private_key(path: Path) -> PrivateKey:
    """Read a PEM file. Raises `KeyFileError`."""
    pem = _read_secret(path)
    try:
        return PrivateKey(*secret_from_pem(pem))
    except KeyEncodingError as error:
        raise KeyFileError(error.message, place=str(path), remedy=error.remedy) from error


def save_sealed_key(path: Path, key: PrivateKey, passphrase: str) -> None:
    """Write `key`, sealed under `passphrase`, to a new file of one line. Raises `KeyFileError`."""
    if not passphrase:
        raise KeyFileError("the passphrase is empty", remedy="choose one of several words")
    head = f"{_SEALED_MAGIC} {key.algorithm}"
    sealed = seal_secret(key.reveal_secret(), passphrase.encode(), label=head.encode())
    _write_new(path, f"{head} {encode_base64(sealed)}\n".encode())


def load_sealed_key(path: Path, passphrase: str) -> PrivateKey:
    """Read a sealed file; takes some 0.2 s. Raises `KeyFileError`, also for a wrong passphrase."""
    content = _read_secret(path)
    try:
        return _unsealed(_single_line(content), passphrase)
    except KeyEncodingError as error:
        raise KeyFileError(error.message, place=str(path), remedy=error.remedy) from error


def _unsealed(line: str, passphrase: str) -> PrivateKey:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _SEALED_MAGIC or parts[1] not in set(Algorithm):
        raise KeyEncodingError("this is not a sealed key")
    label = f"{parts[0]} {parts[1]}".encode()
    secret = open_secret(decode_base64(parts[2]), passphrase.encode(), label=label)
    return PrivateKey(Algorithm(parts[1]), secret)


def save_note_key(path: Path, key: NamedPrivateKey) -> None:
    """Write `key` to a new file of one line. Raises `KeyFileError`, also if `path` exists."""
    _write_new(path, f"{key.reveal_skey()}\n".encode())


def load_note_key(path: Path) -> NamedPrivateKey:
    """Read a file of one signer key line. Raises `KeyFileError`."""
    content = _read_secret(path)
    try:
        return NamedPrivateKey.from_skey(_single_line(content))
    except KeyEncodingError as error:
        raise KeyFileError(error.message, place=str(path), remedy=error.remedy) from error


def save_salt_key(path: Path, key: bytes) -> None:
    """Write a log's salt key, in hexadecimal, to a new file. Raises `KeyFileError`."""
    if len(key) != SALT_KEY_BYTES:
        raise KeyFileError(f"a salt key has {SALT_KEY_BYTES} bytes, not {len(key)}")
    _write_new(path, f"{key.hex()}\n".encode())


def load_salt_key(path: Path) -> bytes:
    """Read a log's salt key. Raises `KeyFileError`."""
    return _load_hex(path, size_bytes=SALT_KEY_BYTES, what="a salt key", holds="the log's salt key")


def save_root_secret(path: Path, secret: RootSecret) -> None:
    """Write `secret`, in hexadecimal, to a new file. Raises `KeyFileError`, also if it exists."""
    _write_new(path, f"{secret.reveal().hex()}\n".encode())


def load_root_secret(path: Path) -> RootSecret:
    """Read a root secret. Raises `KeyFileError`."""
    return RootSecret(
        _load_hex(path, size_bytes=SECRET_BYTES, what="a root secret", holds="the secret")
    )


def _load_hex(path: Path, *, size_bytes: int, what: str, holds: str) -> bytes:
    try:
        line = _single_line(_read_secret(path))
        key = bytes.fromhex(line)
    except (KeyEncodingError, ValueError):
        key, line = b"", ""
    if len(key) != size_bytes or key.hex() != line:
        raise KeyFileError(
            f"this is not {what}",
            place=str(path),
            remedy=f"name the file that holds {holds}, {size_bytes} bytes in hexadecimal",
        )
    return key


def _single_line(content: bytes) -> str:
    try:
        line = content.decode().removesuffix("\n")
    except UnicodeDecodeError as error:
        # The cause would quote the file: leave it out.
        raise KeyEncodingError(f"not UTF-8 at byte {error.start}") from None
    if "\n" in line or len(line) > MAX_KEY_TEXT_CHARS:
        raise KeyEncodingError("a note key file holds one line, the signer key")
    return line


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that appears whole or not at all, and is on the disk on return."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        _write_draft(draft, content)
        try:
            # Unlike a rename, a link never replaces a file that is already there.
            os.link(draft, path)
        finally:
            draft.unlink()
        _sync_folder(path.parent)
    except FileExistsError as error:
        raise KeyFileError(
            "the file exists already, and keys are never overwritten",
            place=error.filename2 or str(draft),
            remedy="choose another name, or move the old file away",
        ) from error
    except OSError as error:
        raise KeyFileError(
            f"the key file cannot be written: {error.strerror}", place=str(path)
        ) from error


def _write_draft(draft: Path, content: bytes) -> None:
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read_secret(path: Path) -> bytes:
    """Read a key file after checking, on the open file, that only its owner can."""
    try:
        # Without O_NONBLOCK a pipe put in the file's place would hang the caller.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            _check_owner_only(path, os.fstat(file.fileno()))
            content = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise KeyFileError(
            f"the key file cannot be read: {error.strerror}", place=str(path)
        ) from error
    if len(content) > _MAX_FILE_BYTES:
        raise KeyFileError(f"a key file has at most {_MAX_FILE_BYTES} bytes", place=str(path))
    return content


def _check_owner_only(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise KeyFileError("a key file is a regular file", place=str(path))
    if status.st_uid != os.geteuid():
        raise KeyFileError(
            "the key file belongs to another user",
            place=str(path),
            remedy="run as the file's owner, or hand the file over with chown",
        )
    if status.st_mode & _OTHERS:
        raise KeyFileError(
            f"others may use the key file (mode {stat.S_IMODE(status.st_mode):04o})",
            place=str(path),
            remedy=f"chmod 600 {path}, and replace the key if others could have read it",
        )
