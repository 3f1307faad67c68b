# SPDX-License-Identifier: Apache-2.0
"""`kerege programme list|sign|fund|unfund|report`: programmes that are in force, or are to be."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from kerege.cli.amounts import Instant, instant_told
from kerege.cli.language import speaking
from kerege.cli.programme_reading import ReportLine, as_reader
from kerege.cli.purse import amount_of, asset_of, for_wallet, money, opened_purse, tell_answer
from kerege.cli.telling import Output, telling
from kerege.cli.trusting import FILE, read_limited
from kerege.cli.usual import USUAL_ASSET
from kerege.programmes.document import MAX_PROGRAMME_BYTES
from kerege.programmes.published import ProgrammeList, PublishedProgramme
from kerege.programmes.report import Figure, ProgrammeReport, Standing
from kerege.runtime import SystemClock, SystemRandomness
from kerege.service import NodeClient

__all__ = ["fund", "list_programmes", "report", "sign", "unfund"]

_MONTH_US: Final = 30 * 24 * 3600 * 1_000_000


@click.command(name="list")
@click.option(
    "--core",
    envvar="KEREGE_CORE",
    show_envvar=True,
    default="http://127.0.0.1:7300",
    show_default=True,
    help="Where the core is.",
)
@speaking
@telling
def list_programmes(core: str, language: str, output: Output) -> None:
    """Programmes of a running country: their state, their money, until when."""
    client = NodeClient(core, clock=SystemClock(), randomness=SystemRandomness())
    try:
        found = list(_all(client))
    finally:
        client.close()
    told = "\n".join(_line(one, language) for one in found) or "There is no programme yet."
    output.done(told, programmes=msgspec.to_builtins(found))


def _all(client: NodeClient) -> Iterator[PublishedProgramme]:
    after = ""
    while True:
        page = client.get("/v1/programmes", ProgrammeList, query={"after": after} if after else {})
        yield from page.programmes
        if not page.next:
            return
        after = page.next


def _line(one: PublishedProgramme, language: str) -> str:
    marks = ", ".join(str(terms.mark) for terms in one.marks)
    return (
        f"{one.id} (version {one.version}, {one.state}): {one.title[language]};"  # type: ignore[index]
        f" {money(one.budget, one.asset)} until {instant_told(one.ends_us)}; marks {marks}"
    )


@click.command()
@click.argument("document", type=FILE)
@for_wallet
@speaking
@telling
def sign(document: Path, purse: Path, wallet: str, language: str, output: Output) -> None:
    """Sign a programme's DOCUMENT as its funder (or a changer): prints what staff activates."""
    text = read_limited(document, MAX_PROGRAMME_BYTES)
    with opened_purse(purse, language) as opened:
        signed = opened.wallet(wallet).sign_programme(text).decode("ascii")
    output.done(signed, terms=signed)


def _amount(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add PROGRAMME, AMOUNT and `--asset`."""
    for option in (
        click.option("--asset", default=USUAL_ASSET, show_default=True, help="Which money."),
        click.argument("amount"),
        click.argument("programme"),
    ):
        command = option(command)
    return command


@click.command()
@_amount
@for_wallet
@speaking
@telling
def fund(
    programme: str,
    amount: str,
    asset: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Mark AMOUNT of a funder's own money for PROGRAMME, within its budget."""
    minor = amount_of(amount, asset_of(asset))
    with opened_purse(purse, language) as opened:
        answer = opened.wallet(wallet).fund_programme(programme, minor)
    tell_answer(output, answer, done=f"{money(minor, asset)} marked for {programme}")


@click.command()
@_amount
@for_wallet
@speaking
@telling
def unfund(
    programme: str,
    amount: str,
    asset: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Unmark AMOUNT of what the funder of PROGRAMME holds; the budget has it back."""
    minor = amount_of(amount, asset_of(asset))
    with opened_purse(purse, language) as opened:
        answer = opened.wallet(wallet).unfund_programme(programme, minor)
    tell_answer(output, answer, done=f"{money(minor, asset)} unmarked of {programme}")


@click.command()
@click.argument("programme")
@click.option("--from", "from_us", type=Instant(), default=None, help="By default 30 days ago.")
@click.option("--until", "until_us", type=Instant(), default=None, help="By default now.")
@as_reader
def report(
    programme: str, from_us: int | None, until_us: int | None, line: ReportLine, output: Output
) -> None:
    """What became of the money of PROGRAMME in a period, and where it is now.

    For the funder and whom the terms name, who ask the bank of their wallet; with --key for staff.
    See docs/programme-report.md.
    """
    end_us = SystemClock().now_us() if until_us is None else until_us
    begin_us = end_us - _MONTH_US if from_us is None else from_us
    found = line.programme_report(programme, from_us=begin_us, until_us=end_us)
    output.done("\n".join(_told(found)), **msgspec.to_builtins(found))


def _told(report: ProgrammeReport) -> Iterator[str]:
    yield (
        f"{report.programme} ({report.state}), {instant_told(report.from_us)} to"
        f" {instant_told(report.until_us)}"
        + ("" if report.is_complete else ", as far as one report reads: ask on from there")
    )
    yield (
        f"budget {money(report.budget, report.asset)},"
        f" of which {money(report.budget_left, report.asset)} may still be marked"
    )
    for figure in report.figures:
        where = _where(figure) + (f" by {figure.route}" if figure.route else "")
        yield (
            f"  {figure.flow}: {money(figure.amount, report.asset)}"
            f" in {figure.payments} payments, {where}"
        )
    for standing in report.standing:
        yield f"  now with {standing.holders} {_where(standing)}: {_amounts(standing, report)}"
    for refused in report.refused:
        yield f"  refused by {refused.rule}: {refused.payments} payments"
    for flag in report.flags:
        yield (
            f"  look at {flag.rule}: {flag.payee or 'a person'}, {flag.payments} payments,"
            f" {money(flag.amount, report.asset)}"
        )


def _where(one: Figure | Standing) -> str:
    return " ".join(filter(None, (one.kind, one.category, one.region)))


def _amounts(standing: Standing, report: ProgrammeReport) -> str:
    parts = [money(standing.amount, report.asset)]
    if standing.held:
        parts.append(f"{money(standing.held, report.asset)} of it on hold")
    if standing.frozen:
        parts.append(f"{money(standing.frozen, report.asset)} of it frozen")
    return ", ".join(parts)
