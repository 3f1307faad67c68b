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
from kerege.cli.words import TEXTS, say
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
    told = "\n".join(_line(one, language) for one in found) or say(language, "programmes.none")
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
    return say(
        language,
        "programmes.line",
        id=one.id,
        version=one.version,
        state=_state(one.state, language),
        title=one.title[language],  # type: ignore[index]
        budget=money(one.budget, one.asset),
        until=instant_told(one.ends_us),
        marks=", ".join(str(terms.mark) for terms in one.marks),
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
    done = say(language, "programme.funded", amount=money(minor, asset), programme=programme)
    tell_answer(output, answer, done=done)


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
    done = say(language, "programme.unfunded", amount=money(minor, asset), programme=programme)
    tell_answer(output, answer, done=done)


@click.command()
@click.argument("programme")
@click.option("--from", "from_us", type=Instant(), default=None, help="By default 30 days ago.")
@click.option("--until", "until_us", type=Instant(), default=None, help="By default now.")
@as_reader
def report(
    programme: str,
    from_us: int | None,
    until_us: int | None,
    line: ReportLine,
    language: str,
    output: Output,
) -> None:
    """What became of the money of PROGRAMME in a period, and where it is now.

    For the funder and whom the terms name, who ask the bank of their wallet; with --key for staff.
    See docs/programme-report.md.
    """
    end_us = SystemClock().now_us() if until_us is None else until_us
    begin_us = end_us - _MONTH_US if from_us is None else from_us
    found = line.programme_report(programme, from_us=begin_us, until_us=end_us)
    output.done("\n".join(_told(found, language)), **msgspec.to_builtins(found))


def _told(report: ProgrammeReport, language: str) -> Iterator[str]:
    def said(key: str, **figures: object) -> str:
        return say(language, f"report.{key}", **figures)

    def minor(amount: int) -> str:
        return money(amount, report.asset)

    until = instant_told(report.until_us)
    yield said(
        "head",
        programme=report.programme,
        state=_state(report.state, language),
        since=instant_told(report.from_us),
        until=until,
    )
    if not report.is_complete:
        yield said("part", until=until)
    yield said("budget", budget=minor(report.budget), left=minor(report.budget_left))
    for figure in report.figures:
        where = _where(figure, language)
        yield said(
            "figure",
            flow=say(language, f"flow.{figure.flow}"),
            amount=minor(figure.amount),
            payments=figure.payments,
            where=said("route", where=where, route=figure.route) if figure.route else where,
        )
    for standing in report.standing:
        parts = [minor(standing.amount)]
        parts += [said("held", amount=minor(standing.held))] * bool(standing.held)
        parts += [said("frozen", amount=minor(standing.frozen))] * bool(standing.frozen)
        where = _where(standing, language)
        yield said("standing", where=where, holders=standing.holders, amounts=", ".join(parts))
    for refused in report.refused:
        yield said("refused", rule=refused.rule, payments=refused.payments)
    for flag in report.flags:
        yield said(
            "flag",
            rule=flag.rule,
            payee=flag.payee or said("somebody"),
            payments=flag.payments,
            amount=minor(flag.amount),
        )


def _where(one: Figure | Standing, language: str) -> str:
    kind = say(language, f"kind.{one.kind}") if f"kind.{one.kind}" in TEXTS else one.kind
    return " ".join(filter(None, (kind, one.category, one.region)))


def _state(state: str, language: str) -> str:
    return say(language, f"state.{state}")
