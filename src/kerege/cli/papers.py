# SPDX-License-Identifier: Apache-2.0
"""`kerege papers`: contracts, invoices and others that concern a wallet."""

from pathlib import Path
from typing import Final

import click
import msgspec

from kerege.cli.amounts import instant_told
from kerege.cli.language import speaking
from kerege.cli.paper_words import PAPER_TEXTS
from kerege.cli.purse import for_wallet, money, opened_purse
from kerege.cli.telling import Output, telling
from kerege.cli.words import say
from kerege.wallet.papers import Paper, Papers

__all__ = ["papers"]

_AMOUNTS: Final = ("total", "cap", "amount")
"""Members of documents that say how much it is about."""


@click.command()
@click.option("--kind", default="", help="Only these: contract, invoice, credit-note, hold...")
@for_wallet
@speaking
@telling
def papers(kind: str, purse: Path, wallet: str, language: str, output: Output) -> None:
    """What others signed that concerns this wallet though it moved none of its money."""
    with opened_purse(purse, language) as opened:
        known = opened.purse.find(wallet)
        found = [
            one
            for one in Papers(opened.bank(known.bank), opened.purse.store).listed(known.id)
            if kind in ("", one.kind)
        ]
    lines = [_line(one, language) for one in found]
    told = msgspec.to_builtins(found)
    output.done("\n".join(lines) or say(language, "paper.none"), papers=told)


def _line(one: Paper, language: str) -> str:
    return say(
        language,
        "paper.line",
        at=instant_told(one.at_us),
        kind=_word(f"kind.{one.kind}", one.kind, language),
        order=one.order,
        role=_word(f"role.{one.role}", one.role, language),
        by=one.by,
        amount=_amount(one),
    )


def _word(key: str, plain: str, language: str) -> str:
    """The word for a kind or role; a newer bank's as it is."""
    return say(language, key) if key in PAPER_TEXTS else plain


def _amount(one: Paper) -> str:
    asset = one.document.get("asset", "")
    minor = next((one.document[name] for name in _AMOUNTS if name in one.document), None)
    if not isinstance(minor, int) or not isinstance(asset, str) or not asset:
        return ""
    return f"  {money(minor, asset)}"
