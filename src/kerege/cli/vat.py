# SPDX-License-Identifier: Apache-2.0
"""`kerege vat`: declare a period, pay what is owed, claim what was paid, answer claims."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, get_args

import click

from kerege.cli.invoice import of_programme, offset_of
from kerege.cli.language import speaking
from kerege.cli.purse import amount_of, asset_of, for_wallet, money, opened_purse, tell_answer
from kerege.cli.telling import Output, telling
from kerege.cli.words import say
from kerege.errors import KeregeError
from kerege.payments.documents import CreditNote, Invoice
from kerege.payments.vat_documents import ClaimReason, RefusedLine, VatAnswer
from kerege.wallet.papers import Papers
from kerege.wallet.vat import Vat, vat_of

__all__ = ["vat"]

_REASONS: Final = get_args(ClaimReason)
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def vat() -> None:
    """Your firm's VAT by period. The inspector's view is `kerege programme vat`."""


@vat.command()
@click.option("--from", "begins", type=_DAY, required=True, help="The first day, local.")
@click.option("--until", "ends", type=_DAY, required=True, help="The first day after it.")
@click.option("--issued", multiple=True, help="An invoice or credit note of yours; repeat it.")
@click.option("--received", multiple=True, help="One that you received; repeat it.")
@of_programme
@for_wallet
@speaking
@telling
def declare(
    begins: datetime,
    ends: datetime,
    issued: tuple[str, ...],
    received: tuple[str, ...],
    programme: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Declare the papers of a period, by their orders; each side declares each paper once."""
    with opened_purse(purse, language) as opened:
        bank = opened.line_of(wallet)
        asset = bank.programme(programme).programme.asset
        offset_min = offset_of(bank, programme)
        papers = Papers(bank, opened.purse.store)
        mine = [_paper(papers, one) for one in issued]
        theirs = [_paper(papers, one) for one in received]
        answer = Vat(opened.wallet(wallet), programme).declare(
            from_us=_midnight_us(begins, offset_min),
            to_us=_midnight_us(ends, offset_min),
            issued=mine,
            received=theirs,
        )
    payable = vat_of(mine) - vat_of(theirs)
    key = "vat.owed" if payable >= 0 else "vat.claimable"
    told = {"amount": money(abs(payable), asset), "order": answer.verdict.order}
    tell_answer(output, answer, done=say(language, key, **told))


@vat.command()
@click.argument("declaration")
@click.argument("amount")
@of_programme
@for_wallet
@speaking
@telling
def remit(
    declaration: str,
    amount: str,
    programme: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Pay AMOUNT of what DECLARATION owes to the budget; VAT money goes first."""
    with opened_purse(purse, language) as opened:
        terms = opened.line_of(wallet).programme(programme).programme
        minor = amount_of(amount, asset_of(terms.asset))
        answer = Vat(opened.wallet(wallet), programme).remit(
            declaration, minor, authority=terms.funder, asset=terms.asset
        )
    told = money(minor, terms.asset)
    tell_answer(output, answer, done=say(language, "vat.remitted", amount=told))


@vat.command()
@click.argument("declaration")
@click.argument("lines", nargs=-1, required=True, metavar="INVOICE=AMOUNT...")
@of_programme
@for_wallet
@speaking
@telling
def claim(
    declaration: str,
    lines: tuple[str, ...],
    programme: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Claim back VAT you paid on received invoices of DECLARATION: for each, how much."""
    with opened_purse(purse, language) as opened:
        asset = opened.line_of(wallet).programme(programme).programme.asset
        claimed = {}
        for order, text in (_pair(line) for line in lines):
            if order in claimed:
                raise KeregeError("this invoice is named twice", place=order[:40])
            claimed[order] = amount_of(text, asset_of(asset))
        answer = Vat(opened.wallet(wallet), programme).claim(declaration, claimed)
    told = {"amount": money(sum(claimed.values()), asset), "order": answer.verdict.order}
    tell_answer(output, answer, done=say(language, "vat.claimed", **told))


@vat.command()
@click.argument("claim")
@click.argument("amount")
@click.option(
    "--refuse", "refused", multiple=True, help=f"INVOICE=REASON, one of {', '.join(_REASONS)}."
)
@of_programme
@for_wallet
@speaking
@telling
def answer(
    claim: str,
    amount: str,
    refused: tuple[str, ...],
    programme: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Answer CLAIM as the tax authority: pay AMOUNT, all of it but the refused lines.

    What to answer is suggested by `kerege programme vat --claims`.
    """
    with opened_purse(purse, language) as opened:
        asset = opened.line_of(wallet).programme(programme).programme.asset
        minor = 0 if amount == "0" else amount_of(amount, asset_of(asset))
        one = VatAnswer(claim, minor, _refused(refused))
        done = Vat(opened.wallet(wallet), programme).answer([one])
    tell_answer(output, done, done=say(language, "vat.answered", amount=money(minor, asset)))


def _refused(texts: Sequence[str]) -> tuple[RefusedLine, ...]:
    pairs = [_pair(text) for text in texts]
    for _, reason in pairs:
        if reason not in _REASONS:
            raise KeregeError(f"take one of {', '.join(_REASONS)}", place=reason[:40])
    return tuple(RefusedLine(order, reason) for order, reason in pairs)  # type: ignore[arg-type]


def _paper(papers: Papers, order: str) -> Invoice | CreditNote:
    found = papers.find(order)
    if not isinstance(found, Invoice | CreditNote):
        raise KeregeError("that is neither an invoice nor a credit note", place=order[:40])
    return found


def _midnight_us(day: datetime, offset_min: int) -> int:
    """Local midnight, microseconds since 1970 UTC."""
    return (int(day.replace(tzinfo=UTC).timestamp()) - offset_min * 60) * 1_000_000


def _pair(text: str) -> tuple[str, str]:
    order, sign, rest = text.partition("=")
    if not (order and sign and rest):
        raise KeregeError("write it as INVOICE=AMOUNT or INVOICE=REASON", place=text[:60])
    return order, rest
