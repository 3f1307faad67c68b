# SPDX-License-Identifier: Apache-2.0
"""`kerege wallet move`: another bank keeps the wallet, with all that is in it."""

from contextlib import suppress
from pathlib import Path

import click

from kerege.cli.language import speaking
from kerege.cli.purse import OpenPurse, for_wallet, opened_purse, tell_answer
from kerege.cli.telling import Output, telling
from kerege.cli.words import say
from kerege.errors import KeregeError
from kerege.wallet import BankRefused, BankUnreachable, HttpBank
from kerege.wallet.wire import Answer

__all__ = ["move"]


@click.command()
@click.argument("bank")
@for_wallet
@speaking
@telling
def move(bank: str, purse: Path, wallet: str, language: str, output: Output) -> None:
    """Let the bank at the address BANK keep this wallet; be its customer first (wallet join).

    Balances, marks, holds and mandates stay as they are; the deposit stays where it is. Cut off
    half-way, the same command goes on.
    """
    with opened_purse(purse, language) as opened:
        known = opened.purse.find(wallet)
        there = opened.bank(bank.rstrip("/"))
        name = there.me().bank
        if not _is_there(there, known.id):
            answer = _bring(opened, known.name, there, name)
            if not answer.verdict.accepted:
                tell_answer(output, answer, done="")
        opened.purse.moved(known.name, bank)
        if known.bank != bank.rstrip("/"):
            # The old bank learns of it from the central bank too: this only makes it sooner.
            with suppress(BankRefused, BankUnreachable):
                opened.bank(known.bank).left(known.id)
    done = say(language, "wallet.moved", name=known.name, bank=name)
    output.done(done, wallet=known.id, bank=name)


def _is_there(bank: HttpBank, wallet: str) -> bool:
    """Whether an earlier try has brought it."""
    try:
        return bool(bank.wallet(wallet).wallet)
    except BankRefused:
        return False


def _bring(opened: OpenPurse, wallet: str, there: HttpBank, name: str) -> Answer:
    mine = opened.wallet(wallet)
    waiting = opened.bank(mine.known.bank).departure(mine.id).open_orders
    if waiting:
        raise KeregeError(
            f"{len(waiting)} orders of this wallet are still on their way",
            remedy="wait until they are answered (`kerege wallet resume`), then move",
        )
    return there.bring_wallet(mine.move_to(name))
