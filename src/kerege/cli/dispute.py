# SPDX-License-Identifier: Apache-2.0
"""`kerege dispute`: claim a payment back, follow the case, answer one."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
import msgspec

from kerege.cli.language import speaking
from kerege.cli.purse import amount_of, asset_of, for_wallet, money, opened_purse
from kerege.cli.telling import Output, telling
from kerege.cli.trusting import FILE, read_limited
from kerege.cli.usual import USUAL_ASSET
from kerege.cli.words import say
from kerege.wallet.cases import Cases
from kerege.wallet.wire import CaseView

__all__ = ["dispute"]

REASONS: Final = (
    "not_received",
    "not_as_described",
    "paid_twice",
    "wrong_amount",
    "refund_not_paid",
    "not_authorised",
)
MAX_EVIDENCE_BYTES: Final = 64 * 1024 * 1024
"""Of a file that is hashed here; it is never sent."""

_US: Final = 1_000_000


@click.group()
def dispute() -> None:
    """Claim a payment back at your bank, or answer such a claim."""


@dispute.command(name="open")
@click.argument("payment")
@click.argument("amount")
@click.option("--reason", type=click.Choice(REASONS), required=True)
@click.option("--leg", type=click.IntRange(0), default=0, help="Which payee, counted from 0.")
@click.option("--asset", default=USUAL_ASSET, show_default=True)
@for_wallet
@speaking
@telling
def open_case(
    payment: str,
    amount: str,
    reason: str,
    leg: int,
    asset: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Claim AMOUNT of the order PAYMENT back. The same again is the same case."""
    minor = amount_of(amount, asset_of(asset))
    with opened_purse(purse, language) as opened:
        known = opened.purse.find(wallet)
        case = Cases(opened.bank(known.bank)).open(
            wallet=known.id, payment=payment, reason=reason, claimed=minor, leg=leg
        )
    _tell(output, case, language)


@dispute.command(name="list")
@for_wallet
@speaking
@telling
def list_cases(purse: Path, wallet: str, language: str, output: Output) -> None:
    """Disputes this wallet opened, and those against it."""
    with opened_purse(purse, language) as opened:
        known = opened.purse.find(wallet)
        found = Cases(opened.bank(known.bank)).of(known.id)
    lines = [_line(case, language) for case in found]
    text = "\n".join(lines) or say(language, "dispute.none")
    output.done(text, disputes=msgspec.to_builtins(found))


@dispute.command()
@click.argument("case")
@for_wallet
@speaking
@telling
def show(case: str, purse: Path, wallet: str, language: str, output: Output) -> None:
    """One dispute, as it stands."""
    _act(purse, wallet, language, output, lambda cases, _: cases.show(case))


@dispute.command()
@click.argument("case")
@click.argument("amount")
@click.option("--asset", default=USUAL_ASSET, show_default=True)
@for_wallet
@speaking
@telling
def answer(
    case: str, amount: str, asset: str, purse: Path, wallet: str, language: str, output: Output
) -> None:
    """As the payee, admit AMOUNT of a claim: all of it, some, or 0."""
    minor = 0 if amount == "0" else amount_of(amount, asset_of(asset))
    _act(purse, wallet, language, output, lambda cases, _: cases.answer(case, conceded=minor))


@dispute.command()
@click.argument("case")
@click.argument("file", type=FILE)
@for_wallet
@speaking
@telling
def evidence(
    case: str, file: Path, purse: Path, wallet: str, language: str, output: Output
) -> None:
    """Name FILE as evidence by its SHA-256. It is not sent: keep it, unchanged."""
    digest = hashlib.sha256(read_limited(file, MAX_EVIDENCE_BYTES)).digest()
    _act(
        purse,
        wallet,
        language,
        output,
        lambda cases, mine: cases.give_evidence(case, wallet=mine, digest=digest),
    )


@dispute.command()
@click.argument("case")
@for_wallet
@speaking
@telling
def withdraw(case: str, purse: Path, wallet: str, language: str, output: Output) -> None:
    """As the payer, let it be."""
    _act(purse, wallet, language, output, lambda cases, _: cases.withdraw(case))


@dispute.command(name="take-part")
@click.argument("mandate")
@for_wallet
@speaking
@telling
def take_part(mandate: str, purse: Path, wallet: str, language: str, output: Output) -> None:
    """As a shop, let claims be set aside under MANDATE, granted to the bank's wallet with --holds.

    Who takes part is seen to pay what is decided.
    """
    with opened_purse(purse, language) as opened:
        known = opened.purse.find(wallet)
        Cases(opened.bank(known.bank)).take_part(wallet=known.id, mandate=mandate)
    output.done(say(language, "dispute.part"), mandate=mandate)


def _act(
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
    act: Callable[[Cases, str], CaseView],
) -> None:
    with opened_purse(purse, language) as opened:
        known = opened.purse.find(wallet)
        case = act(Cases(opened.bank(known.bank)), known.id)
    _tell(output, case, language)


def _tell(output: Output, case: CaseView, language: str) -> None:
    due = say(
        language,
        "dispute.due",
        answer=_day(case.answer_by_us),
        decide=_day(case.decide_by_us),
        evidence=len(case.evidence),
    )
    output.done(f"{_line(case, language)}\n  {due}", **msgspec.to_builtins(case))


def _line(case: CaseView, language: str) -> str:
    return say(
        language,
        "dispute.line",
        case=case.id,
        state=case.state,
        claimed=money(case.claimed, case.asset),
        conceded=money(case.conceded, case.asset),
        awarded=money(case.awarded, case.asset),
    )


def _day(instant_us: int) -> str:
    return datetime.fromtimestamp(instant_us // _US, UTC).date().isoformat()
