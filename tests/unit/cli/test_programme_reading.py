# SPDX-License-Identifier: Apache-2.0
"""A funder reads at its bank by command; without a wallet or a key there is nobody to ask."""

from pathlib import Path

import msgspec

from kerege.centralbank.actions import ActivateProgramme
from kerege.runtime import SystemClock
from tests.banks import House
from tests.funders import meals
from tests.registers import Wallet, key_of
from tests.terminals import Terminal


def test_a_funder_reads_at_its_bank(aru: Terminal, beket: Terminal, house: House) -> None:
    wallet = aru.create("fund", money=300_00)
    now_us = SystemClock().now_us()
    terms = meals(
        Wallet(wallet, key_of("nobody")),  # type: ignore[arg-type]
        id="read-by-command",
        budget=200_00,
        starts_us=now_us - 10**9,
        ends_us=now_us + 10**12,
    )
    path = aru.folder / "terms.json"
    path.write_bytes(msgspec.json.encode(terms))
    signed = aru.asked("programme", "sign", str(path))["terms"]
    assert house.country.core.act(ActivateProgramme(terms=signed)).code == "executed"
    aru.must("programme", "fund", "read-by-command", "100")
    told = aru.must("programme", "report", "read-by-command")
    assert "marked: KZT 100.00 in 1 payments" in told
    assert "read-by-command: KZT 100.00 with wal_" in aru.must(
        "programme", "tree", "read-by-command"
    )
    vat = aru.run("programme", "vat", "read-by-command")
    assert vat.exit_code == 1
    beket.create()
    for name in ("read-by-command", "no-such"):
        other = beket.run("programme", "report", name)
        assert other.exit_code == 1
        assert "you have no programme of this id" in other.output


def test_somebody_without_a_wallet_or_a_key(tmp_path: Path, house: House) -> None:
    nobody = Terminal(house, tmp_path / "nobody", "+77020000000")
    told = nobody.run("programme", "report", "school-meals")
    assert told.exit_code == 1
    assert told.output.startswith("kerege: ")
