# SPDX-License-Identifier: Apache-2.0
"""`bank.toml` is read strictly, paths are relative to it, faults are told with their place."""

from pathlib import Path

import pytest

from kerege.bank.settings import KEY_FILES, BankSettings, SettingsError, read_settings

TEXT = """
bank = "altyn-bank"
listen = "127.0.0.1:7410"
url = "http://127.0.0.1:7410"
database = "sqlite:///bank.db"
ledger = "sqlite:///ledger.db"
profile = "profile.toml"
country = "KZ"
assets = [{ code = "KZT", scale = 2 }]
[core]
url = "http://127.0.0.1:7300"
keyid = "altyn-bank"
[wallet]
id = "wal_00000000000000000000000000000000"
"""
PROFILE = '[[tiers]]\nname = "phone"\nowner_kind = "person"\n'


def read(folder: Path, text: str = TEXT) -> BankSettings:
    (folder / "bank.toml").write_text(text)
    (folder / "profile.toml").write_text(PROFILE)
    return read_settings(folder / "bank.toml")


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.path("x") == tmp_path / "x"
    assert settings.key_file("wallet.pem") == tmp_path / "keys" / "wallet.pem"
    assert settings.database_url(settings.database) == f"sqlite:///{tmp_path}/bank.db"
    assert settings.database_url("postgresql://h/d") == "postgresql://h/d"
    assert settings.tiers().find("person", "phone").name == "phone"
    assert "wallet.pem" in KEY_FILES


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('bank = "altyn-bank"', 'bank = "Altyn Bank"', "$.bank"),
        ('bank = "altyn-bank"', 'bank = "altyn-bank"\nunknown = 1', ""),
        ('listen = "127.0.0.1:7410"', 'listen = "7410"', "$.listen"),
        ('url = "http://127.0.0.1:7410"', 'url = "http://127.0.0.1:7410/"', "$.url"),
        ('id = "wal_00000000000000000000000000000000"', 'id = "w"', "$.wallet.id"),
        ("[core]", "[core", ""),
        ('country = "KZ"', 'country = "kz"', "$.country"),
    ],
)
def test_faults_are_told(tmp_path: Path, old: str, new: str, place: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, TEXT.replace(old, new, 1))
    assert place in caught.value.place
    assert "bank.toml" in caught.value.place


def test_a_missing_or_huge_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings(tmp_path / "none.toml")
    with pytest.raises(SettingsError, match="more than"):
        read(tmp_path, "#" * 300_000)


def test_a_bad_database_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        read(tmp_path).database_url("mysql://x")
