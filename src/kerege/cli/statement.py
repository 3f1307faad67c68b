# SPDX-License-Identifier: Apache-2.0
"""`kerege statement`: what happened to a wallet, newest first."""

from pathlib import Path

import click
import msgspec

from kerege.cli.amounts import instant_told
from kerege.cli.language import speaking
from kerege.cli.purse import for_wallet, money, opened_purse
from kerege.cli.telling import Output, telling
from kerege.payments.holdings import Line
from kerege.wallet.wire import MAX_PAGE

__all__ = ["statement"]


@click.command()
@click.option("--asset", default="", help="Of which asset; the bank's first if not given.")
@click.option("--limit", type=click.IntRange(1, MAX_PAGE), default=20, show_default=True)
@click.option("--before", type=click.IntRange(0), default=0, help="Go on from an earlier page.")
@for_wallet
@speaking
@telling
def statement(
    asset: str,
    limit: int,
    before: int,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """What happened to a wallet, newest first."""
    with opened_purse(purse, language) as opened:
        known = opened.purse.find(wallet)
        page = opened.bank(known.bank).statement(known.id, asset=asset, before=before, limit=limit)
    lines = [_told(line) for line in page.lines]
    if page.next:
        lines.append(f"more: --before {page.next}")
    output.done("\n".join(lines) or "Nothing happened yet.", **msgspec.to_builtins(page))


def _told(line: Line) -> str:
    sign = "+" if line.change > 0 else ""
    held = f", {money(line.held, line.asset)} set aside" if line.held else ""
    whom = f"  {line.counterparty}" if line.counterparty else ""
    return (
        f"{instant_told(line.at_us)}  {sign}{money(line.change, line.asset)}{held}"
        f"  = {money(line.balance, line.asset)}{whom}  {line.order}"
    )
