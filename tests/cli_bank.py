# SPDX-License-Identifier: Apache-2.0
"""A running bank that commands are tried against, on the bank's clock."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kerege.cli import main
from tests.banks import House, running_bank

__all__ = ["Shell", "shell_at_bank"]


class Shell:
    """Runs `kerege` with one purse."""

    def __init__(self, house: House, purse: Path, phone: str) -> None:
        self.house = house
        self.purse = purse
        self.phone = phone

    def run(self, *words: str, json: bool = False) -> Result:
        """The command's result."""
        extra = ("--json",) if json else ()
        environment = {
            "KEREGE_PURSE": str(self.purse),
            "KEREGE_BANK": self.house.url,
            "KEREGE_LANGUAGE": "en",
        }
        return CliRunner().invoke(main, [*words, *extra], env=environment)

    def say(self, *words: str) -> str:
        """What it says when all is well."""
        result = self.run(*words)
        assert result.exit_code == 0, result.output
        return result.output

    def tell(self, *words: str) -> Any:
        """What it tells a program."""
        result = self.run(*words, json=True)
        return json.loads(result.output)

    def join(self, name: str = "Айгерім Нұрланова") -> "Shell":
        """Become a customer with a wallet called `tea`."""
        self.say("wallet", "join", "--phone", self.phone, "--name", name)
        self.say("wallet", "create", "tea")
        return self

    @property
    def wallet(self) -> str:
        """The id of the first wallet."""
        return str(self.tell("wallet", "list")["wallets"][0]["id"])

    def give(self, amount: int) -> None:
        """Money from the bank's own wallet, in minor units."""
        own = self.house.own
        assert self.house.country.send(own, own.pay(self.wallet, amount)).accepted


@contextmanager
def shell_at_bank(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """A shell of a new customer at a new bank."""
    with running_bank(folder) as house:
        for module in ("kerege.cli.purse", "kerege.cli.wallet"):
            patch.setattr(f"{module}.SystemClock", lambda: house.country.clock)
        yield Shell(house, folder / "purse", "+77015550001").join()
