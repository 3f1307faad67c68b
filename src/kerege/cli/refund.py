# SPDX-License-Identifier: Apache-2.0
"""`kerege refund`: pay back what a wallet received."""

from pathlib import Path

import click

from kerege.cli.language import speaking
from kerege.cli.purse import amount_of, asset_of, for_wallet, money, opened_purse, tell_answer
from kerege.cli.telling import Output, telling
from kerege.cli.usual import USUAL_ASSET
from kerege.cli.words import say

__all__ = ["refund"]


@click.command()
@click.argument("order")
@click.argument("amount")
@click.option(
    "--leg",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Which payee of the payment this wallet was, counted from 0.",
)
@click.option("--about", default="", help="The credit note because of which it goes back.")
@click.option("--asset", default=USUAL_ASSET, show_default=True)
@for_wallet
@speaking
@telling
def refund(
    order: str,
    amount: str,
    leg: int,
    about: str,
    asset: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Pay AMOUNT of the payment ORDER back to who made it.

    ORDER is the number of a payment, capture or pull, as `kerege statement` shows it. Never more
    goes back than came.
    """
    minor = amount_of(amount, asset_of(asset))
    with opened_purse(purse, language) as opened:
        answer = opened.wallet(wallet).refund(order, minor, leg=leg, about=about)
    tell_answer(output, answer, done=say(language, "refunded", amount=money(minor, asset)))
