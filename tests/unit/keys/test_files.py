# SPDX-License-Identifier: Apache-2.0
"""Key files: for their owner only, never overwritten, refused loudly."""

import os
import stat
from pathlib import Path

import pytest

from kerege.keys import (
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
    load_sealed_key,
    save_note_key,
    save_private_key,
    save_root_secret,
    save_salt_key,
    save_sealed_key,
)

KEY = PrivateKey(Algorithm.ED25519, bytes(32))
NOTE_KEY = NamedPrivateKey(
    name="witness.example/w1", signature_type=SignatureType.COSIGNATURE_ED25519, private_key=KEY
)


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_saved_key_is_loaded_again(tmp_path: Path, algorithm: Algorithm) -> None:
    key = PrivateKey(algorithm, bytes(range(32)))
    save_private_key(tmp_path / "key.pem", key)
    assert load_private_key(tmp_path / "key.pem").reveal_secret() == key.reveal_secret()
    assert [path.name for path in tmp_path.iterdir()] == ["key.pem"]


def test_a_saved_note_key_is_loaded_again(tmp_path: Path) -> None:
    save_note_key(tmp_path / "w1.key", NOTE_KEY)
    assert load_note_key(tmp_path / "w1.key").public == NOTE_KEY.public


def test_files_are_for_their_owner_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        save_note_key(tmp_path / "w1.key", NOTE_KEY)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "w1.key").stat().st_mode) == 0o600


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "w1.key"
    path.write_text("precious")
    with pytest.raises(KeyFileError, match="never overwritten"):
        save_note_key(path, NOTE_KEY)
    assert path.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [path]


def test_a_dangling_link_is_not_followed_when_writing(tmp_path: Path) -> None:
    path = tmp_path / "w1.key"
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeyFileError, match="never overwritten"):
        save_note_key(path, NOTE_KEY)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="cannot be written: No such file"):
        save_note_key(tmp_path / "none" / "w1.key", NOTE_KEY)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o660, 0o777, 0o601])
def test_a_file_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "w1.key"
    save_note_key(path, NOTE_KEY)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match="others may use the key file") as caught:
        load_note_key(path)
    assert caught.value.remedy.startswith("chmod 600")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_a_file_of_another_user_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w1.key"
    save_note_key(path, NOTE_KEY)
    os.chown(path, 12345, -1)
    with pytest.raises(KeyFileError, match="belongs to another user"):
        load_note_key(path)


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(KeyFileError, match="a regular file"):
        load_private_key(tmp_path / "pipe")
    with pytest.raises(KeyFileError):
        load_private_key(tmp_path)
    with pytest.raises(KeyFileError, match="cannot be read: No such file"):
        load_private_key(tmp_path / "none")


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"PRIVATE+KEY+a", b"a\nb\n", b"x" * 5000, b"x" * 9000]
)
def test_other_content_is_refused_with_its_place(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "w1.key"
    path.touch(0o600)
    path.write_bytes(content)
    for load in (load_note_key, load_private_key):
        with pytest.raises(KeyFileError) as caught:
            load(path)
        assert caught.value.place == str(path)


def test_a_spoilt_key_is_not_quoted_in_the_error(tmp_path: Path) -> None:
    path = tmp_path / "w1.key"
    path.touch(0o600)
    text = NOTE_KEY.reveal_skey()
    path.write_text(text[:-8] + "Ж" + text[-8:])
    with pytest.raises(KeyFileError) as caught:
        load_note_key(path)
    assert text[-40:-8] not in str(caught.value)


def test_a_sealed_key_opens_with_its_passphrase_alone(tmp_path: Path) -> None:
    path = tmp_path / "tea.sealed"
    save_sealed_key(path, KEY, "four plain words here")
    assert load_sealed_key(path, "four plain words here").reveal_secret() == KEY.reveal_secret()
    with pytest.raises(KeyFileError, match="passphrase is wrong"):
        load_sealed_key(path, "another")


def test_an_empty_passphrase_is_no_passphrase(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="empty"):
        save_sealed_key(tmp_path / "tea.sealed", KEY, "")


@pytest.mark.parametrize("text", ["", "kerege-sealed-key/v1", "a b c", "kerege-sealed-key/v1 x !"])
def test_what_is_not_a_sealed_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tea.sealed"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(KeyFileError):
        load_sealed_key(path, "four plain words here")


def test_a_saved_secret_is_loaded_again(tmp_path: Path) -> None:
    secret = RootSecret(bytes(range(32)))
    save_root_secret(tmp_path / "master.key", secret)
    save_salt_key(tmp_path / "salt.key", bytes(32))
    assert load_root_secret(tmp_path / "master.key").reveal() == secret.reveal()
    assert load_salt_key(tmp_path / "salt.key") == bytes(32)
    with pytest.raises(KeyFileError):
        save_root_secret(tmp_path / "master.key", secret)


@pytest.mark.parametrize(
    "content", [b"", b"00" * 31, b"00" * 33, b"AB" * 32, b"zz" * 32, b"00" * 32 + b"\n\n", b"\xff"]
)
def test_what_is_no_secret_is_not_quoted(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(content)
    path.chmod(0o600)
    for load in (load_root_secret, load_salt_key):
        with pytest.raises(KeyFileError) as caught:
            load(path)
        assert "AB" * 8 not in str(caught.value)
