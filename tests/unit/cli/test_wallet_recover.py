# SPDX-License-Identifier: Apache-2.0
"""`kerege wallet recover`: the lost key is good for nothing afterwards."""

from pathlib import Path

from tests.terminals import Terminal


def test_a_lost_key_is_replaced(aru: Terminal, beket: Terminal, tmp_path: Path) -> None:
    spare = tmp_path / "spare.pem"
    wallet = aru.create("mine", "--recovery", str(spare), money=50_00)
    new = Terminal(aru.house, tmp_path / "new telephone", aru.phone)
    new.must("wallet", "login", "--bank", aru.house.url, "--phone", aru.phone)
    options = ("--bank", aru.house.url, "--recovery", str(spare))
    assert f"key of {wallet} is here" in new.must("wallet", "recover", "found", *options)
    assert "(key_revoked" in aru.run("pay", beket.create(), "1").output
    assert new.asked("pay", beket.asked("wallet", "list")["wallets"][0]["id"], "1")["ok"]
    assert new.run("wallet", "recover", "found", *options).exit_code == 1


def test_what_recovers_nothing(aru: Terminal, beket: Terminal, tmp_path: Path) -> None:
    spare, other = tmp_path / "spare.pem", tmp_path / "other.pem"
    bank = ("--bank", aru.house.url)
    aru.create("mine", "--recovery", str(spare), money=50_00)
    assert aru.run("wallet", "create", "b", *bank, "--recovery", str(spare)).exit_code == 1
    beket.create("theirs", "--recovery", str(other))
    wrong = aru.run("wallet", "recover", "found", *bank, "--recovery", str(other))
    assert wrong.exit_code == 1
    assert wrong.output.startswith("kerege: ")
    missing = aru.run("wallet", "recover", "x", *bank, "--recovery", str(tmp_path / "none"))
    assert missing.exit_code == 2
    assert aru.asked("wallet", "balance", "--wallet", "mine")["balances"][0]["balance"] == 50_00
