# SPDX-License-Identifier: Apache-2.0
"""`kerege pay`: aliases, wallets and codes; refusals in words, foreign codes told as such."""

from pathlib import Path

import pytest

from kerege.qr import parse, png_image
from tests.cli_bank import Shell

KHQR = "00020101021129180014dave@khqr.test5204599953031165802KH5904Dave6010Phnom Penh63040000"


def test_paying_a_wallet(shell: Shell, shop: Shell) -> None:
    told = shell.say("pay", shop.wallet, "12.50")
    assert told.startswith("Paid KZT 12.50 to Б*** С.\n  ord_")
    told = shell.tell("pay", shop.wallet, "1")
    assert (told["ok"], told["verdict"]["code"]) == (True, "accepted")


def test_paying_a_code_and_its_picture(shell: Shell, shop: Shell, tmp_path: Path) -> None:
    asked = shop.tell("request", "10", "--note", "bread", "--wallet", "tea")
    assert shell.say("pay", "--qr", asked["qr"]).startswith("Paid KZT 10.00")
    again = shell.run("pay", "--qr", asked["qr"])
    assert again.exit_code == 1
    assert "request_already_paid" in again.output
    pytest.importorskip("zxingcpp", reason="reads pictures of codes")
    other = shop.tell("request", "11", "--wallet", "tea")
    (tmp_path / "code.png").write_bytes(png_image(parse(other["qr"])))
    assert shell.say("pay", "--qr", str(tmp_path / "code.png")).startswith("Paid KZT 11.00")


def test_a_foreign_code_is_told_as_such(shell: Shell) -> None:
    result = shell.run("pay", "--qr", KHQR, "10")
    assert result.exit_code == 1
    assert result.output.strip()
    kazakh = shell.run("pay", "--qr", KHQR, "10", "--language", "kk")
    assert kazakh.output != result.output


def test_a_refusal_is_told_in_words(shell: Shell, shop: Shell) -> None:
    result = shell.run("pay", shop.wallet, "390")
    assert result.exit_code == 1
    assert "exceeds_balance" in result.output
    told = shell.tell("pay", shop.wallet, "390")
    assert (told["ok"], told["verdict"]["code"]) == (False, "exceeds_balance")


def test_a_dry_run_moves_nothing(shell: Shell, shop: Shell) -> None:
    before = shell.tell("wallet", "balance")["balances"]
    assert shell.say("pay", shop.wallet, "1", "--dry-run").startswith("Would pay KZT 1.00")
    assert shell.tell("wallet", "balance")["balances"] == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["@nobody", "1"], "Nobody was found"),
        (["{shop}", "0"], "more than nothing"),
        (["{shop}", "-1"], ""),
        (["{shop}", "1.005"], ""),
        (["{shop}", "x"], ""),
        (["{shop}"], "say how much"),
        ([], "say whom to pay"),
        (["{shop}", "1", "--qr", "x"], "amount alone"),
        (["{shop}", "1", "--asset", "XXXX"], ""),
        (["{shop}", "1", "--wallet", "none"], "there is no wallet"),
    ],
)
def test_mistakes_are_told(shell: Shell, shop: Shell, words: list[str], told: str) -> None:
    result = shell.run("pay", *(word.replace("{shop}", shop.wallet) for word in words))
    assert result.exit_code in (1, 2)
    assert told in result.output
