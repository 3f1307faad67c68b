# SPDX-License-Identifier: Apache-2.0
"""What commands of wallets share: amounts, assets, sealed keys, answers."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from kerege.cli.purse import OpenPurse, amount_of, asset_of, money
from kerege.errors import KeregeError
from kerege.money import MoneyError


def test_amounts_are_read_and_told() -> None:
    tenge = asset_of("KZT")
    assert amount_of("450.5", tenge) == 450_50
    assert money(450_50, "KZT") == "KZT 450.50"
    assert money(7, "XAU-G") == "XAU-G 7 minor units"


@pytest.mark.parametrize("text", ["0", "-1", "1.001", "1e3", "", "١"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises((KeregeError, MoneyError)):
        amount_of(text, asset_of("KZT"))


@pytest.mark.parametrize("code", ["", "kzt", "XAU", "NOPE"])
def test_what_is_no_asset_is_refused(code: str) -> None:
    with pytest.raises(KeregeError):
        asset_of(code)


def test_a_sealed_key_asks_for_its_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = OpenPurse(tmp_path / "purse", "en")
    opened.purse.create("tea", bank="http://127.0.0.1:1", passphrase="four plain words here")
    monkeypatch.setenv("KEREGE_PASSPHRASE", "four plain words here")
    assert opened.wallet("tea").known.sealed
    monkeypatch.setenv("KEREGE_PASSPHRASE", "wrong")
    with pytest.raises(KeregeError, match="passphrase is wrong"):
        opened.wallet("tea")
    opened.close()


def test_an_empty_purse_says_what_to_do(tmp_path: Path) -> None:
    from kerege.cli import main

    result = CliRunner().invoke(main, ["statement", "--purse", str(tmp_path / "new")])
    assert result.exit_code == 1
    assert "kerege wallet create" in result.output
