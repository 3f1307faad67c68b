# SPDX-License-Identifier: Apache-2.0
"""`kerege mandate`: let somebody take money, take it, end it."""

from pathlib import Path
from typing import Final

import click
import msgspec

from kerege.cli.language import speaking
from kerege.cli.purse import amount_of, asset_of, for_wallet, money, opened_purse, tell_answer
from kerege.cli.telling import Output, telling
from kerege.cli.usual import USUAL_ASSET
from kerege.cli.words import say
from kerege.wallet.mandates import GrantedMandate, granted_mandates

__all__ = ["mandate"]

_DAY_S: Final = 24 * 3600
_HOUR_S: Final = 3600
_US: Final = 1_000_000
_MOST_DAYS: Final = 3650


@click.group()
def mandate() -> None:
    """Leave for somebody to take money from your wallet, within bounds, until you end it."""


@mandate.command()
@click.argument("to")
@click.option("--each", required=True, help="The most at once.")
@click.option("--total", required=True, help="The most in all, or in every --days.")
@click.option(
    "--days",
    type=click.IntRange(0, _MOST_DAYS),
    default=0,
    show_default=True,
    help="In any so many days TOTAL may be taken; 0: once and for all.",
)
@click.option(
    "--ends-in", type=click.IntRange(0, _MOST_DAYS), default=0, help="Days; 0: when you cancel it."
)
@click.option("--holds", is_flag=True, help="It may also be set aside.")
@click.option("--asset", default=USUAL_ASSET, show_default=True)
@for_wallet
@speaking
@telling
def make(
    to: str,
    each: str,
    total: str,
    days: int,
    ends_in: int,
    holds: bool,
    asset: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Let TO take money from this wallet."""
    counted = asset_of(asset)
    at_once, in_all = amount_of(each, counted), amount_of(total, counted)
    with opened_purse(purse, language) as opened:
        mine = opened.wallet(wallet)
        payee = mine.payee(to)
        answer = mine.mandate(
            payee.wallet,
            asset=asset,
            each=at_once,
            total=in_all,
            window_s=days * _DAY_S,
            ends_us=opened.clock.now_us() + ends_in * _DAY_S * _US if ends_in else 0,
            holds=holds,
        )
    done = say(
        language,
        "mandate.made",
        whom=payee.name or payee.wallet,
        each=money(at_once, asset),
        total=money(in_all, asset),
        order=answer.verdict.order,
    )
    tell_answer(output, answer, done=done)


@mandate.command()
@click.argument("order")
@click.argument("amount")
@click.option(
    "--hold-hours",
    type=click.FloatRange(0),
    default=0.0,
    help="Set it aside for so long instead of taking it.",
)
@click.option("--asset", default=USUAL_ASSET, show_default=True)
@for_wallet
@speaking
@telling
def pull(
    order: str,
    amount: str,
    hold_hours: float,
    asset: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Take AMOUNT under the mandate ORDER that was granted to this wallet."""
    minor, seconds = amount_of(amount, asset_of(asset)), int(hold_hours * _HOUR_S)
    with opened_purse(purse, language) as opened:
        answer = opened.wallet(wallet).pull(order, minor, hold_s=seconds)
    key = "mandate.held" if seconds else "mandate.pulled"
    told = money(minor, asset)
    done = say(language, key, amount=told, order=answer.verdict.order)
    tell_answer(output, answer, done=done)


@mandate.command()
@click.argument("order")
@for_wallet
@speaking
@telling
def cancel(order: str, purse: Path, wallet: str, language: str, output: Output) -> None:
    """End the mandate ORDER, from either side."""
    with opened_purse(purse, language) as opened:
        answer = opened.wallet(wallet).cancel_mandate(order)
    tell_answer(output, answer, done=say(language, "mandate.cancelled"))


@mandate.command(name="list")
@for_wallet
@speaking
@telling
def list_mandates(purse: Path, wallet: str, language: str, output: Output) -> None:
    """The mandates this wallet granted from here, and which have ended.

    That a payee gave one up is not seen here.
    """
    with opened_purse(purse, language) as opened:
        known = opened.purse.find(wallet)
        now_us = opened.clock.now_us()
        found = granted_mandates(opened.purse.store, known.id, now_us=now_us)
    lines = [_line(one, language) for one in found]
    told = [{**msgspec.to_builtins(one.document), "ended": one.ended} for one in found]
    output.done("\n".join(lines) or say(language, "mandate.none"), mandates=told)


def _line(one: GrantedMandate, language: str) -> str:
    granted = one.document
    return say(
        language,
        "mandate.line",
        order=granted.id,
        to=granted.to,
        each=money(granted.each, granted.asset),
        total=money(granted.total, granted.asset),
        state=say(language, "mandate.ended" if one.ended else "mandate.alive"),
    )
