# SPDX-License-Identifier: Apache-2.0
"""`kerege shops`: the shops of a sandbox country and the codes they show."""

from pathlib import Path
from typing import Final

import click

from kerege.cli.country import in_folder
from kerege.cli.language import speaking
from kerege.cli.purse import amount_of
from kerege.cli.telling import Output, telling
from kerege.errors import KeregeError
from kerege.money import ISO4217
from kerege.qr import svg_image, text_image
from kerege.sandbox.country import Country
from kerege.sandbox.shop_codes import ShopCode, shop_codes
from kerege.sandbox.words import say

__all__ = ["shops"]

_MOST_LISTED: Final = 500
"""Shops told at once: five thousand people have some four hundred."""


@click.command()
@click.argument("shop", required=False)
@click.option("--amount", default="", help="A price in the code; else the payer names it.")
@click.option(
    "--svg",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a picture of each code into this folder.",
)
@click.option("--payload", is_flag=True, help="Print what the code says instead of drawing it.")
@in_folder
@speaking
@telling
def shops(
    shop: str | None,
    amount: str,
    svg: Path | None,
    payload: bool,
    folder: Path,
    language: str,
    output: Output,
) -> None:
    """List the shops of a country, or show the QR code that SHOP has at its till.

    SHOP is a shop's name in the list, like firm-0003. `kerege pay --qr` pays the code, or its
    picture.
    """
    country = Country.find(folder)
    asset = ISO4217.by_code(country.profile.money.asset)
    minor = amount_of(amount, asset) if amount else 0
    found = shop_codes(country, amount_minor=minor)[:_MOST_LISTED]
    chosen = [_chosen(found, shop)] if shop else found
    if svg is not None:
        svg.mkdir(parents=True, exist_ok=True)
        for one in chosen:
            (svg / f"{one.key}.svg").write_text(svg_image(one.code), encoding="utf-8")
    told = [_told(one) for one in chosen]
    if shop and payload:
        output.done(chosen[0].code.write(), shops=told)
    elif shop:
        words = say(language, "shops.scan", name=chosen[0].name, bank=chosen[0].bank)
        output.done(f"{text_image(chosen[0].code)}\n{words}", shops=told)
    else:
        lines = [f"{one.key}  {one.bank}  {one.category}  {one.name}" for one in chosen]
        output.done("\n".join(lines), shops=told)


def _chosen(found: list[ShopCode], name: str) -> ShopCode:
    for one in found:
        if name in (one.key, one.wallet):
            return one
    raise KeregeError("there is no such shop", place=name[:40], remedy="see `kerege shops`")


def _told(one: ShopCode) -> dict[str, str]:
    names = ("key", "name", "category", "bank", "wallet")
    return {**{name: getattr(one, name) for name in names}, "code": one.code.write()}
