# SPDX-License-Identifier: Apache-2.0
"""`kerege core propose freeze|unfreeze|seize|disclose`: what an authority with a warrant may ask.

Each is told in the public access log: which authority, on what ground, when; never whom.
"""

from collections.abc import Callable
from typing import Any, get_args

import click

from kerege.centralbank.actions import (
    Action,
    Disclose,
    Freeze,
    SeizeMoney,
    Unfreeze,
    Warrant,
    WarrantKind,
)
from kerege.cli.core_propose import money, proposing
from kerege.cli.core_staff import carrying

__all__ = ["disclose", "freeze", "seize", "unfreeze"]


def _by_warrant(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a warrant; the command gets `warrant`."""

    def run(authority: str, ground: WarrantKind, reference: str, **rest: Any) -> Any:
        warrant = Warrant(authority=authority, kind=ground, reference=reference)
        return command(warrant=warrant, **rest)

    wrapped = carrying(run, command)
    for option in (
        click.option("--authority", required=True, help="An office, never a person; published."),
        click.option(
            "--ground",
            type=click.Choice(get_args(WarrantKind)),
            default="court-order",
            show_default=True,
            help="Published.",
        ),
        click.option("--reference", default="", help="The document's number; not published."),
    ):
        wrapped = option(wrapped)
    return wrapped


@click.command()
@click.argument("wallet")
@click.option("--credits", "credits_too", is_flag=True, help="Let nothing in either.")
@proposing
@_by_warrant
def freeze(wallet: str, credits_too: bool, warrant: Warrant) -> Action:
    """Let nothing out of WALLET."""
    return Freeze(wallet=wallet, warrant=warrant, credits=credits_too)


@click.command()
@click.argument("proposal")
@proposing
@_by_warrant
def unfreeze(proposal: str, warrant: Warrant) -> Action:
    """End the freeze that PROPOSAL began."""
    return Unfreeze(freeze=proposal, warrant=warrant)


@click.command()
@click.argument("wallet")
@click.argument("to")
@click.option("--in-part", is_flag=True, help="Take what is there, if it is less.")
@proposing
@_by_warrant
@money
def seize(wallet: str, to: str, asset: str, amount: int, in_part: bool, warrant: Warrant) -> Action:
    """Move AMOUNT out of WALLET into the wallet TO by order of a court."""
    return SeizeMoney(
        wallet=wallet, to=to, asset=asset, amount=amount, warrant=warrant, in_part=in_part
    )


@click.command()
@click.argument("wallet")
@proposing
@_by_warrant
def disclose(wallet: str, warrant: Warrant) -> Action:
    """Record that an authority is shown the history of WALLET."""
    return Disclose(wallet=wallet, warrant=warrant)
