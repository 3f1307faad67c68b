# SPDX-License-Identifier: Apache-2.0
"""`kerege request`: a code to show, drawn if wanted."""

from pathlib import Path

from tests.cli_bank import Shell


def test_a_request_is_a_code_to_show(shop: Shell, tmp_path: Path) -> None:
    told = shop.say("request", "450.50", "--wallet", "tea", "--svg", str(tmp_path / "code.svg"))
    first, code = told.strip().split("\n")
    assert first.endswith("asks for KZT 450.50:")
    assert code.startswith("000201")
    assert (tmp_path / "code.svg").read_text().startswith("<")


def test_mistakes_are_told(shop: Shell) -> None:
    for amount in ("0", "x", "1.234"):
        assert shop.run("request", amount, "--wallet", "tea").exit_code == 1
