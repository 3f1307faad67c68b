# SPDX-License-Identifier: Apache-2.0
"""`kerege wallet` against a running bank."""

from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from kerege.cli.wallet import _code_of
from kerege.runtime import SystemClock
from kerege.wallet import MemoryBank, Purse
from tests.banks import House
from tests.serving import reply, serve_answers
from tests.terminals import Terminal


def test_joining_signs_in(aru: Terminal) -> None:
    assert aru.asked("wallet", "list")["wallets"] == []
    told = aru.run("wallet", "balance")
    assert told.exit_code == 1
    assert "there is no wallet here yet" in told.output


def test_a_wallet_is_made_once(aru: Terminal) -> None:
    wallet = aru.create("tea", money=12_50)
    assert f"tea  {wallet}  {aru.house.url}\n" == aru.must("wallet", "list")
    assert "tea: KZT 12.50" in aru.must("wallet", "balance")
    again = aru.run("wallet", "create", "tea", "--bank", aru.house.url)
    assert again.exit_code == 1
    assert "there is a wallet 'tea' already" in again.output
    assert len(aru.asked("wallet", "list")["wallets"]) == 1


def test_a_wallet_begun_is_brought_to_its_end(aru: Terminal) -> None:
    bank = MemoryBank("not asked")
    with Purse(aru.folder, lambda _: bank.line("aru"), clock=SystemClock()) as purse:
        begun = purse.create("tea", bank=aru.house.url).id
    assert "(not open yet)" in aru.must("wallet", "list")
    assert aru.create("tea") == begun
    assert "(not open yet)" not in aru.must("wallet", "list")


@pytest.mark.parametrize("algorithm", ["ed25519", "es256"])
def test_a_sealed_key_needs_its_passphrase(aru: Terminal, algorithm: str) -> None:
    typed = "horse battery\nhorse battery\n"
    aru.create("tea", "--sealed", "--key", algorithm, money=9_00, typed=typed)
    wrong = aru.run("wallet", "defund", "1", KEREGE_PASSPHRASE="horse")
    assert wrong.exit_code == 1
    assert aru.balance() == 9_00
    aru.must("wallet", "defund", "1", KEREGE_PASSPHRASE="horse battery")
    aru.must("wallet", "defund", "1", typed="horse battery\n")
    assert aru.balance() == 7_00


def test_money_goes_to_the_deposit_and_back(aru: Terminal) -> None:
    aru.create(money=20_00)
    assert "KZT 8.00 to the deposit." in aru.must("wallet", "defund", "8")
    aru.house.read_core()
    assert "deposit: KZT 8.00" in aru.must("wallet", "balance")
    assert "KZT 3.00 from the deposit to tea." in aru.must("wallet", "fund", "3")
    assert aru.balance() == 15_00
    refused = aru.run("wallet", "fund", "5.01")
    assert refused.exit_code == 1
    assert "deposit_short" in refused.output
    assert aru.balance() == 15_00


def test_what_happened_is_watched_once(aru: Terminal) -> None:
    aru.create(money=20_00)
    aru.must("wallet", "defund", "1")
    aru.house.read_core()
    first = aru.asked("wallet", "watch")["notices"]
    assert first
    assert aru.asked("wallet", "watch")["notices"] == []
    aru.must("wallet", "defund", "1")
    aru.house.read_core()
    told = aru.must("wallet", "watch")
    assert all(int(line.split()[0]) > first[-1]["id"] for line in told.splitlines())
    assert told


def test_nothing_is_unanswered(aru: Terminal) -> None:
    aru.create(money=20_00)
    assert aru.must("wallet", "resume") == "Nothing is unanswered.\n"


def test_signed_out_and_in_again(aru: Terminal) -> None:
    aru.create()
    aru.must("wallet", "logout", "--bank", aru.house.url)
    ended = aru.run("wallet", "balance")
    assert ended.exit_code == 1
    assert "kerege wallet login" in ended.output
    told = aru.must("wallet", "login", "--bank", aru.house.url, "--phone", aru.phone)
    assert "Signed in at altyn-bank as Айгерім." in told
    assert aru.balance() == 0


def test_a_wrong_code_is_not_taken(aru: Terminal) -> None:
    told = aru.run("wallet", "login", "--bank", aru.house.url, "--phone", aru.phone, "--code", "12")
    assert told.exit_code == 1
    assert "ask for another code" in told.output


def test_a_number_is_a_customer_once(aru: Terminal, house: House, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="kerege:"):
        Terminal(house, tmp_path / "thief", aru.phone).join()


@pytest.mark.parametrize("bank", ["http://127.0.0.1:1", "http://[", "bank", "ftp://x", ""])
def test_where_no_bank_is(sit_down: Callable[[str], Terminal], bank: str) -> None:
    aru = sit_down("aru")
    for command in ("login", "join --name A"):
        told = aru.run("wallet", *command.split(), "--bank", bank, "--phone", "+77015550001")
        assert told.exit_code in (1, 2)
        assert "Traceback" not in told.output


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"code":1}', b"\xff", b"[]"])
def test_what_is_no_code_is_typed(body: bytes) -> None:
    """A page for every address is what many servers have; the person is asked then."""
    with serve_answers(lambda handler: reply(handler, body)) as bank:
        asked = CliRunner().invoke(
            click.command()(lambda: click.echo(_code_of(bank, "+7", ""))), input="12\n"
        )
    assert asked.output.splitlines()[-1].endswith("12")
    assert asked.exit_code == 0
