# SPDX-License-Identifier: Apache-2.0
"""`kerege wallet allowance`: what a child has, what was eaten with it, what was refused and why."""

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from kerege.cli.amounts import instant_told
from kerege.cli.language import speaking
from kerege.cli.purse import in_purse, money, opened_purse
from kerege.cli.telling import Output, telling
from kerege.cli.words import say
from kerege.ledger import UNMARKED
from kerege.payments.holdings import Balance
from kerege.wallet.wire import ChildMoney, ChildMove

__all__ = ["allowance"]


@click.command()
@click.argument("child_wallet", metavar="WALLET")
@click.option("--asset", default="", help="Which money; the bank's first unless told.")
@click.option("--before", default=0, help="Go on from where the last page ended.")
@click.option(
    "--bank", required=True, envvar="KEREGE_BANK", show_envvar=True, help="Address of the bank."
)
@in_purse
@speaking
@telling
def allowance(
    child_wallet: str,
    asset: str,
    before: int,
    bank: str,
    purse: Path,
    language: str,
    output: Output,
) -> None:
    """What is left in a child's WALLET and until when, what was eaten where, what was refused.

    For the child's guardian. `kerege card list` names the wallets.
    """
    with opened_purse(purse, language) as opened:
        found = opened.bank(bank).child_money(child_wallet, asset=asset, before=before)
    output.done("\n".join(_told(found, language)), **msgspec.to_builtins(found))


def _told(found: ChildMoney, language: str) -> Iterator[str]:
    titles = {one.programme: _title(one, language) for one in found.balances}
    for one in found.balances:
        left = money(one.available, one.asset)
        if one.mark == UNMARKED:
            yield say(language, "child.own", left=left)
        elif one.balance:
            until = instant_told(one.ends_us)
            yield say(
                language, "child.programme", title=_title(one, language), left=left, until=until
            )
    for asset, limits in found.limits.items():
        for window in ("payment", "day", "month"):
            bound = getattr(limits, window)
            if bound is not None:
                yield say(language, f"child.limit.{window}", amount=money(bound, asset))
    for move in found.moves:
        yield _moved(move, found.asset, titles, language)
    for refused in found.refused:
        yield say(
            language,
            "child.refused",
            at=instant_told(refused.at_us),
            whom=refused.name or refused.wallet,
            amount=money(refused.amount, refused.asset),
            text=refused.text,
        )
    if found.next:
        yield say(language, "child.more", before=found.next)


def _moved(move: ChildMove, asset: str, titles: dict[str, str], language: str) -> str:
    parts = [
        f"{money(part.change, asset)} {titles.get(part.programme, part.programme)}"
        if part.mark
        else say(language, "child.part.own", amount=money(part.change, asset))
        for part in move.parts
    ]
    return say(
        language,
        "child.moved",
        at=instant_told(move.at_us),
        amount=money(move.change, asset),
        whom=move.name or move.wallet,
        parts=", ".join(parts),
    )


def _title(one: Balance, language: str) -> str:
    return str(one.title.get(language, one.programme))  # type: ignore[call-overload]
