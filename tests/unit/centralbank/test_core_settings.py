# SPDX-License-Identifier: Apache-2.0
"""core.toml: read strictly, paths relative to it."""

from pathlib import Path

import pytest

from kerege.centralbank.core_settings import CoreSettingsError, read_core_settings
from tests.cores import write_settings

SMALL = 'listen = "127.0.0.1:0"\nledger = "sqlite:///l.db"\nregister = "sqlite:///r.db"\n'
LOG = '[log]\norigin = "core.example/ledger"\n'


def read(folder: Path, text: str) -> object:
    path = folder / "core.toml"
    path.write_text(text, "utf-8")
    return read_core_settings(path)


def test_what_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "core.toml"
    path.write_text(SMALL + LOG, "utf-8")
    settings = read_core_settings(path)
    assert (settings.founding, settings.shared, settings.log.folder) == (None, False, "log")
    assert settings.path("log") == tmp_path / "log"
    assert settings.database_url(settings.ledger) == f"sqlite:///{tmp_path}/l.db"
    assert settings.authority("127.0.0.1:7300") == "127.0.0.1:7300"


def test_the_whole_of_it(tmp_path: Path) -> None:
    path = write_settings(tmp_path, more='url = "https://Core.Example"\nshared = true')
    settings = read_core_settings(path)
    assert settings.founding is not None
    assert sorted(settings.founding.staff) == ["staff-aru", "staff-bek"]
    assert settings.authority("127.0.0.1:7300") == "core.example"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", ""),
        (SMALL, ""),
        (SMALL + LOG + "x = 1\n", "$.log"),
        ("x = 1\n" + SMALL + LOG, ""),
        (SMALL.replace("127.0.0.1:0", "nowhere") + LOG, "$.listen"),
        ('url = "ftp://x"\n' + SMALL + LOG, "$.url"),
        ('url = "http://x/y"\n' + SMALL + LOG, "$.url"),
        (SMALL + LOG + "witnesses = [{url = 'http://w', vkeys = []}]\n", "$.log.witnesses[0]"),
        (SMALL + LOG + "[limits]\npublic_per_s = 0\n", "$.limits.public_per_s"),
        ("= = =", ""),
        ("x = " + "[" * 5000, ""),
    ],
)
def test_mistakes_have_a_place(tmp_path: Path, text: str, place: str) -> None:
    with pytest.raises(CoreSettingsError) as raised:
        read(tmp_path, text)
    assert str(tmp_path / "core.toml") in raised.value.place
    assert place in raised.value.place


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(CoreSettingsError, match="cannot be read"):
        read_core_settings(tmp_path / "core.toml")
    (tmp_path / "core.toml").write_bytes(b"#" * 300_000)
    with pytest.raises(CoreSettingsError, match="more than"):
        read_core_settings(tmp_path / "core.toml")
    (tmp_path / "core.toml").write_bytes(b"\xff")
    with pytest.raises(CoreSettingsError):
        read_core_settings(tmp_path / "core.toml")


def test_a_database_that_is_none(tmp_path: Path) -> None:
    settings = read_core_settings(write_settings(tmp_path))
    assert settings.database_url("postgresql://core@db/ledger") == "postgresql://core@db/ledger"
    with pytest.raises(CoreSettingsError) as raised:
        settings.database_url("mysql://core:secret@db/ledger")
    assert "secret" not in str(raised.value)
