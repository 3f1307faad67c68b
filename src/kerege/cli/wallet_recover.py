# SPDX-License-Identifier: Apache-2.0
"""`kerege wallet recover`: a new key for a wallet whose key is lost."""

from pathlib import Path

import click

from kerege.cli.language import speaking
from kerege.cli.purse import in_purse, opened_purse, tell_answer
from kerege.cli.telling import Output, telling
from kerege.cli.trusting import FILE
from kerege.cli.words import say
from kerege.errors import KeregeError
from kerege.keys import load_private_key

__all__ = ["recover"]


@click.command()
@click.argument("name")
@click.argument("wallet", required=False)
@click.option("--bank", required=True, envvar="KEREGE_BANK", show_envvar=True, help="Its address.")
@click.option(
    "--recovery", type=FILE, required=True, help="The file `wallet create --recovery` made."
)
@in_purse
@speaking
@telling
def recover(
    name: str,
    wallet: str | None,
    bank: str,
    recovery: Path,
    purse: Path,
    language: str,
    output: Output,
) -> None:
    """Give WALLET a new key, kept here as NAME; sign in at its bank first.

    Without WALLET it is your only wallet there. The lost key is good for nothing afterwards, the
    recovery key stays good. Cut off half-way, `kerege wallet resume --wallet NAME` goes on.
    """
    key = load_private_key(recovery)
    with opened_purse(purse, language) as opened:
        lost = wallet or _only_wallet([one.wallet for one in opened.bank(bank).wallets()])
        answer = opened.purse.recover(name, wallet=lost, bank=bank, recovery=key)
    tell_answer(output, answer, done=say(language, "wallet.recovered", wallet=lost, name=name))


def _only_wallet(found: list[str]) -> str:
    if len(found) == 1:
        return found[0]
    raise KeregeError(
        f"you have {len(found)} wallets at this bank",
        remedy=f"say which is lost: {', '.join(found)}" if found else "sign in where it is kept",
    )
