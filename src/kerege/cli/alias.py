# SPDX-License-Identifier: Apache-2.0
"""`kerege alias`: names that lead to a wallet, one's own and others'."""

from pathlib import Path

import click
import msgspec

from kerege.cli.language import speaking
from kerege.cli.purse import for_wallet, opened_purse
from kerege.cli.telling import Output, telling
from kerege.cli.words import say
from kerege.wallet.names import Names

__all__ = ["alias"]


@click.group()
def alias() -> None:
    """What people know you by: a telephone number, a tax number, a nickname."""


@alias.command()
@click.argument("name")
@for_wallet
@speaking
@telling
def claim(name: str, purse: Path, wallet: str, language: str, output: Output) -> None:
    """Let NAME lead to this wallet: your telephone, your tax number, or a nickname like @aru."""
    with opened_purse(purse, language) as opened:
        known = opened.purse.find(wallet)
        found = Names(opened.bank(known.bank)).claim(name, known.id)
    done = say(language, "alias.claimed", alias=found.alias, wallet=found.wallet)
    output.done(done, **msgspec.to_builtins(found))


@alias.command()
@click.argument("name")
@for_wallet
@speaking
@telling
def drop(name: str, purse: Path, wallet: str, language: str, output: Output) -> None:
    """Give NAME up; others may claim it then."""
    with opened_purse(purse, language) as opened:
        Names(opened.line_of(wallet)).release(name)
    output.done(say(language, "alias.dropped"), alias=name)


@alias.command(name="list")
@for_wallet
@speaking
@telling
def list_aliases(purse: Path, wallet: str, language: str, output: Output) -> None:
    """Your aliases at the bank of this wallet."""
    with opened_purse(purse, language) as opened:
        found = Names(opened.line_of(wallet)).listed()
    lines = [f"{one.alias}  {one.wallet}  {one.state}" for one in found]
    text = "\n".join(lines) or say(language, "alias.none")
    output.done(text, aliases=msgspec.to_builtins(found))


@alias.command()
@click.argument("name")
@for_wallet
@speaking
@telling
def resolve(name: str, purse: Path, wallet: str, language: str, output: Output) -> None:
    """Whom NAME leads to: an alias, a wallet id, the payload of a QR code."""
    with opened_purse(purse, language) as opened:
        found = opened.wallet(wallet).payee(name)
    shown = found.name or say(language, "alias.nameless")
    done = say(language, "alias.leads", name=shown, wallet=found.wallet, bank=found.bank)
    output.done(done, **msgspec.to_builtins(found))


@alias.command()
@click.argument("what", type=click.Choice(["masked", "nothing"]))
@for_wallet
@speaking
@telling
def show(what: str, purse: Path, wallet: str, language: str, output: Output) -> None:
    """Choose what payers see of your name: its first letters, or nothing."""
    with opened_purse(purse, language) as opened:
        Names(opened.line_of(wallet)).show("masked" if what == "masked" else "nothing")
    output.done(say(language, f"alias.{what}"), shows=what)
