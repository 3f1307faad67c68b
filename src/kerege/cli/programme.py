# SPDX-License-Identifier: Apache-2.0
"""`kerege programme`: look at programmes, and try them, before anybody signs them."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import click
import msgspec

from kerege.cli.language import speaking
from kerege.cli.lazy import EXIT_ERROR, LazyGroup
from kerege.cli.programme_telling import findings_told, programme_told, trial_told
from kerege.cli.progress import watched
from kerege.cli.telling import Output, telling
from kerege.cli.trusting import FILE, read_limited
from kerege.money import ISO4217, MAX_MINOR, Amount, Asset
from kerege.money.errors import AssetError
from kerege.programmes import Programme
from kerege.programmes.checking import check_programme
from kerege.programmes.document import MAX_PROGRAMME_BYTES
from kerege.programmes.explaining import describe_programme
from kerege.programmes.past_payment import MAX_LINE_BYTES, read_past_payments
from kerege.programmes.reading import faults_of, read_programme
from kerege.programmes.trial import Trial, try_programme
from kerege.sandbox.shipped_programmes import SHIPPED, shipped_text
from kerege.sandbox.words import amount_text

__all__ = ["programme"]

_STAND_IN: Final = Asset("XTS", 2)
"""ISO 4217's code for tests: shipped programmes have it until they are published."""


@click.group(
    cls=LazyGroup,
    commands_by_name={
        "fund": "kerege.cli.programme_life:fund",
        "list": "kerege.cli.programme_life:list_programmes",
        "propose": "kerege.cli.core_propose_programmes:activate_programme",
        "report": "kerege.cli.programme_life:report",
        "sign": "kerege.cli.programme_life:sign",
        "tree": "kerege.cli.programme_tree:tree",
        "vat": "kerege.cli.programme_vat:vat",
        "unfund": "kerege.cli.programme_life:unfund",
    },
)
def programme() -> None:
    """Money with a purpose: look at a programme's document, try it on payments that were made.

    PROGRAMME is a file (docs/formats/programme.md), or the name of a programme that is shipped:
    digital-vat, harvest, movement, procurement, school-meals.
    """


def _text_of(name: str) -> bytes:
    """A document by its file, or a shipped one by its name."""
    path = Path(name)
    if name in SHIPPED and not path.exists():
        return shipped_text(name)
    return read_limited(path, MAX_PROGRAMME_BYTES)


@programme.command()
@click.argument("name", metavar="PROGRAMME")
@speaking
@telling
def check(name: str, language: str, output: Output) -> None:
    """Tell every fault of PROGRAMME, and what in it is hardly meant.

    Exit code 1 if it has a fault or an error: it could not be activated.
    """
    text = _text_of(name)
    faults = faults_of(text)
    findings = [] if faults else check_programme(read_programme(text))
    sound = not faults and not any(finding.severity == "error" for finding in findings)
    if output.as_json:
        told = {"faults": faults, "findings": findings}
        click.echo(json.dumps({"ok": sound, **msgspec.to_builtins(told)}))
    else:
        title = "" if faults else read_programme(text).title[language]  # type: ignore[index]
        click.echo(findings_told(faults, findings, language, title=title))
    if not sound:
        sys.exit(EXIT_ERROR)


@programme.command()
@click.argument("name", metavar="PROGRAMME")
@speaking
@telling
def show(name: str, language: str, output: Output) -> None:
    """Draw PROGRAMME: who pays, which ways its money may go, and what keeps it from going."""
    terms = read_programme(_text_of(name))
    described = describe_programme(
        terms,
        language,  # type: ignore[arg-type]
        format_amount=_amounts(terms, language),
    )
    output.done(
        programme_told(described, language, funder=terms.funder), **msgspec.to_builtins(described)
    )


@programme.command()
@click.argument("name", metavar="PROGRAMME")
@click.argument("payments", type=FILE)
@speaking
@telling
def test(name: str, payments: Path, language: str, output: Output) -> None:
    """What PROGRAMME would have done to PAYMENTS, a file of JSON lines, oldest first.

    Every payment is tried as if its payer had enough of the programme's money.
    """
    terms = read_programme(_text_of(name))
    size = payments.stat().st_size
    with payments.open("rb") as file, watched("Trying", size) as watch:
        trial = try_programme(terms, read_past_payments(watch(_lines(file))))
    output.done(trial_told(trial, language, format_amount=_amounts(terms, language)), **_of(trial))


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines, none longer than one byte more than is read."""
    while line := file.readline(MAX_LINE_BYTES + 1):
        yield line


def _of(trial: Trial) -> dict[str, Any]:
    """The counts for programs."""
    return {
        "tried": msgspec.to_builtins(trial.tried),
        "allowed": [
            {"route": route, **msgspec.to_builtins(tally)} for route, tally in trial.allowed.items()
        ],
        "blocked": [
            {"route": route, "rule": rule, **msgspec.to_builtins(tally)}
            for (route, rule), tally in trial.blocked.items()
        ],
        "rest": msgspec.to_builtins(trial.rest),
    }


def _amounts(terms: Programme, language: str) -> Callable[[int], str]:
    """Prints amounts of a programme; in minor units where the asset's scale is not known here."""
    try:
        asset = _STAND_IN if terms.asset == _STAND_IN.code else ISO4217.by_code(terms.asset)
    except AssetError:
        return lambda minor: f"{terms.asset} {minor} minor units"
    return lambda minor: (
        amount_text(language, Amount(minor, asset))
        if minor <= MAX_MINOR
        else f"{terms.asset} {minor} minor units"
    )
