# SPDX-License-Identifier: Apache-2.0
"""`kerege card`: wallets with keys at the bank, cards that pay from them, tills that take one."""

from pathlib import Path
from typing import Final

import click
import msgspec

from kerege.cli.language import speaking
from kerege.cli.purse import (
    amount_of,
    asset_of,
    for_wallet,
    in_purse,
    money,
    opened_purse,
    tell_answer,
)
from kerege.cli.telling import Output, telling
from kerege.cli.usual import USUAL_ASSET
from kerege.cli.words import say
from kerege.keys import encode_base64url
from kerege.runtime import SystemRandomness
from kerege.wallet import PayeeUnknown

__all__ = ["card"]

_SHOWN_S: Final = 120
"""How long a till waits for the card's bank; a request may end ten minutes ahead at most."""

_KEY_BYTES: Final = 24

_at_bank = click.option(
    "--bank", required=True, envvar="KEREGE_BANK", show_envvar=True, help="Address of the bank."
)
_once = click.option(
    "--once", default="", help="16 to 64 letters and digits: under the same, it happens once."
)


@click.group()
def card() -> None:
    """Pay without a device: the bank keeps the key, a card or your word is enough."""


@card.command(name="open")
@_at_bank
@click.option("--name", default="", help="What you call the wallet.")
@click.option("--child", default="", help="The child it is for (its customer's id).")
@click.option("--asset", "assets", multiple=True, default=(USUAL_ASSET,), show_default=True)
@click.option("--region", default="", help="Where its owner lives: programmes may ask.")
@_once
@in_purse
@speaking
@telling
def open_wallet(
    bank: str,
    name: str,
    child: str,
    assets: tuple[str, ...],
    region: str,
    once: str,
    purse: Path,
    language: str,
    output: Output,
) -> None:
    """Open a wallet whose key the bank keeps."""
    with opened_purse(purse, language) as opened:
        answer = opened.bank(bank).open_in_custody(
            assets, key=once or _new_key(), name=name, owner=child, region=region
        )
    tell_answer(output, answer, done=say(language, "card.opened", wallet=answer.wallet))


@card.command()
@click.argument("wallet")
@click.argument("to")
@click.argument("amount")
@click.option("--asset", default=USUAL_ASSET, show_default=True)
@_once
@_at_bank
@in_purse
@speaking
@telling
def pay(
    wallet: str,
    to: str,
    amount: str,
    asset: str,
    once: str,
    bank: str,
    purse: Path,
    language: str,
    output: Output,
) -> None:
    """Have the bank pay AMOUNT from WALLET, whose key it keeps, to TO: an alias or a wallet id.

    Should the line break, give --once the same value again: nothing is paid twice.
    """
    minor = amount_of(amount, asset_of(asset))
    with opened_purse(purse, language) as opened:
        line = opened.bank(bank)
        payee = line.resolve(to)
        if not payee.wallet:
            raise PayeeUnknown(payee.text or "nobody here has this name")
        answer = line.pay_from_custody(
            wallet, payee.wallet, minor, asset=asset, key=once or _new_key()
        )
    whom = payee.name or payee.wallet
    tell_answer(output, answer, done=say(language, "paid", amount=money(minor, asset), whom=whom))


@card.command()
@click.argument("token")
@click.argument("wallet")
@_at_bank
@in_purse
@speaking
@telling
def bind(token: str, wallet: str, bank: str, purse: Path, language: str, output: Output) -> None:
    """Let the card TOKEN pay from WALLET, whose key the bank keeps.

    TOKEN is what a terminal reads, with the scheme's name before a number: transit-96431080012345.
    """
    with opened_purse(purse, language) as opened:
        found = opened.bank(bank).bind_card(token, wallet)
    done = say(language, "card.bound", **msgspec.to_builtins(found))
    output.done(done, **msgspec.to_builtins(found))


@card.command(name="list")
@_at_bank
@in_purse
@speaking
@telling
def list_cards(bank: str, purse: Path, language: str, output: Output) -> None:
    """Your cards, and those of children you answer for."""
    with opened_purse(purse, language) as opened:
        found = opened.bank(bank).cards()
    lines = [say(language, "card.line", **msgspec.to_builtins(one)) for one in found]
    text = "\n".join(lines) or say(language, "card.none")
    output.done(text, cards=msgspec.to_builtins(found))


@card.command()
@click.argument("card")
@_at_bank
@in_purse
@speaking
@telling
def block(card: str, bank: str, purse: Path, language: str, output: Output) -> None:
    """Block a card that is lost, at once. CARD is its name in `kerege card list`."""
    _set(card, bank, purse, language, output, blocked=True)


@card.command()
@click.argument("card")
@_at_bank
@in_purse
@speaking
@telling
def unblock(card: str, bank: str, purse: Path, language: str, output: Output) -> None:
    """Let a card pay again."""
    _set(card, bank, purse, language, output, blocked=False)


@card.command()
@click.argument("card")
@_at_bank
@in_purse
@speaking
@telling
def drop(card: str, bank: str, purse: Path, language: str, output: Output) -> None:
    """Give a card up; others may bind it then."""
    with opened_purse(purse, language) as opened:
        opened.bank(bank).drop_card(card)
    output.done(say(language, "card.dropped"), card=card)


@card.command()
@click.argument("token")
@click.argument("amount")
@click.option("--asset", default=USUAL_ASSET, show_default=True)
@for_wallet
@speaking
@telling
def charge(
    token: str,
    amount: str,
    asset: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """As a shop, be paid AMOUNT by the card TOKEN that is shown to you now."""
    minor = amount_of(amount, asset_of(asset))
    with opened_purse(purse, language) as opened:
        request = opened.wallet(wallet).sign_request(minor, asset=asset, seconds=_SHOWN_S)
        answer = opened.line_of(wallet).charge_card(token, request)
    tell_answer(output, answer, done=say(language, "card.charged", amount=money(minor, asset)))


def _set(
    card: str, bank: str, purse: Path, language: str, output: Output, *, blocked: bool
) -> None:
    with opened_purse(purse, language) as opened:
        found = opened.bank(bank).set_card(card, blocked=blocked)
    told = msgspec.to_builtins(found)
    output.done(say(language, f"card.{found.state}", **told), **told)


def _new_key() -> str:
    return encode_base64url(SystemRandomness().draw(_KEY_BYTES))
