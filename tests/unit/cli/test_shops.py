# SPDX-License-Identifier: Apache-2.0
"""`kerege shops`: codes that banks of the country pay, on the screen and as pictures."""

import json
from pathlib import Path

from click.testing import CliRunner

from kerege.cli import main
from kerege.qr import PROFILES, Payable, parse, read_payable
from kerege.sandbox.country import Country


def run(country: Country, *arguments: str) -> str:
    folder = ("--folder", str(country.folder), "--language", "en")
    told = CliRunner().invoke(main, ["shops", *arguments, *folder])
    assert told.exit_code == 0, told.output
    return told.output


def test_every_shop_has_a_code(running_country: Country, tmp_path: Path) -> None:
    shops = json.loads(run(running_country, "--json", "--svg", str(tmp_path / "codes")))["shops"]
    assert shops
    for shop in shops:
        payable = read_payable(parse(shop["code"]), PROFILES["KG"])
        assert isinstance(payable, Payable)
        assert (payable.payee, payable.code.amount) == (shop["wallet"], None)
        assert payable.code.local_name is not None
        assert shop["name"].startswith(payable.code.local_name.name)
        assert (tmp_path / "codes" / f"{shop['key']}.svg").read_text().startswith("<?xml")
    assert len(run(running_country).splitlines()) == len(shops)


def test_one_shops_code_with_a_price(running_country: Country) -> None:
    told = run(running_country, "firm-0000", "--amount", "450", "--payload").strip()
    payable = read_payable(parse(told), PROFILES["KG"])
    assert isinstance(payable, Payable)
    assert payable.code.amount is not None
    assert payable.code.amount.minor == 450_00
    drawn = run(running_country, "firm-0000")
    assert "\N{FULL BLOCK}" in drawn
    assert "kerege pay --qr" in drawn


def test_what_is_no_shop(running_country: Country, tmp_path: Path) -> None:
    for arguments in (("nobody",), ("firm-0000", "--amount", "0"), ("--folder", str(tmp_path))):
        folder = () if "--folder" in arguments else ("--folder", str(running_country.folder))
        told = CliRunner().invoke(main, ["shops", *arguments, *folder])
        assert told.exit_code == 1, arguments
        assert told.output.startswith("kerege: ")
