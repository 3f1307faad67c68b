# SPDX-License-Identifier: Apache-2.0
"""`kerege statement`: newest first, in pages."""

from tests.cli_bank import Shell


def test_newest_first_in_pages(shell: Shell, shop: Shell) -> None:
    for amount in ("1", "2", "3"):
        shell.say("pay", shop.wallet, amount)
    told = shell.tell("statement", "--limit", "2")
    assert [line["change"] for line in told["lines"]] == [-3_00, -2_00]
    rest = shell.tell("statement", "--limit", "1", "--before", str(told["next"]))
    assert rest["lines"][0]["change"] == -1_00
    words = shell.say("statement", "--limit", "1")
    assert "KZT 3.00" in words
    assert "more: --before" in words
    assert shop.wallet in words
