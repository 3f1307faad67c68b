# SPDX-License-Identifier: Apache-2.0
"""`kerege wallet`: join, sign in, make wallets, move money to and from the deposit."""

from tests.cli_bank import Shell


def test_what_is_in_a_wallet(shell: Shell, shop: Shell) -> None:
    assert "tea: KZT " in shell.say("wallet", "balance")
    told = shop.tell("wallet", "balance")
    assert told["ok"] is True
    assert told["balances"][0]["asset"] == "KZT"


def test_wallets_are_listed(shop: Shell) -> None:
    assert shop.say("wallet", "list").startswith("tea  wal_")


def test_a_second_wallet_must_be_named(shop: Shell) -> None:
    shop.say("wallet", "create", "till", "--key", "es256")
    result = shop.run("wallet", "balance")
    assert result.exit_code == 1
    assert "say which: tea, till" in result.output
    assert "till: KZT 0.00" in shop.say("wallet", "balance", "--wallet", "till")


def test_a_name_is_used_once(shell: Shell) -> None:
    result = shell.run("wallet", "create", "tea")
    assert result.exit_code == 1
    assert "there is a wallet 'tea' already" in result.output


def test_signing_out_and_in_again(shell: Shell) -> None:
    shell.say("wallet", "logout")
    result = shell.run("wallet", "balance")
    assert result.exit_code == 1
    assert "kerege wallet login" in result.output
    assert "Signed in at altyn-bank" in shell.say("wallet", "login", "--phone", shell.phone)
    shell.say("wallet", "balance")


def test_a_wrong_code_is_told(shell: Shell) -> None:
    result = shell.run("wallet", "login", "--phone", shell.phone, "--code", "000000")
    assert result.exit_code == 1
    assert "code wrong" in result.output
    shell.say("wallet", "login", "--phone", shell.phone)


def test_a_telephone_that_has_a_customer(shell: Shell) -> None:
    shell.house.country.clock.advance_us(3_600_000_000)  # codes to a telephone are few
    result = shell.run("wallet", "join", "--phone", shell.phone, "--name", "Дина")
    assert result.exit_code == 1
    assert "There is a customer with this telephone" in result.output


def test_deposit_to_wallet_and_back(shop: Shell) -> None:
    customer = shop.house.parts.customers.find_by_phone(shop.phone)
    assert customer is not None
    assert shop.house.parts.desk.deposits.pay_in("salary", customer.id, "KZT", 50_00).accepted
    assert "from the deposit" in shop.say("wallet", "fund", "20", "--wallet", "tea")
    assert "to the deposit" in shop.say("wallet", "defund", "5.50", "--wallet", "tea")
    short = shop.run("wallet", "fund", "1000", "--wallet", "tea")
    assert short.exit_code == 1
    assert "deposit_short" in short.output


def test_nothing_is_unanswered(shell: Shell) -> None:
    assert shell.say("wallet", "resume") == "Nothing is unanswered.\n"


def test_what_happened_is_told_once(shell: Shell) -> None:
    first = shell.tell("wallet", "watch", "--seconds", "1")["notices"]
    assert first
    assert shell.tell("wallet", "watch", "--seconds", "1")["notices"] == []


def test_a_bank_that_is_not_there(shell: Shell) -> None:
    result = shell.run("wallet", "login", "--phone", shell.phone, "--bank", "http://127.0.0.1:1")
    assert result.exit_code == 1
    assert "the bank does not answer" in result.output
