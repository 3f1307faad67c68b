# SPDX-License-Identifier: Apache-2.0
"""People who use a running bank from a terminal; fixtures for conftest files."""

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kerege.cli import main
from kerege.runtime import SystemClock
from tests.banks import House, running_bank

__all__ = ["Terminal", "aru", "beket", "house", "sit_down"]

_NUMBERS = itertools.count()
"""Of telephones: the bank is shared by the tests."""


class Terminal:
    """A person with a purse of their own who types commands."""

    def __init__(self, house: House, folder: Path, phone: str) -> None:
        self.house, self.folder, self.phone = house, folder, phone
        self.environment = {"KEREGE_PURSE": str(folder), "KEREGE_LANGUAGE": "en"}

    def run(self, *arguments: str, typed: str = "", **environment: str) -> Result:
        """What `kerege arguments...` does; a stack trace fails the test."""
        result = CliRunner().invoke(
            main, list(arguments), input=typed, env=self.environment | environment
        )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def must(self, *arguments: str, **more: Any) -> str:
        """The output of a command that has to succeed."""
        result = self.run(*arguments, **more)
        assert result.exit_code == 0, result.output
        return result.output

    def asked(self, *arguments: str) -> Any:
        """What a command tells a program."""
        return json.loads(self.must(*arguments, "--json"))

    def join(self) -> "Terminal":
        """Become a customer of the running bank."""
        self.must(
            "wallet", "join", "--bank", self.house.url, "--phone", self.phone, "--name", "Айгерім"
        )
        return self

    def create(self, name: str = "tea", *options: str, money: int = 0, **more: Any) -> str:
        """Make a wallet with money in it; returns its id."""
        self.must("wallet", "create", name, "--bank", self.house.url, *options, **more)
        (known,) = [w for w in self.asked("wallet", "list")["wallets"] if w["name"] == name]
        if money:
            own = self.house.own
            assert self.house.country.send(own, own.pay(known["id"], money)).accepted
        return str(known["id"])

    def balance(self) -> int:
        """Minor units in the only wallet."""
        return sum(each["balance"] for each in self.asked("wallet", "balance")["balances"])


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A bank over real sockets, at this machine's time."""
    start_us = SystemClock().now_us()
    folder = tmp_path_factory.mktemp("bank")
    with running_bank(folder, start_us=start_us) as made:
        yield made


@pytest.fixture
def sit_down(house: House, tmp_path: Path) -> Callable[[str], Terminal]:
    """Somebody new at a terminal, by name: a customer, signed in, without a wallet."""

    def sit(name: str) -> Terminal:
        return Terminal(house, tmp_path / name, f"+7702555{next(_NUMBERS):04}").join()

    return sit


@pytest.fixture
def aru(sit_down: Callable[[str], Terminal]) -> Terminal:
    """A customer at a terminal."""
    return sit_down("aru")


@pytest.fixture
def beket(sit_down: Callable[[str], Terminal]) -> Terminal:
    """Another."""
    return sit_down("beket")
