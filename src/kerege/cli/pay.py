# SPDX-License-Identifier: Apache-2.0
"""`kerege pay`: pay an alias, a wallet or the shop of a QR code."""

import sys
from pathlib import Path

import click

from kerege.cli.language import speaking
from kerege.cli.purse import amount_of, asset_of, for_wallet, money, opened_purse, tell_answer
from kerege.cli.qr_reading import payload_of
from kerege.cli.telling import Output, telling
from kerege.cli.usual import USUAL_ASSET
from kerege.errors import KeregeError
from kerege.wallet.wire import Payee

__all__ = ["pay"]


@click.command()
@click.argument("to", required=False)
@click.argument("amount", required=False)
@click.option("--qr", help="A QR code: its payload, or a picture of it (PNG, JPEG).")
@click.option("--asset", default="", help=f"What to pay in; as the code says, else {USUAL_ASSET}.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and do nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@for_wallet
@speaking
@telling
def pay(
    to: str | None,
    amount: str | None,
    qr: str | None,
    asset: str,
    dry_run: bool,
    yes: bool,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Pay AMOUNT to TO: an alias (@bakery, +77015550001) or a wallet id.

    With --qr the code says whom and perhaps how much: `kerege pay --qr PAYLOAD [AMOUNT]`. The order
    is kept before it is sent: should the line break, `kerege wallet resume` finds out.
    """
    if qr is not None:
        if amount is not None:
            raise click.UsageError("with --qr give the amount alone")
        target, amount = payload_of(qr), to
    elif to is None:
        raise click.UsageError("say whom to pay, or give --qr")
    else:
        target = to
    with opened_purse(purse, language) as opened:
        mine = opened.wallet(wallet)
        payee = mine.payee(target)
        code = _asset(asset, payee)
        minor = _minor(amount, payee, code)
        whom = payee.name or payee.wallet
        if dry_run:
            answer = mine.try_out(mine.draft_payment(payee, minor, asset=code))
            tell_answer(output, answer, done=f"Would pay {money(minor, code)} to {whom}")
            return
        if not _agreed(f"Pay {money(minor, code)} to {whom}?", yes=yes or output.as_json):
            output.done("Nothing was paid.")
            return
        answer = mine.pay(payee, minor, asset=code)
    tell_answer(output, answer, done=f"Paid {money(minor, code)} to {whom}")


def _asset(given: str, payee: Payee) -> str:
    # An amount the code says is in the code's own asset.
    if payee.asset and given not in ("", payee.asset):
        raise KeregeError(f"the payee asks for {payee.asset}", place=f"--asset {given}")
    return given or payee.asset or USUAL_ASSET


def _minor(amount: str | None, payee: Payee, code: str) -> int:
    if amount is not None:
        return amount_of(amount, asset_of(code))
    if payee.amount:
        return payee.amount
    raise KeregeError("say how much to pay", remedy="the payee leaves the amount to you")


def _agreed(question: str, *, yes: bool) -> bool:
    """Asks a person; a program has said it by calling."""
    return yes or not sys.stdin.isatty() or click.confirm(question, err=True)
