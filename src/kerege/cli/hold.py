# SPDX-License-Identifier: Apache-2.0
"""`kerege hold`, `kerege capture`, `kerege release`: money set aside, taken, given back."""

from pathlib import Path
from typing import Final

import click

from kerege.cli.language import speaking
from kerege.cli.purse import amount_of, asset_of, for_wallet, money, opened_purse, tell_answer
from kerege.cli.telling import Output, telling
from kerege.cli.usual import USUAL_ASSET
from kerege.cli.words import say

__all__ = ["capture", "hold", "release"]

_HOUR_S: Final = 3600
_MOST_HOURS: Final = 24 * 365

_also = click.option("--also", multiple=True, help="A hold that raised this one; give all of them.")


@click.command()
@click.argument("to")
@click.argument("amount")
@click.option(
    "--hours",
    type=click.FloatRange(0.01, _MOST_HOURS),
    default=24.0,
    show_default=True,
    help="For how long; then it is yours again.",
)
@click.option("--decider", default="", help="A wallet that decides in the payee's stead.")
@click.option("--lock", default="", help="SHA-256 (base64url) of the secret that opens it.")
@click.option("--raises", default="", help="An earlier hold that this adds to.")
@click.option("--asset", default=USUAL_ASSET, show_default=True)
@for_wallet
@speaking
@telling
def hold(
    to: str,
    amount: str,
    hours: float,
    decider: str,
    lock: str,
    raises: str,
    asset: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Set AMOUNT aside for TO: a deposit at a hotel, a price that is not final.

    TO takes it with `kerege capture`, or gives it back with `kerege release`.
    """
    minor = amount_of(amount, asset_of(asset))
    with opened_purse(purse, language) as opened:
        mine = opened.wallet(wallet)
        payee = mine.payee(to)
        answer = mine.hold(
            payee.wallet,
            minor,
            asset=asset,
            seconds=max(1, int(hours * _HOUR_S)),
            decider=decider,
            lock=lock,
            raises=raises,
        )
    whom, told = payee.name or payee.wallet, money(minor, asset)
    order = answer.verdict.order
    tell_answer(output, answer, done=say(language, "held", whom=whom, amount=told, order=order))


@click.command()
@click.argument("hold")
@click.argument("amount")
@_also
@click.option("--keep", is_flag=True, help="Leave the rest set aside.")
@click.option("--preimage", default="", help="The secret that opens a lock (base64url).")
@click.option("--asset", default=USUAL_ASSET, show_default=True)
@for_wallet
@speaking
@telling
def capture(
    hold: str,
    amount: str,
    also: tuple[str, ...],
    keep: bool,
    preimage: str,
    asset: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Take AMOUNT of what was set aside for you under HOLD; the rest goes back to the payer."""
    minor = amount_of(amount, asset_of(asset))
    with opened_purse(purse, language) as opened:
        answer = opened.wallet(wallet).capture((hold, *also), minor, keep=keep, preimage=preimage)
    tell_answer(output, answer, done=say(language, "captured", amount=money(minor, asset)))


@click.command()
@click.argument("hold")
@_also
@for_wallet
@speaking
@telling
def release(
    hold: str,
    also: tuple[str, ...],
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Give what was set aside for you under HOLD back to its payer."""
    with opened_purse(purse, language) as opened:
        answer = opened.wallet(wallet).release((hold, *also))
    tell_answer(output, answer, done=say(language, "released"))
