# SPDX-License-Identifier: Apache-2.0
"""`kerege reward`: attest what somebody did, take a reward, stop one."""

from pathlib import Path

import click

from kerege.cli.language import speaking
from kerege.cli.purse import amount_of, asset_of, for_wallet, money, opened_purse, tell_answer
from kerege.cli.telling import Output, telling
from kerege.cli.usual import USUAL_ASSET
from kerege.cli.words import say
from kerege.errors import KeregeError
from kerege.wallet.rewards import Rewards, claim_of

__all__ = ["reward"]


@click.group()
def reward() -> None:
    """Rewards for what people did: attested by sources, stopped by an inspector."""


@reward.command()
@click.argument("programme")
@click.argument("to")
@click.argument("units", type=click.IntRange(1))
@click.option(
    "--deed", required=True, help="What was done, as the programme has it written; not sent."
)
@for_wallet
@speaking
@telling
def attest(
    programme: str,
    to: str,
    units: int,
    deed: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Attest UNITS that TO did, as a source of PROGRAMME. A deed is rewarded once."""
    if not deed.strip():
        # Of a script whose variable is empty: all such deeds would be one, and paid once.
        raise KeregeError("a deed says what was done", place="--deed")
    with opened_purse(purse, language) as opened:
        mine = Rewards(opened.wallet(wallet))
        answer = mine.attest(programme, to, units, claim=claim_of(deed))
    told = {"units": units, "whom": to, "order": answer.verdict.order}
    tell_answer(output, answer, done=say(language, "reward.attested", **told))


@reward.command()
@click.argument("reward")
@click.argument("amount")
@click.option("--asset", default=USUAL_ASSET, show_default=True)
@for_wallet
@speaking
@telling
def take(
    reward: str, amount: str, asset: str, purse: Path, wallet: str, language: str, output: Output
) -> None:
    """Take the AMOUNT of a REWARD that is yours, once it is free."""
    minor = amount_of(amount, asset_of(asset))
    with opened_purse(purse, language) as opened:
        answer = Rewards(opened.wallet(wallet)).take(reward, minor)
    tell_answer(output, answer, done=say(language, "reward.taken", amount=money(minor, asset)))


@reward.command()
@click.argument("reward")
@for_wallet
@speaking
@telling
def stop(reward: str, purse: Path, wallet: str, language: str, output: Output) -> None:
    """Send a suspicious REWARD back to its fund, as the inspector, while it waits."""
    with opened_purse(purse, language) as opened:
        answer = Rewards(opened.wallet(wallet)).stop(reward)
    tell_answer(output, answer, done=say(language, "reward.stopped"))
