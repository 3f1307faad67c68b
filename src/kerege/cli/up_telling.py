# SPDX-License-Identifier: Apache-2.0
"""What `kerege up` says while a country comes up, lives and ends."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import click
from msgspec import to_builtins
from rich.console import Console

from kerege.cli.country import command_line
from kerege.cli.telling import Output
from kerege.money import ISO4217, Amount
from kerege.sandbox.country import Country
from kerege.sandbox.living import Living, read_living
from kerege.sandbox.run_file import RunState
from kerege.sandbox.words import amount_text, say

__all__ = ["Teller"]

_TELL_EVERY_S: Final = 1.0


class Teller:
    """Speaks of one country to a person, or once as JSON to a program."""

    def __init__(self, country: Country, language: str, output: Output) -> None:
        self._country = country
        self._language = language
        self._output = output
        self._screen = Console(stderr=True)

    def begun(self, *, again: bool) -> None:
        """Say which country it is."""
        profile = self._country.profile
        self._say(
            "up.found" if again else "up.made",
            country=profile.text(profile.name, self._language),
            money=profile.text(profile.money.name, self._language),
            asset=profile.money.asset,
            folder=self._country.folder,
        )

    @contextmanager
    def steps(self) -> Iterator[Callable[[str], None]]:
        """A function that shows the step under way to a person who watches."""
        if self._output.as_json or not self._screen.is_terminal:
            yield lambda _step: None
            return
        with self._screen.status("") as status:
            yield lambda step: status.update(say(self._language, f"up.step.{step}"))

    def opened(self, living: Living, state: RunState, *, again: bool) -> None:
        """Say where everything is and what to do next."""
        if self._output.as_json:
            self._output.done("", **to_builtins(state), first_payment=self._first(living))
            return
        self._where(state)
        seconds = f"{state.open_s:.1f}"
        if again:
            self._say("up.again", seconds=seconds)
        else:
            self._say("up.first_payment", seconds=seconds, **self._first(living))
        self._next()

    def live(self) -> None:
        """Show how people are doing, to a person who watches, until interrupted."""
        if self._output.as_json or not self._screen.is_terminal:
            while True:
                time.sleep(_TELL_EVERY_S)
        with self._screen.status("") as status:
            while True:
                living = read_living(self._country.people)
                status.update(
                    say(
                        self._language,
                        "up.living",
                        joined=living.joined,
                        people=living.people,
                        payments=living.payments,
                        refused=living.refused,
                    )
                )
                time.sleep(_TELL_EVERY_S)

    def ending(self) -> None:
        """Say that it ends."""
        self._say("up.ending")

    def ended(self) -> None:
        """Say that it has ended."""
        self._say("up.ended", command=command_line("up", self._country.folder))

    def detached(self) -> None:
        """Say how it is ended."""
        self._say("up.detached", command=command_line("down", self._country.folder))

    def _where(self, state: RunState) -> None:
        profile = self._country.profile
        names = {one.id: profile.text(one.name, self._language) for one in profile.institutions}
        names["core"] = profile.text(profile.central_bank.name, self._language)
        width = max(len(name) for name in names.values()) + 2
        click.echo()
        for process in state.processes:
            if process.name in names:
                click.echo(f"   {names[process.name]:<{width}}{process.url}")
        click.echo()

    def _next(self) -> None:
        folder = self._country.folder
        click.echo()
        self._say("up.next")
        for name in ("status", "supply", "load"):
            line = command_line(name, folder) + (
                " --rate 200 --seconds 10" if name == "load" else ""
            )
            click.echo(f"   {line:<44} {say(self._language, f'up.next.{name}')}")
        click.echo()
        self._say("up.end", command=command_line("up", folder))

    def _first(self, living: Living) -> dict[str, str]:
        asset = ISO4217.by_code(self._country.profile.money.asset)
        return {
            "payer": living.first_payer,
            "payee": living.first_payee,
            "amount": amount_text(self._language, Amount(living.first_minor, asset)),
        }

    def _say(self, key: str, **figures: object) -> None:
        if not self._output.as_json:
            click.echo(say(self._language, key, **figures))
