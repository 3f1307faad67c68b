# SPDX-License-Identifier: Apache-2.0
"""What the commands of wallets share."""

import json
from pathlib import Path

import pytest

from kerege.cli.purse import OpenPurse, amount_of, asset_of, money, opened_purse, tell_answer
from kerege.cli.telling import Output
from kerege.errors import KeregeError
from kerege.payments import Verdict
from kerege.wallet import Answer, SessionEnded


@pytest.mark.parametrize(
    ("text", "code", "minor"), [("450", "KZT", 450_00), ("0.01", "KZT", 1), ("7", "JPY", 7)]
)
def test_an_amount_is_in_the_assets_minor_units(text: str, code: str, minor: int) -> None:
    assert amount_of(text, asset_of(code)) == minor


@pytest.mark.parametrize(
    "text", ["", "0", "0.00", "-1", "+1", "1.005", "1,00", "1 000", " 1", "1e2", "١", "9" * 99]
)
def test_any_other_amount_is_refused(text: str) -> None:
    with pytest.raises(KeregeError):
        amount_of(text, asset_of("KZT"))


@pytest.mark.parametrize("code", ["", "kzt", "ZZZ", "KZT\n", "ALLOWANCE"])
def test_an_asset_is_known_or_refused(code: str) -> None:
    with pytest.raises(KeregeError) as fault:
        asset_of(code)
    assert fault.value.place == "--asset"


def test_money_of_an_unknown_scale_is_not_guessed() -> None:
    assert money(12_345, "KZT") == "KZT 123.45"
    assert money(12_345, "GOLD") == "GOLD 12345 minor units"


def test_a_purse_is_its_owners_and_its_lines_are_kept(tmp_path: Path) -> None:
    with opened_purse(tmp_path / "purse", "kk") as purse:
        assert (tmp_path / "purse").stat().st_mode & 0o077 == 0
        assert purse.bank("http://127.0.0.1:1") is purse.bank("http://127.0.0.1:1")
        with pytest.raises(SessionEnded):
            purse.bank("http://127.0.0.1:1").me()


def test_a_home_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    purse = OpenPurse(Path("~/purse"), "en")
    purse.close()
    assert (tmp_path / "purse" / "wallet.db").exists()


def test_only_an_accepted_order_is_told_as_done(capsys: pytest.CaptureFixture[str]) -> None:
    tell_answer(Output(False), Answer(verdict=Verdict("ord_1", "accepted")), done="Paid.")
    assert capsys.readouterr().out == "Paid.\n  ord_1\n"
    for code in ("exceeds_balance", "sent", "a_code_of_tomorrow"):
        with pytest.raises(SystemExit) as left:
            tell_answer(Output(False), Answer(verdict=Verdict("ord_1", code)), done="Paid.")
        told = capsys.readouterr()
        assert (left.value.code, told.out) == (1, "")
        assert code in told.err
        with pytest.raises(SystemExit):
            tell_answer(Output(True), Answer(verdict=Verdict("ord_1", code)), done="Paid.")
        assert json.loads(capsys.readouterr().out)["ok"] is False
