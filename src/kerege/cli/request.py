# SPDX-License-Identifier: Apache-2.0
"""`kerege request`: ask to be paid, with a code to show."""

from pathlib import Path

import click
import msgspec

from kerege.cli.language import speaking
from kerege.cli.purse import amount_of, asset_of, for_wallet, money, opened_purse
from kerege.cli.telling import Output, telling
from kerege.cli.usual import USUAL_ASSET

__all__ = ["request"]

_HOUR_S = 3600


@click.command()
@click.argument("amount")
@click.option("--asset", default=USUAL_ASSET, show_default=True)
@click.option("--note", default="", help="For your own eyes.")
@click.option("--parts", is_flag=True, help="Several people may each pay some of it.")
@click.option("--hours", type=click.IntRange(1, 9600), default=24, show_default=True)
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Draw the code here.")
@for_wallet
@speaking
@telling
def request(
    amount: str,
    asset: str,
    note: str,
    parts: bool,
    hours: int,
    svg: Path | None,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Ask for AMOUNT; prints the payload of a QR code that others can pay."""
    minor = amount_of(amount, asset_of(asset))
    with opened_purse(purse, language) as opened:
        asked = opened.wallet(wallet).request(
            minor, asset=asset, seconds=hours * _HOUR_S, parts=parts, note=note
        )
    if svg is not None and asked.qr:
        from kerege.qr import parse, svg_image

        svg.write_text(svg_image(parse(asked.qr)), encoding="utf-8")
    output.done(
        f"{asked.id} asks for {money(minor, asset)}:\n{asked.qr}", **msgspec.to_builtins(asked)
    )
