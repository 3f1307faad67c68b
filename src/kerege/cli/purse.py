# SPDX-License-Identifier: Apache-2.0
"""What the commands of wallets share: which purse, which wallet, which bank, what was answered."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from kerege.cli.amounts import amount_told
from kerege.cli.lazy import EXIT_ERROR
from kerege.cli.telling import Output
from kerege.errors import KeregeError
from kerege.money import ISO4217, PLAIN, Asset, AssetError, parse_amount
from kerege.runtime import SystemClock
from kerege.wallet import HttpBank, Purse, Session, Wallet
from kerege.wallet.wire import Answer

__all__ = [
    "OpenPurse",
    "amount_of",
    "asset_of",
    "for_wallet",
    "in_purse",
    "money",
    "opened_purse",
    "tell_answer",
]

_VARIABLE: Final = "KEREGE_PASSPHRASE"
_LOCK: Final = "session.lock"


def in_purse(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--purse`; the command gets `purse`, a folder."""
    return click.option(
        "--purse",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("~/.kerege/purse"),
        envvar="KEREGE_PURSE",
        show_default=True,
        show_envvar=True,
        help="The folder of your wallets.",
    )(command)


def for_wallet(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--purse` and `--wallet`; the command gets `purse` and `wallet`, a name or ''."""
    return in_purse(
        click.option(
            "--wallet",
            default="",
            envvar="KEREGE_WALLET",
            show_envvar=True,
            help="Which wallet, by name or id; not needed if there is only one.",
        )(command)
    )


class OpenPurse:
    """A purse with lines to its wallets' banks."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder = folder.expanduser()
        self.language = language
        self.clock = SystemClock()
        self._banks: dict[str, HttpBank] = {}
        self.purse = Purse(self.folder, self.bank, clock=self.clock)

    def bank(self, url: str) -> HttpBank:
        """The line to a bank; the same for the same address."""
        if url not in self._banks:
            session = self.session(url)
            self._banks[url] = HttpBank(url, session, language=self.language)
        return self._banks[url]

    def session(self, url: str) -> Session:
        """The session at a bank."""
        lock = self.folder / _LOCK
        return Session(self.purse.store, url, clock=self.clock, lock=lock)

    def wallet(self, name: str) -> Wallet:
        """A wallet with its key; asks for the passphrase of a sealed one."""
        known = self.purse.find(name)
        return self.purse.open(
            known.name, passphrase=_passphrase(known.name) if known.sealed else None
        )

    def line_of(self, name: str) -> HttpBank:
        """The line to a wallet's bank."""
        return self.bank(self.purse.find(name).bank)

    def close(self) -> None:
        """Let go of file and connections."""
        for bank in self._banks.values():
            bank.close()
        self.purse.close()


@contextmanager
def opened_purse(folder: Path, language: str) -> Iterator[OpenPurse]:
    """A purse for one command."""
    purse = OpenPurse(folder, language)
    try:
        yield purse
    finally:
        purse.close()


def asset_of(code: str) -> Asset:
    """The asset of a code. Raises `KeregeError`."""
    try:
        return ISO4217.by_code(code)
    except AssetError as fault:
        raise KeregeError(fault.message, place="--asset", remedy=fault.remedy) from fault


def amount_of(text: str, asset: Asset) -> int:
    """Minor units of an amount like 450 or 450.50. Raises `MoneyTextError`, `KeregeError`."""
    amount = parse_amount(text, asset, PLAIN)
    if amount.minor <= 0:
        raise KeregeError("an amount is more than nothing", place=text)
    return amount.minor


def money(minor: int, code: str) -> str:
    """An amount to read; in minor units where the asset's scale is not known here."""
    try:
        return amount_told(minor, ISO4217.by_code(code))
    except AssetError:
        return f"{code} {minor} minor units"


def tell_answer(output: Output, answer: Answer, *, done: str) -> None:
    """Tell what became of an order; exit code 1 unless it was accepted."""
    values = msgspec.to_builtins(answer)
    if answer.verdict.accepted:
        output.done(f"{done}\n  {answer.verdict.order}", **values)
        return
    words = answer.text or answer.verdict.code
    if output.as_json:
        click.echo(msgspec.json.encode({"ok": False, **values}).decode())
    else:
        found = (answer.verdict.code, answer.verdict.rule, answer.verdict.order)
        click.echo(f"kerege: {words}\n  ({', '.join(filter(None, found))})", err=True)
    sys.exit(EXIT_ERROR)


def _passphrase(name: str) -> str:
    given = os.environ.get(_VARIABLE)
    if given is not None:
        return given
    return str(click.prompt(f"Passphrase of {name}", hide_input=True, err=True))
