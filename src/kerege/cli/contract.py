# SPDX-License-Identifier: Apache-2.0
"""`kerege contract`: make one, attest its obligations, pay under it, accept what was done."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from kerege.cli.language import speaking
from kerege.cli.purse import (
    OpenPurse,
    amount_of,
    asset_of,
    for_wallet,
    money,
    opened_purse,
    tell_answer,
)
from kerege.cli.telling import Output, telling
from kerege.cli.usual import USUAL_ASSET
from kerege.cli.words import say
from kerege.errors import KeregeError
from kerege.payments.contract_documents import Contract, Milestone, Obligation
from kerege.wallet.contracts import Contracts, Under
from kerege.wallet.papers import Papers

__all__ = ["contract"]

_DAY_US: Final = 24 * 3600 * 1_000_000
_HOUR_S: Final = 3600
_MOST_DAYS: Final = 3650
_MOST_HOURS: Final = 24 * 365


@click.group()
def contract() -> None:
    """Contracts under a programme: who is paid for what, how much, and on whose word."""


@contract.command()
@click.argument("programme")
@click.argument("supplier")
@click.argument("cap")
@click.option("--days", type=click.IntRange(1, _MOST_DAYS), default=365, show_default=True)
@click.option("--under", default="", help="The contract whose supplier you are: a subcontract.")
@click.option("--acceptor", default="", help="Who accepts the work; without it nothing is paid.")
@click.option(
    "--milestone", "milestones", multiple=True, help="NAME=AMOUNT, a part of the work; repeat it."
)
@click.option(
    "--obligation",
    "obligations",
    multiple=True,
    help="NAME=ATTESTER: what must be met to be paid, and who says so; repeat it.",
)
@click.option("--last", is_flag=True, help="The supplier passes nothing on to others.")
@click.option("--asset", default=USUAL_ASSET, show_default=True)
@for_wallet
@speaking
@telling
def make(
    programme: str,
    supplier: str,
    cap: str,
    days: int,
    under: str,
    acceptor: str,
    milestones: tuple[str, ...],
    obligations: tuple[str, ...],
    last: bool,
    asset: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Register a contract of PROGRAMME with SUPPLIER, for at most CAP in all.

    Yours is the programme's funder's wallet, or a supplier's with --under. The supplier is told.
    """
    counted = asset_of(asset)
    most = amount_of(cap, counted)
    stones = [(name, amount_of(amount, counted)) for name, amount in map(_pair, milestones)]
    with opened_purse(purse, language) as opened:
        answer = Contracts(opened.wallet(wallet)).make(
            programme,
            supplier,
            most,
            asset=asset,
            ends_us=opened.clock.now_us() + days * _DAY_US,
            parent=under,
            acceptor=acceptor,
            last=last,
            milestones=[Milestone(*one) for one in stones],
            obligations=[Obligation(*_pair(one)) for one in obligations],
        )
    told = {"whom": supplier, "cap": money(most, asset), "order": answer.verdict.order}
    tell_answer(output, answer, done=say(language, "contract.made", **told))


@contract.command()
@click.argument("contract")
@click.argument("obligation")
@click.option("--unmet", is_flag=True, help="It is not met, or not any more.")
@for_wallet
@speaking
@telling
def attest(
    contract: str,
    obligation: str,
    unmet: bool,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Say that OBLIGATION of CONTRACT is met: as the attester it names. The last word counts."""
    with opened_purse(purse, language) as opened:
        mine = Contracts(opened.wallet(wallet))
        answer = mine.attest(contract, obligation, met=not unmet)
    key = "contract.unmet" if unmet else "contract.met"
    tell_answer(output, answer, done=say(language, key, name=obligation))


def _under(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add CONTRACT, AMOUNT and what a payment under a contract may say."""
    for option in (
        click.option("--asset", default=USUAL_ASSET, show_default=True),
        click.option("--purpose", type=click.IntRange(0), default=0, help="As the programme asks."),
        click.option(
            "--spend", default="", help="The programme whose money pays; `unmarked`: none's."
        ),
        click.option("--invoice", default="", help="The supplier's invoice: its VAT is split off."),
        click.option("--milestone", default="", help="The milestone it is for."),
        click.option("--to", default="", help="Whom; the contract's supplier if not said."),
        click.argument("amount"),
        click.argument("contract"),
    ):
        command = option(command)
    return command


@contract.command()
@_under
@for_wallet
@speaking
@telling
def pay(
    contract: str,
    amount: str,
    to: str,
    milestone: str,
    invoice: str,
    spend: str,
    purpose: int,
    asset: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Pay AMOUNT under CONTRACT: its supplier, or as its supplier wages and taxes for it."""
    minor = amount_of(amount, asset_of(asset))
    under = Under(
        contract=contract, milestone=milestone, invoice=invoice, spend=spend, purpose=purpose
    )
    with opened_purse(purse, language) as opened:
        whom = to or _terms(opened, wallet, contract).supplier
        answer = Contracts(opened.wallet(wallet)).pay(whom, minor, under, asset=asset)
    told = {"amount": money(minor, asset), "whom": whom}
    tell_answer(output, answer, done=say(language, "contract.paid", **told))


@contract.command()
@_under
@click.option(
    "--hours",
    type=click.FloatRange(0.01, _MOST_HOURS),
    default=24.0 * 30,
    show_default=True,
    help="How long it may wait to be accepted.",
)
@click.option("--decider", default="", help="Who accepts; the contract's acceptor if not said.")
@click.option("--raises", default="", help="An earlier order of this kind that this adds to.")
@for_wallet
@speaking
@telling
def reserve(
    contract: str,
    amount: str,
    to: str,
    milestone: str,
    invoice: str,
    spend: str,
    purpose: int,
    asset: str,
    hours: float,
    decider: str,
    raises: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Set AMOUNT aside under CONTRACT until its acceptor accepts the work, or gives it back."""
    minor = amount_of(amount, asset_of(asset))
    under = Under(
        contract=contract, milestone=milestone, invoice=invoice, spend=spend, purpose=purpose
    )
    with opened_purse(purse, language) as opened:
        terms = None if to and decider else _terms(opened, wallet, contract)
        whom = to or (terms.supplier if terms else "")
        answer = Contracts(opened.wallet(wallet)).reserve(
            whom,
            minor,
            under,
            asset=asset,
            seconds=max(1, int(hours * _HOUR_S)),
            decider=decider or (terms.acceptor if terms else ""),
            raises=raises,
        )
    told = {"amount": money(minor, asset), "whom": whom, "order": answer.verdict.order}
    tell_answer(output, answer, done=say(language, "contract.reserved", **told))


@contract.command()
@click.argument("reserved")
@click.argument("amount")
@click.option("--also", multiple=True, help="An order that raised this one; give all of them.")
@click.option("--keep", is_flag=True, help="Leave the rest set aside: not for an invoice.")
@click.option("--asset", default=USUAL_ASSET, show_default=True)
@for_wallet
@speaking
@telling
def accept(
    reserved: str,
    amount: str,
    also: tuple[str, ...],
    keep: bool,
    asset: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Accept the work: AMOUNT of what was RESERVED is the supplier's; `kerege release` rejects."""
    minor = amount_of(amount, asset_of(asset))
    with opened_purse(purse, language) as opened:
        answer = opened.wallet(wallet).capture((reserved, *also), minor, keep=keep)
    tell_answer(output, answer, done=say(language, "contract.accepted", amount=money(minor, asset)))


def _terms(opened: OpenPurse, wallet: str, order: str) -> Contract:
    """A contract that was signed here, or that the bank told of."""
    found = Papers(opened.line_of(wallet), opened.purse.store).find(order)
    if not isinstance(found, Contract):
        raise KeregeError("that order is no contract", place=order[:40])
    return found


def _pair(text: str) -> tuple[str, str]:
    name, sign, rest = text.partition("=")
    if not (name and sign and rest):
        raise KeregeError("write it as NAME=VALUE", place=text[:60])
    return name, rest
