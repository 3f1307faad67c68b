# SPDX-License-Identifier: Apache-2.0
import stat
from pathlib import Path

import pytest

from kerege.keys import KeyFileError, SignatureType
from kerege.sandbox.key_folder import KeyFolder


def test_keys_are_made_once_and_found_ever_after(tmp_path: Path) -> None:
    keys, again = KeyFolder(tmp_path / "keys"), KeyFolder(tmp_path / "keys")
    assert keys.private("own.pem").public_key == again.private("own.pem").public_key
    named = keys.note("log", key_name="log.example", kind=SignatureType.ED25519)
    found = again.note("log", key_name="log.example", kind=SignatureType.ED25519)
    assert found.public.to_vkey() == named.public.to_vkey()
    assert keys.salt("salt") == again.salt("salt")
    assert keys.root("master").reveal() == again.root("master").reveal()


def test_nobody_else_reads_them(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "keys")
    keys.private("own.pem")
    keys.salt("salt")
    assert stat.S_IMODE(keys.folder.stat().st_mode) == 0o700
    for path in keys.folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_institutions_may_share_a_secret(tmp_path: Path) -> None:
    first, second = KeyFolder(tmp_path / "a"), KeyFolder(tmp_path / "b")
    shared = first.root("directory")
    assert second.root_like("directory", shared).reveal() == shared.reveal()
    assert second.root_like("directory", second.root("other")).reveal() == shared.reveal()


def test_a_key_of_another_country_is_refused(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path)
    keys.note("log", key_name="log.one", kind=SignatureType.ED25519)
    with pytest.raises(KeyFileError, match=r"log\.one, not log\.two"):
        keys.note("log", key_name="log.two", kind=SignatureType.ED25519)


def test_what_is_no_key_or_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.pem").write_text("no key")
    (tmp_path / "own.pem").chmod(0o600)
    with pytest.raises(KeyFileError):
        KeyFolder(tmp_path).private("own.pem")
    with pytest.raises(KeyFileError, match="cannot be made"):
        KeyFolder(tmp_path / "own.pem" / "keys")
